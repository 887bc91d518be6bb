// The days that are shown, brought up to date: columns, cards, the list of what has no time, the table and the conflicts.
import { ask, PATIENCE } from "./asking.js";
import { base, formOf, isEditable, list, mark, part, root, state, table, texts } from "./page.js";
import { columnName } from "./times.js";

const HEADS = ["city", "house", "room"];

export async function load() {
  const query = new URLSearchParams(texts.query);
  query.set("q", document.getElementById("q").value);
  const answer = await ask(`day.json?${query}`);
  if (!answer.ok) throw new Error(String(answer.status));
  show(await answer.json());
  if (table.open) refreshTable();
  reloadConflicts();
}

// What day.json says; the page brings the first one along.
export function show(found) {
  const { calendar } = state;
  const focused = document.activeElement?.closest?.("[data-placement]")?.dataset.placement;
  state.number = found.number;
  state.resources = found.resources;
  calendar.setOption("timeZone", found.offset);
  calendar.setOption("resources", grouped(found.resources));
  calendar.setOption("events", found.events);
  showWaiting(found.unplaced, found.found);
  for (const tab of document.querySelectorAll(".timetable-days [data-day]")) {
    const count = found.counts[tab.dataset.day];
    if (count !== undefined) tab.querySelector(".chip-count").textContent = count;
  }
  for (const [position, form] of document.querySelectorAll("form[data-step]").entries()) {
    form.querySelector(".timetable-step").textContent = found.steps[position];
  }
  if (focused) requestAnimationFrame(() => root.querySelector(`[data-placement="${focused}"] a`)?.focus());
}

// Each column with how many columns its city, its house and its room take from here on; 0 where they began before.
function grouped(resources) {
  const keys = resources.map(({ id, extendedProps: { city, house } }) => [city, `${city}|${house}`, columnName(id)]);
  return resources.map((resource, at) => {
    const spans = HEADS.map((_head, level) => {
      const key = keys[at][level];
      if (at && keys[at - 1][level] === key) return 0;
      const end = keys.findIndex((each, position) => position > at && each[level] !== key);
      return (end < 0 ? keys.length : end) - at;
    });
    return { ...resource, extendedProps: { ...resource.extendedProps, spans } };
  });
}

// City and house stand once above all their columns, and stay in sight as long as one of them does.
export function columnHead({ resource }) {
  const props = resource.extendedProps;
  const names = { city: props.city, house: props.house, room: props.name };
  const head = part("timetable-head", "");
  for (const [level, kind] of HEADS.entries()) {
    if (!props.spans?.[level]) continue;
    const band = part(`timetable-band is-${kind}`, "");
    band.style.setProperty("--span", props.spans[level]);
    band.title = names[kind];
    band.append(part("timetable-stay", names[kind]));
    head.append(band);
  }
  return { domNodes: [head] };
}

// The table that the page came with is brought up to date when somebody looks at it.
export async function refreshTable() {
  const answer = await fetch(`${base}?${texts.query}`, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelectorAll("#as-table > :not(summary)");
  if (!fresh.length) return;
  for (const old of table.querySelectorAll(":scope > :not(summary)")) old.remove();
  table.append(...fresh);
}

async function reloadConflicts() {
  const panel = document.getElementById("conflicts");
  if (!panel) return;
  try {
    const answer = await fetch(panel.dataset.url, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok || answer.redirected) return;
    panel.innerHTML = await answer.text();
    markClashes();
  } catch {
    // The panel keeps what it said; the status line says that the connection is gone.
  }
}

export function markClashes() {
  const named = document.querySelectorAll("#conflicts [data-uids]");
  state.clashes = new Set([...named].flatMap((each) => each.dataset.uids.split(" ")));
  for (const card of root.querySelectorAll("[data-uid]")) mark(card);
}

function showWaiting(items, found) {
  list.replaceChildren(
    ...items.map((item) => {
      const line = document.createElement("li");
      Object.assign(line.dataset, { id: item.id, version: item.version, column: item.column });
      const link = part("", item.title, "a");
      link.href = formOf(item.id);
      link.draggable = false;
      line.append(link, " ", part("note", [item.code, item.place].filter(Boolean).join(", ")));
      if (isEditable) {
        const grip = part("timetable-grip", "⠿");
        grip.setAttribute("aria-hidden", "true"); // for fingers only; the link opens the form
        line.prepend(grip);
      }
      return line;
    }),
  );
  document.getElementById("waiting-count").textContent = found;
}
