// A card of the calendar: what stands on it, what a click opens, and how keys move it.
import { formOf, isEditable, mark, part, state, texts } from "./page.js";
import { queue, saveNow } from "./saving.js";
import { columnName, local, plus } from "./times.js";

export function content({ event, timeText }) {
  const props = event.extendedProps;
  const start = props.end_is_open ? `${timeText.split("–")[0].trim()} (${texts.textOpen})` : timeText;
  const time = event.allDay ? texts.textAllDay : start;
  // A link, since the calendar itself would make buttons of its articles, which HTML does not allow.
  const title = part("ec-event-title", event.title, "a");
  title.href = formOf(event.id);
  title.title = [event.title, time, props.place].filter(Boolean).join("\n"); // a short card cannot show all
  title.draggable = false;
  const nodes = [
    part("ec-event-time", time),
    title,
    part("timetable-access", [props.access, props.cancelled].filter(Boolean).join(", ")),
    part("timetable-more", [props.kind, props.field].filter(Boolean).join(", ")),
    part("visually-hidden", props.place),
  ];
  return { domNodes: nodes };
}

export function mounted({ el, event }) {
  if (event.display !== "auto") return;
  el.dataset.placement = event.id;
  el.dataset.uid = event.extendedProps.uid;
  mark(el);
  el.addEventListener("click", (click) => click.target.closest("a") ?? window.location.assign(el.querySelector("a").href));
  el.addEventListener("keydown", (press) => byKeyboard(event, press));
}

function byKeyboard(event, press) {
  if (!press.altKey || !press.key.startsWith("Arrow") || !isEditable || event.allDay) return;
  press.preventDefault();
  // After what was pressed before is saved and shown, so that each press goes on from there.
  queue(() => pressed(event.id, press));
}

async function pressed(id, press) {
  const now = state.calendar.getEventById(id);
  if (!now) return;
  const props = now.extendedProps;
  const minutes = { ArrowUp: -5, ArrowDown: 5 }[press.key] ?? 0;
  const change = { version: props.version, column: props.column };
  let [start, end] = [now.start, now.end];
  if (press.shiftKey) end = plus(end, minutes);
  else [start, end] = [plus(start, minutes), plus(end, minutes)];
  if (!minutes) {
    const places = [...new Set(state.resources.map((each) => columnName(each.id)))];
    const next = places.indexOf(props.column) + (press.key === "ArrowLeft" ? -1 : 1);
    if (next < 0 || next >= places.length) return;
    change.column = places[next];
  }
  const isOpen = props.end_is_open && !press.shiftKey;
  await saveNow(id, { ...change, starts_at: local(start), ends_at: isOpen ? null : local(end) });
}
