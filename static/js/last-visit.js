// What has changed since this reader was here last. Which release was seen last stays in this browser: nothing of it is sent but its number.
// <div data-since="address of changes.json" data-release="3" data-congress="slug" data-words="{…}">: a link to all changes, and a <details hidden>.
const place = document.querySelector("[data-since]");

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

function show(told, seen) {
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

async function compare() {
  const name = `congress ${place.dataset.congress} release`;
  const current = Number(place.dataset.release);
  const seen = () => localStorage.setItem(name, current);
  const last = Number(localStorage.getItem(name));
  // Nothing is known of a first visit; a higher number is of before the congress was made anew.
  if (!last || last > current) return seen();
  if (last === current) return;
  const answer = await fetch(`${place.dataset.since}&since=${last}`);
  const told = await answer.json();
  if (told.changes.length) show(told, seen);
  else seen();
}

// Where nothing may be kept, or there is no network, the link to all changes stays.
if (place) compare().catch(() => {});
