// What all parts of the timetable share: the element with its texts, what the page knows, and how it speaks.
export const root = document.getElementById("timetable");
export const texts = root.dataset;
export const base = texts.base;
export const list = document.getElementById("waiting-list");
export const table = document.getElementById("as-table");
export const isEditable = "editable" in texts;

export const state = {
  calendar: null,
  number: Number(texts.number), // of the draft that is shown
  resources: [],
  clashes: new Set(), // entries that the panel of conflicts names
  isDragging: false,
  isAway: false, // the connection is gone
  isSignedOut: false,
};

const said = document.getElementById("said");
const trouble = document.getElementById("trouble");

export function say(text) {
  said.textContent = text;
}

// What needs an answer stands in a box until it is settled. Sentences, then what can be done.
export function warn(sentences, ...actions) {
  const box = part("notice notice-warning", "", "div");
  const inside = document.createElement("div");
  inside.append(...sentences.filter(Boolean).map((text) => part("", text, "p")));
  for (const action of actions) inside.append(action, " ");
  box.append(inside);
  trouble.replaceChildren(box);
}

export function settle() {
  trouble.replaceChildren();
}

export function part(kind, text, name = "span") {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  element.textContent = text;
  return element;
}

// Where a card leads: its form, which comes back to the same days.
export function formOf(id) {
  return `${base}${id}/?${texts.query}`;
}

// Whether the panel of conflicts names the entry.
export function mark(card) {
  card.toggleAttribute("data-clash", state.clashes.has(card.dataset.uid));
  const line = card.querySelector(".ec-event-time");
  if (line) line.dataset.clash = texts.textClash;
}
