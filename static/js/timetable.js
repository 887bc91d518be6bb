// The timetable as a calendar with a column for each room. Without this file the page is a table with links to forms.
import "../vendor/event-calendar/event-calendar.min.js";
import { content, mounted } from "./timetable/cards.js";
import { carry } from "./timetable/carrying.js";
import { reactions } from "./timetable/dragging.js";
import { columnHead, load, markClashes, refreshTable, show } from "./timetable/loading.js";
import { isEditable, list, root, state, table, texts } from "./timetable/page.js";
import { poll, step } from "./timetable/saving.js";

const ZOOMS = [
  { slotDuration: "00:30", slotHeight: 24 },
  { slotDuration: "00:15", slotHeight: 24 },
  { slotDuration: "00:05", slotHeight: 20 },
];
const POLLED = 5000; // milliseconds between two questions what others did
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

// The calendar calls itself a table, whose cards no table may hold. The real table stands below it, and each card names its place.
function dropRoles() {
  for (const name of ["aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount", "aria-colspan", "aria-rowspan"]) {
    for (const each of root.querySelectorAll(`[${name}]`)) each.removeAttribute(name);
  }
  for (const each of root.querySelectorAll("[role=table], [role=rowgroup], [role=row], [role=columnheader], [role=cell]")) {
    each.removeAttribute("role");
  }
  for (const each of root.querySelectorAll(".ec-col-head > [aria-label]")) each.removeAttribute("aria-label"); // its text says it
}

// One day, or several side by side, each with its columns.
function view() {
  const days = Number(texts.length);
  const date = texts.first;
  if (days === 1) return { view: "resourceTimeGridDay", date };
  const header = { weekday: "long", day: "numeric", month: "long" };
  return {
    view: "resourceTimeGridWeek",
    views: { resourceTimeGridWeek: { duration: { days }, dayHeaderFormat: header, datesAboveResources: true } },
    date,
  };
}

// The calendar is told the congress's offset from the start: told later, where it is another day there than here, it would lose the cards.
function create(timeZone) {
  return EventCalendar.create(root, {
    ...view(),
    timeZone,
    locale: texts.locale,
    headerToolbar: { start: "", center: "", end: "" },
    allDayContent: texts.textAllDay,
    columnWidth: texts.length === "1" ? "9.5rem" : "8rem",
    height: "clamp(24rem, 85vh, 44rem)",
    slotMinTime: "07:00",
    slotMaxTime: "23:00",
    flexibleSlotTimeLimits: true,
    scrollTime: "08:00",
    snapDuration: "00:05",
    slotEventOverlap: false,
    nowIndicator: true,
    ...ZOOMS[1],
    slotLabelInterval: "01:00",
    slotLabelFormat: CLOCK,
    eventTimeFormat: CLOCK,
    editable: isEditable,
    eventStartEditable: isEditable,
    eventDurationEditable: isEditable,
    eventContent: content,
    resourceLabelContent: columnHead,
    eventDidMount: mounted,
    ...reactions,
  });
}

function listen() {
  table.addEventListener("toggle", () => table.open && refreshTable());
  list.addEventListener("pointerdown", carry);
  list.addEventListener("dragstart", (event) => event.preventDefault());
  const zoom = document.getElementById("zoom");
  zoom.addEventListener("change", () => {
    for (const [name, value] of Object.entries(ZOOMS[zoom.value])) state.calendar.setOption(name, value);
  });
  const colour = document.getElementById("colour");
  const paint = () => (root.dataset.colour = colour.value);
  colour.addEventListener("change", paint);
  paint();
  for (const form of document.querySelectorAll("form[data-step]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      step(form);
    });
  }
  const search = document.getElementById("q");
  let typing;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => load().catch(() => {}), 300);
  });
  search.form.addEventListener("submit", (event) => {
    event.preventDefault();
    load().catch(() => {});
  });
}

// Of several days the one that was chosen is in sight first.
function showChosen() {
  const { day } = Object.fromEntries(new URLSearchParams(texts.query));
  const days = Math.round((Date.parse(day) - Date.parse(texts.first)) / 86_400_000);
  if (days <= 0 || days >= Number(texts.length)) return;
  requestAnimationFrame(() => {
    const head = root.querySelectorAll(".ec-col-head")[days * state.resources.length];
    const main = root.querySelector(".ec-main");
    const edge = main.getBoundingClientRect().left + root.querySelector(".ec-sidebar").offsetWidth;
    main.scrollLeft += (head?.getBoundingClientRect().left ?? edge) - edge;
  });
}

// Columns without a card can fill a narrow page, which would then look empty: the first card is brought into sight.
function showFirst() {
  requestAnimationFrame(() => {
    const main = root.querySelector(".ec-main");
    const cards = [...root.querySelectorAll("[data-placement]")].map((card) => card.getBoundingClientRect().left);
    if (!cards.length || Math.min(...cards) < main.getBoundingClientRect().right - 40) return;
    main.scrollLeft += Math.min(...cards) - main.getBoundingClientRect().left - root.querySelector(".ec-sidebar").offsetWidth;
  });
}

function start() {
  root.hidden = false;
  document.querySelector(".timetable-days [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  document.getElementById("switches").hidden = false;
  table.open = window.matchMedia("(max-width: 30rem)").matches; // where a column fills the page, the list is the better way
  document.getElementById("timetable-keys").hidden = false;
  const first = JSON.parse(document.getElementById("timetable-first").textContent);
  state.calendar = create(first.offset);
  new MutationObserver(dropRoles).observe(root, { subtree: true, childList: true });
  dropRoles();
  listen();
  markClashes();
  show(first);
  if (texts.length === "1") showFirst();
  else showChosen();
  setInterval(poll, POLLED);
}

if (typeof EventCalendar !== "undefined") start();
