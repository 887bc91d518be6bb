// The programme keeps itself true: what goes on now, what has changed since the last visit, what the device keeps and finds in it.
import { fold } from "./site.js";

// ---- Each minute what is going on and what comes next is fetched anew, and the lines that are going on are marked. ----
// <div data-refresh="address">…</div>; <template data-now-mark>…</template>; lines are .entry with one or two <time datetime>.
const OPEN_END = 3 * 3600 * 1000; // as in congress/programme/moments.py

function isRunning(entry, at) {
  const [start, end] = [...entry.querySelectorAll(".entry-time time")].map((time) => Date.parse(time.dateTime));
  return Boolean(start) && start <= at && at < (end || start + OPEN_END) && !entry.classList.contains("is-cancelled");
}

function mark(at = Date.now()) {
  const sign = document.querySelector("template[data-now-mark]");
  if (!sign) return;
  for (const entry of document.querySelectorAll(".timetable > .entry")) {
    const running = isRunning(entry, at);
    if (entry.classList.contains("is-now") === running) continue;
    entry.classList.toggle("is-now", running);
    if (running) entry.querySelector(".entry-marks")?.prepend(sign.content.cloneNode(true));
    else entry.querySelector(".entry-marks .badge-now")?.remove();
  }
}

async function refresh(place) {
  // Who reads in it with the keyboard is not thrown out of it.
  if (document.hidden || place.contains(document.activeElement)) return;
  try {
    const answer = await fetch(place.dataset.refresh, { signal: AbortSignal.timeout(10000) });
    if (answer.ok) place.innerHTML = await answer.text();
  } catch {
    // Without a network the hour beside “Now” says how old it is.
  }
}

function tick() {
  mark();
  document.querySelectorAll("[data-refresh]").forEach(refresh);
}

if (document.querySelector("template[data-now-mark], [data-refresh]")) {
  mark();
  setInterval(tick, 60000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}

// ---- What has changed since this reader was here last. Which release was seen last stays in this browser. ----
// <div data-since="address of changes.json" data-release="3" data-congress="slug" data-words="{…}">: a link to all changes, and a <details hidden>.
function element(name, text, attributes = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...attributes });
}

function described(change, words) {
  const item = element("li", "");
  item.append(element("a", change.title, { href: change.url }), ` (${change.kinds.map((kind) => words[kind]).join(", ")})`);
  for (const name of ["title", "when", "where"]) {
    const was = change.was?.[name];
    if (was === undefined) continue;
    const line = element("p", "");
    line.append(element("del", was || "–"), " → ", element("ins", change[name] || "–"));
    item.append(line);
  }
  return item;
}

function showChanges(place, told, seen) {
  const words = JSON.parse(place.dataset.words);
  const details = place.querySelector("details");
  details.querySelector("[data-number]").textContent = told.all;
  details.querySelector("ul").replaceChildren(...told.changes.map((change) => described(change, words)));
  details.querySelector("button").addEventListener("click", () => {
    seen();
    details.hidden = true;
    place.querySelector("[data-all]").hidden = false;
    place.querySelector("[data-all] a").focus();
  });
  place.querySelector("[data-all]").hidden = true;
  details.hidden = false;
}

async function compare(place) {
  const name = `congress ${place.dataset.congress} release`;
  const current = Number(place.dataset.release);
  const seen = () => localStorage.setItem(name, current);
  const last = Number(localStorage.getItem(name));
  // Nothing is known of a first visit; a higher number is of before the congress was made anew.
  if (!last || last > current) return seen();
  if (last === current) return;
  const answer = await fetch(`${place.dataset.since}&since=${last}`);
  const told = await answer.json();
  if (told.changes.length) showChanges(place, told, seen);
  else seen();
}

const since = document.querySelector("[data-since]");
// Where nothing may be kept, or there is no network, the link to all changes stays.
if (since) compare(since).catch(() => {});

// ---- The browser keeps the programme of the congress: <meta name="service-worker" content="address of its script">. ----
async function keep(address) {
  const registration = await navigator.serviceWorker.register(address);
  await navigator.serviceWorker.ready;
  // Pages of more items than those that come first: only while nothing else goes on, and not for those who save data.
  const more = () => registration.active?.postMessage("more");
  if (!navigator.connection?.saveData) (window.requestIdleCallback ?? setTimeout)(more);
}

const worker = document.querySelector('meta[name="service-worker"]')?.content;
if (worker && "serviceWorker" in navigator) {
  // Private windows and strict settings refuse: then the programme is read over the network, as before.
  const begin = () => keep(worker).catch(() => {});
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
}

// ---- A copy on the device answers filters for which there is none: what does not match is hidden. ----
// <script type="application/json" data-facets> holds {"given": the copy's own filter, "entries": {code: {city: […], …, words: "folded"}}}.
function fits(facets, asked) {
  return Object.entries(asked).every(([name, value]) =>
    name === "q" ? fold(value).split(/\s+/).every((word) => facets.words.includes(word)) : (facets[name] ?? []).includes(value),
  );
}

function narrow({ given, entries }) {
  const names = ["city", "venue", "field", "kind", "language", "q"];
  const parameters = new URLSearchParams(location.search);
  const asked = Object.fromEntries(names.map((name) => [name, parameters.get(name)?.trim()]).filter(([, value]) => value));
  if (parameters.get("open")) asked.open = "1";
  const day = parameters.get("day") === "all" ? "" : parameters.get("day") ?? "";
  const isCopyOf = Object.keys({ ...asked, ...given }).every((name) => name === "day" || asked[name] === given[name]);
  if (isCopyOf && day === (given.day ?? "")) return;

  const found = new Set();
  const hides = (line) => {
    const code = decodeURIComponent(line.querySelector("h3 a, h4 a").pathname.split("/").pop());
    const hidden = !fits(entries[code] ?? { words: "" }, asked);
    if (!hidden) found.add(code);
    line.hidden = hidden;
    return hidden;
  };
  for (const title of document.querySelectorAll(".day-title")) {
    const section = title.closest("section");
    section.hidden = day !== "" && title.id !== `day-${day}`;
    if (section.hidden) continue;
    const lines = [...section.querySelectorAll(".timetable > .entry")];
    for (const line of lines) {
      const tracks = [...line.querySelectorAll(".track")];
      const left = tracks.filter((track) => !hides(track));
      if (!tracks.length) hides(line);
      else line.hidden = left.length === 0;
      // Chips and the line of a fold speak of all meetings: what is left stands open instead.
      if (left.length < tracks.length) {
        line.querySelectorAll(".band-fields, .parallel > summary").forEach((each) => (each.hidden = true));
        line.querySelectorAll(".parallel").forEach((each) => (each.open = true));
      }
    }
    section.hidden = lines.every((line) => line.hidden);
  }
  const form = document.querySelector(".filters-form");
  for (const [name, value] of Object.entries(asked)) if (form?.elements[name]) form.elements[name].value = value;
  const said = document.querySelector("[data-narrowed]");
  said.querySelector("[data-number]").textContent = found.size;
  document.querySelector(".programme-found").hidden = true;
  said.hidden = false;
}

const facets = document.querySelector("script[data-facets]");
if (facets) narrow(JSON.parse(facets.textContent));
