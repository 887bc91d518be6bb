// Dragging a card in the calendar: where it is let go, and what it would run into there.
import { PATIENCE } from "./asking.js";
import { root, say, state, texts } from "./page.js";
import { save } from "./saving.js";
import { columnName, local, onDay } from "./times.js";

let target = null; // what lies under the pointer at the end of a drag, outside the calendar
let trying;
let tried = "";

export function within(element, x, y) {
  const box = element?.getBoundingClientRect();
  return Boolean(box && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom);
}

export function tabAt(x, y) {
  return document.elementsFromPoint(x, y).map((each) => each.closest(".timetable-days [data-day]")).find(Boolean);
}

// The click that ends a drag is not meant for the link under it.
export function swallowClick() {
  const swallow = (click) => {
    click.preventDefault();
    click.stopPropagation();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}

function begin() {
  state.isDragging = true;
}

function end() {
  state.isDragging = false;
  clearTimeout(trying);
  tried = "";
  swallowClick();
}

function dragStop({ jsEvent: { clientX: x, clientY: y } }) {
  end();
  const tab = tabAt(x, y);
  const isOverList = within(document.getElementById("waiting"), x, y);
  target = tab ? { day: tab.dataset.day } : isOverList ? { list: true } : within(root, x, y) ? null : { nowhere: true };
}

function dropped(info) {
  const { event, revert } = info;
  const props = event.extendedProps;
  const change = {
    version: props.version,
    column: props.column,
    starts_at: local(event.start),
    ends_at: props.end_is_open ? null : local(event.end),
  };
  if (target?.nowhere) {
    revert();
    say(texts.textNothing);
  } else if (target?.list) {
    revert();
    save(event.id, { ...change, starts_at: null, ends_at: null, day: null });
  } else if (target?.day) {
    revert();
    save(event.id, { ...change, ...onDay(info.oldEvent, target.day, props.end_is_open) });
  } else if (info.newResource && props.other && columnName(info.oldResource.id) === props.other) {
    revert();
    say(texts.textTransfer);
  } else {
    if (info.newResource) change.column = columnName(info.newResource.id);
    if (change.column === props.column && local(info.oldEvent.start) === local(event.start)) revert();
    else save(event.id, change, revert);
  }
}

function resized({ event, revert }) {
  const { version, column } = event.extendedProps;
  save(event.id, { version, column, starts_at: local(event.start), ends_at: local(event.end) }, revert);
}

// While something is dragged, the panel says what it would run into there.
function tryPlace(event, column) {
  if (!texts.try) return;
  const query = new URLSearchParams({
    placement: event.id,
    start: local(event.start),
    end: local(event.end),
    room: columnName(column),
  });
  if (query.toString() === tried) return;
  tried = query.toString();
  clearTimeout(trying);
  trying = setTimeout(async () => {
    const asked = tried;
    try {
      const answer = await fetch(`${texts.try}?${asked}`, { signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok && !answer.redirected && asked === tried) {
        document.getElementById("conflicts").innerHTML = await answer.text();
      }
    } catch {
      // Only a help: the save itself says when the connection is gone.
    }
  }, 150);
}

// What the calendar is to do at each turn of a drag.
export const reactions = {
  eventDragStart: begin,
  eventResizeStart: begin,
  eventDragStop: dragStop,
  eventResizeStop: end,
  eventDrop: dropped,
  eventResize: resized,
  dragConstraint: ({ event, newResource }) => {
    tryPlace(event, newResource?.id ?? event.extendedProps.column);
    return true;
  },
  resizeConstraint: ({ event }) => {
    tryPlace(event, event.extendedProps.column);
    return true;
  },
};
