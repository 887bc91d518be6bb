// Small helps on top of pages that work without them; every page loads this file, and each part looks whether there is work for it.

// ---- A long select becomes a field to type in: "lodz" finds "Łódź". The select stays in the form and is what is sent. ----
const VENDOR = new URL("../vendor/accessible-autocomplete/", import.meta.url);

// Letters that Unicode does not take apart into a letter and a mark.
const WHOLE = { ł: "l", ø: "o", đ: "d", ð: "d", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th" };

export function fold(text) {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[łøđðıßæœþ]/g, (letter) => WHOLE[letter]);
}

// Every word typed must be somewhere in the text.
function matches(text, query) {
  const folded = fold(text);
  return fold(query).split(/\s+/).every((word) => folded.includes(word));
}

function load(tag, attributes, place) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes, { onload: resolve, onerror: reject });
    place(element);
  });
}

function makeSearchable(select) {
  const { id } = select;
  const described = select.getAttribute("aria-describedby");
  const invalid = select.getAttribute("aria-invalid");
  const texts = select.dataset;
  const options = [...select.options].filter((option) => option.value);
  const chosen = () => select.selectedOptions[0];
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    showAllValues: true,
    autoselect: false,
    defaultValue: select.value ? chosen().text : "",
    inputClasses: "form-control",
    source(query, show) {
      const all = !query || query === chosen()?.text;
      show(options.filter((o) => all || matches(`${o.text} ${o.dataset.search ?? ""}`, query)).map((o) => o.text));
    },
    onConfirm(text) {
      const option = options.find((o) => o.text === text);
      if (!option) return;
      option.selected = true;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    },
    tNoResults: () => texts.textNone,
    tStatusNoResults: () => texts.textNone,
    tStatusQueryTooShort: () => "",
    tStatusResults: (length, option) => `${texts.textResults} ${length}. ${option}`,
    tStatusSelectedOption: (option, length, index) => `${option} ${index + 1}/${length}`,
    tAssistiveHint: () => texts.textHint,
  });
  const input = document.getElementById(id);
  if (described) input.setAttribute("aria-describedby", `${described} ${input.getAttribute("aria-describedby") ?? ""}`);
  if (invalid) input.setAttribute("aria-invalid", invalid);
  // An emptied or unknown text must not leave an older choice behind it.
  input.addEventListener("blur", () => {
    if (input.value !== chosen()?.text && !options.some((o) => o.text === input.value)) select.value = "";
  });
}

async function makeAllSearchable(selects) {
  const first = document.querySelector('link[rel="stylesheet"]');
  try {
    await Promise.all([
      load("script", { src: new URL("accessible-autocomplete.min.js", VENDOR).href }, (e) => document.head.append(e)),
      load("link", { rel: "stylesheet", href: new URL("accessible-autocomplete.min.css", VENDOR).href }, (e) => first.before(e)),
    ]);
  } catch {
    return; // not built: the browser's own select does
  }
  selects.forEach(makeSearchable);
}

// ---- Buttons that copy: <button hidden data-copy="text" data-copied="Copied" data-failed="…">. Each says aloud what it did. ----
async function copy(button, said) {
  said.textContent = "";
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    said.textContent = button.dataset.copied;
  } catch {
    said.textContent = button.dataset.failed;
  }
}

function makeCopying(button) {
  const said = document.createElement("span");
  said.className = "copy-said";
  said.setAttribute("role", "status");
  button.after(said);
  button.hidden = false;
  button.addEventListener("click", () => copy(button, said));
}

// ---- Questions asked only after a certain answer: <div data-shown-if="name of the field" data-shown-value="one or several values">. ----
// Without this all of them stand there with a note that says when they are asked; the server looks at the answers again.
function answersTo(form, name) {
  const controls = [...form.elements].filter((each) => each.name === name && !each.closest("[data-shown-if][hidden]"));
  return controls
    .filter((each) => (each.type === "radio" || each.type === "checkbox" ? each.checked : true))
    .map((each) => each.value);
}

function showWhatIsAsked(form) {
  // In the order of the page, so that what a hidden question would show is hidden too.
  for (const part of form.querySelectorAll("[data-shown-if]")) {
    const wanted = part.dataset.shownValue.split(" ");
    part.hidden = !answersTo(form, part.dataset.shownIf).some((value) => wanted.includes(value));
  }
}

function makeConditional(form) {
  for (const note of form.querySelectorAll("[data-condition]")) note.hidden = true;
  form.addEventListener("change", () => showWhatIsAsked(form));
  showWhatIsAsked(form);
}

// ---- Beside each time of the congress's zone, the reader's own, where the two differ. ----
// <time datetime="2018-06-12T07:00:00+00:00" data-local-time>09:00</time>; <span data-reader-zone="Europe/Warsaw" data-text="…" hidden>
const language = document.documentElement.lang;

function clock(instant, timeZone) {
  return new Intl.DateTimeFormat(language === "pl" ? "pl" : "en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(instant);
}

function day(instant, timeZone) {
  return new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone }).format(instant);
}

function addOwnTimes(note) {
  const congress = note.dataset.readerZone;
  const reader = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (reader === congress) return;
  let differs = false;
  for (const time of document.querySelectorAll("time[data-local-time]")) {
    const instant = new Date(time.dateTime);
    if (clock(instant, congress) === clock(instant, reader) && day(instant, congress) === day(instant, reader)) continue;
    differs = true;
    const other = document.createElement("span");
    other.className = "local-time";
    const weekday = day(instant, congress) === day(instant, reader)
      ? ""
      : new Intl.DateTimeFormat(language, { weekday: "short", timeZone: reader }).format(instant) + " ";
    other.textContent = ` (${weekday}${clock(instant, reader)})`;
    time.closest(".entry-time, p")?.append(other);
  }
  if (differs) {
    note.textContent = note.dataset.text;
    note.hidden = false;
  }
}

// ---- What is sent once is not sent twice, and what takes long says so: every form, as it is sent. ----
// <main data-working="One moment"> holds the words. A file in answer (<form data-gives-file>, or one that asks by GET) leaves the page as it is.
const LONG = 700; // ms until something is said
const STUCK = 120000; // ms until a button whose answer never came may be pressed again

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll(".is-working").forEach((button) => button.classList.remove("is-working"));
  form.querySelectorAll(".working-said").forEach((said) => said.remove());
}

function sayWorking(form, button) {
  if (!form.dataset.sent) return;
  const said = document.createElement("span");
  said.className = "working-said";
  said.setAttribute("role", "status");
  button.after(said);
  button.classList.add("is-working");
  setTimeout(() => (said.textContent = document.querySelector("main").dataset.working), 50); // a part that is new with its words is not read out
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.closest("main")) return; // another script sends it
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  const button = event.submitter ?? form.querySelector("[type=submit]");
  if (button) setTimeout(sayWorking, LONG, form, button);
  setTimeout(release, form.method === "get" || "givesFile" in form.dataset ? 4000 : STUCK, form);
});
// Who comes back to a page that the browser has kept finds its forms as before.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

const searchable = document.querySelectorAll("select[data-searchable]");
if (searchable.length) makeAllSearchable(searchable);
document.querySelectorAll("[data-copy]").forEach(makeCopying);
new Set([...document.querySelectorAll("[data-shown-if]")].map((each) => each.closest("form"))).forEach(makeConditional);
const zoneNote = document.querySelector("[data-reader-zone]");
if (zoneNote) addOwnTimes(zoneNote);

// After a refused form the summary of errors is read first.
document.querySelector("[data-focus]")?.focus();
