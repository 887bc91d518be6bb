// Carrying something out of the list of what has no time: into the calendar, or to a day.
import { swallowClick, tabAt, within } from "./dragging.js";
import { isEditable, part, root, say, state, texts } from "./page.js";
import { save } from "./saving.js";
import { columnName, local, plus, rounded } from "./times.js";

const SLACK = 5; // pixels that a press may tremble
const LENGTH = 60; // minutes that something has at first

export function carry(down) {
  const line = down.target.closest("li[data-id]");
  if (!line || down.button !== 0 || !isEditable) return;
  // A finger on the line scrolls the page; on the grip it carries.
  if (down.pointerType === "touch" && !down.target.closest(".timetable-grip")) return;
  state.isDragging = true; // what is pressed must not be drawn anew
  let ghost = null;
  const stop = new AbortController();
  const follow = (event) => {
    if (!ghost && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > SLACK) {
      ghost = part("timetable-ghost", line.querySelector("a").textContent, "div");
      document.body.append(ghost);
    }
    if (ghost) ghost.style.transform = `translate(${event.clientX + 8}px, ${event.clientY + 8}px)`;
  };
  const end = (event) => {
    stop.abort();
    state.isDragging = false;
    if (!ghost) return;
    ghost.remove();
    swallowClick();
    if (event.type === "pointerup") letGo(line, event.clientX, event.clientY);
  };
  for (const [name, react] of [["pointermove", follow], ["pointerup", end], ["pointercancel", end]]) {
    window.addEventListener(name, react, { signal: stop.signal });
  }
}

function letGo(line, x, y) {
  const { id, version, column } = line.dataset;
  const tab = tabAt(x, y);
  const point = within(root, x, y) ? state.calendar.dateFromPoint(x, y) : null;
  if (tab) {
    save(id, { version: Number(version), column, starts_at: null, ends_at: null, day: tab.dataset.day });
  } else if (point?.resource && !point.allDay) {
    const start = rounded(point.date);
    const times = { starts_at: local(start), ends_at: local(plus(start, LENGTH)) };
    save(id, { version: Number(version), column: columnName(point.resource.id), ...times });
  } else {
    say(texts.textNothing);
  }
}
