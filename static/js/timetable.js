// The timetable as a calendar with a column for each room. Without this file the page is a table with links to forms.
const root = document.getElementById("timetable");
const texts = root.dataset;
const base = texts.base;
const city = texts.city;
const headers = { "X-CSRFToken": texts.token, Accept: "application/json" };
const ZOOMS = [
  { slotDuration: "00:30", slotHeight: 24 },
  { slotDuration: "00:15", slotHeight: 24 },
  { slotDuration: "00:05", slotHeight: 20 },
];
const PATIENCE = 10_000; // milliseconds that a save may take

let number = Number(texts.number);
let day = texts.day;
let calendar;
let resources = [];
let isDragging = false;
let isAway = false;
let pending = Promise.resolve();

const said = document.getElementById("said");
const trouble = document.getElementById("trouble");

function say(text) {
  said.textContent = text;
}

function pad(value) {
  return String(value).padStart(2, "0");
}

// The calendar's dates carry the time of day of the congress in the local fields.
function local(date) {
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

function plus(date, minutes) {
  return new Date(date.getTime() + minutes * 60_000);
}

function rounded(date) {
  return new Date(Math.floor(date.getTime() / 300_000) * 300_000);
}

// The place behind a column: what has no room stands in several lanes (“venue-3~2”).
function columnName(id) {
  const [place] = id.split("~");
  return place === "nowhere" ? "" : place;
}

function within(element, x, y) {
  const box = element?.getBoundingClientRect();
  return Boolean(box && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom);
}

function tabAt(x, y) {
  return document.elementsFromPoint(x, y).map((each) => each.closest("[data-day]:not(#timetable)")).find(Boolean);
}

// ---- Asking and saving ----
async function ask(path, options = {}) {
  return fetch(base + path, { headers, signal: AbortSignal.timeout(PATIENCE), ...options });
}

async function load() {
  const query = new URLSearchParams({ day, city, q: document.getElementById("q").value });
  const answer = await ask(`day.json?${query}`);
  if (!answer.ok) throw new Error(String(answer.status));
  const found = await answer.json();
  number = found.number;
  const focused = document.activeElement?.closest?.("[data-placement]")?.dataset.placement;
  resources = found.resources;
  calendar.setOption("timeZone", found.offset);
  calendar.setOption("resources", found.resources);
  calendar.setOption("events", found.events);
  showWaiting(found.unplaced, found.found);
  for (const tab of document.querySelectorAll(".timetable-days [data-day]")) {
    const count = found.counts[tab.dataset.day];
    if (count !== undefined) tab.querySelector(".chip-count").textContent = count;
  }
  if (focused) requestAnimationFrame(() => root.querySelector(`[data-placement="${focused}"] a`)?.focus());
  if (table.open) refreshTable();
  reloadConflicts();
}

// The table that the page came with is brought up to date when somebody looks at it.
const table = document.getElementById("as-table");

async function refreshTable() {
  const query = new URLSearchParams({ day, city });
  const answer = await fetch(`${base}?${query}`, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#as-table > :not(summary)");
  table.querySelector(":scope > :not(summary)")?.replaceWith(fresh);
}

async function reloadConflicts() {
  const panel = document.getElementById("conflicts");
  if (!panel) return;
  try {
    const answer = await fetch(panel.dataset.url, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) return;
    panel.innerHTML = await answer.text();
    const clashes = new Set([...panel.querySelectorAll("[data-uids]")].flatMap((each) => each.dataset.uids.split(" ")));
    for (const each of root.querySelectorAll("[data-uid]")) {
      const line = each.querySelector(".timetable-more");
      each.toggleAttribute("data-clash", clashes.has(each.dataset.uid));
      if (line) line.dataset.clash = texts.textClash;
    }
  } catch {
    // The panel keeps what it said; the status line says that the connection is gone.
  }
}

// One save after the other, so that a second drag of the same entry carries the version that the first one made.
function save(id, change, revert = () => {}) {
  pending = pending.catch(() => {}).then(() => saveNow(id, change, revert));
  return pending;
}

// What a version became by a save of this page: a drag that began before its answer was shown is not a stale one.
const replaced = new Map();

async function saveNow(id, change, revert) {
  let answer;
  while (replaced.has(`${id} ${change.version}`)) change = { ...change, version: replaced.get(`${id} ${change.version}`) };
  try {
    answer = await ask(`${id}/move`, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(change),
    });
  } catch {
    revert();
    say(texts.textOffline);
    isAway = true;
    return;
  }
  const told = (answer.headers.get("Content-Type") ?? "").startsWith("application/json") ? await answer.json() : {};
  if (answer.ok) {
    trouble.replaceChildren();
    if (told.version !== change.version) replaced.set(`${id} ${change.version}`, told.version);
  } else {
    revert();
    explain(id, change, told, answer.status);
  }
  await load().catch(() => {});
  say(answer.ok ? `${told.said}. ${texts.textMoved}` : "");
}

// Why something was not saved, and after somebody else's change the choice to do it all the same.
function explain(id, change, told, status) {
  const box = document.createElement("div");
  box.className = "notice notice-warning";
  const inside = document.createElement("div");
  for (const text of [told.error ?? texts.textRefused, told.changed]) {
    if (!text) continue;
    const line = document.createElement("p");
    line.textContent = text;
    inside.append(line);
  }
  if (status === 409 && told.version) {
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn btn-secondary";
    again.textContent = texts.textAgain;
    again.addEventListener("click", () => save(id, { ...change, version: told.version }));
    const leave = document.createElement("button");
    leave.type = "button";
    leave.className = "btn btn-link";
    leave.textContent = texts.textLeave;
    leave.addEventListener("click", () => trouble.replaceChildren());
    inside.append(again, " ", leave);
  }
  box.append(inside);
  trouble.replaceChildren(box);
}

async function step(form) {
  try {
    const answer = await ask(form.dataset.step, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const told = await answer.json();
    say(told.said ?? [told.error, told.changed].filter(Boolean).join(" "));
    await load();
  } catch {
    say(texts.textOffline);
  }
}

// ---- What others do ----
async function poll() {
  if (document.hidden || isDragging) return;
  try {
    const answer = await ask(`changes.json?since=${number}`);
    if (isAway) {
      isAway = false;
      say(texts.textBack);
      await load();
    }
    if (answer.status !== 200) return;
    const found = await answer.json();
    const others = found.changes.filter((each) => !each.is_own);
    await load();
    if (others.length) say(others.map((each) => each.said).join(" "));
  } catch {
    if (!isAway) say(texts.textGone);
    isAway = true;
  }
}

// ---- Dragging in the calendar ----
let target = null; // what lies under the pointer at the end of a drag, outside the calendar

function dragStop(info) {
  isDragging = false;
  stopTrying();
  swallowClick();
  const { clientX: x, clientY: y } = info.jsEvent;
  const tab = tabAt(x, y);
  const isOverList = within(document.getElementById("waiting"), x, y);
  target = tab ? { day: tab.dataset.day } : isOverList ? { list: true } : within(root, x, y) ? null : { nowhere: true };
}

function dropped(info) {
  const { event, revert } = info;
  const props = event.extendedProps;
  const change = { version: props.version, column: props.column, starts_at: local(event.start), ends_at: props.end_is_open ? null : local(event.end) };
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

function onDay(event, to, isOpen) {
  const length = event.end.getTime() - event.start.getTime();
  const [year, month, date] = to.split("-").map(Number);
  const start = new Date(year, month - 1, date, event.start.getHours(), event.start.getMinutes());
  return { starts_at: local(start), ends_at: isOpen ? null : local(new Date(start.getTime() + length)) };
}

function resized(info) {
  const { event, revert } = info;
  const { version, column } = event.extendedProps;
  save(event.id, { version, column, starts_at: local(event.start), ends_at: local(event.end) }, revert);
}

// While something is dragged, the panel says what it would run into there.
let trying;
let tried = "";

function tryPlace(event, column) {
  if (!texts.try) return;
  const query = new URLSearchParams({ placement: event.id, start: local(event.start), end: local(event.end), room: columnName(column) });
  if (query.toString() === tried) return;
  tried = query.toString();
  clearTimeout(trying);
  trying = setTimeout(async () => {
    const asked = tried;
    try {
      const answer = await fetch(`${texts.try}?${asked}`, { signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok && asked === tried) document.getElementById("conflicts").innerHTML = await answer.text();
    } catch {
      // Only a help: the save itself says when the connection is gone.
    }
  }, 150);
}

function stopTrying() {
  clearTimeout(trying);
  tried = "";
}

// ---- The list of what has no time ----
const list = document.getElementById("waiting-list");

function showWaiting(items, found) {
  list.replaceChildren(
    ...items.map((item) => {
      const line = document.createElement("li");
      Object.assign(line.dataset, { id: item.id, version: item.version, column: item.column });
      const link = document.createElement("a");
      link.href = `${base}${item.id}/?day=${day}`;
      link.textContent = item.title;
      link.draggable = false;
      const note = document.createElement("span");
      note.className = "note";
      note.textContent = [item.code, item.place].filter(Boolean).join(", ");
      line.append(link, " ", note);
      return line;
    }),
  );
  document.getElementById("waiting-count").textContent = found;
}

function carry(down) {
  const line = down.target.closest("li[data-id]");
  if (!line || down.button !== 0 || !("editable" in texts)) return;
  let ghost = null;
  const stop = new AbortController();
  const follow = (event) => {
    if (!ghost && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > 5) {
      isDragging = true;
      ghost = document.createElement("div");
      ghost.className = "timetable-ghost";
      ghost.textContent = line.querySelector("a").textContent;
      document.body.append(ghost);
    }
    if (ghost) ghost.style.transform = `translate(${event.clientX + 8}px, ${event.clientY + 8}px)`;
  };
  const end = (event) => {
    stop.abort();
    if (!ghost) return;
    ghost.remove();
    isDragging = false;
    swallowClick();
    if (event.type === "pointerup") letGo(line, event.clientX, event.clientY);
  };
  for (const [name, react] of [["pointermove", follow], ["pointerup", end], ["pointercancel", end]]) {
    window.addEventListener(name, react, { signal: stop.signal });
  }
}

// The click that ends a drag is not meant for the link under it.
function swallowClick() {
  const swallow = (click) => {
    click.preventDefault();
    click.stopPropagation();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}

function letGo(line, x, y) {
  const { id, version, column } = line.dataset;
  const tab = tabAt(x, y);
  const point = within(root, x, y) ? calendar.dateFromPoint(x, y) : null;
  if (tab) {
    save(id, { version: Number(version), column, starts_at: null, ends_at: null, day: tab.dataset.day });
  } else if (point?.resource && !point.allDay) {
    const start = rounded(point.date);
    save(id, { version: Number(version), column: columnName(point.resource.id), starts_at: local(start), ends_at: local(plus(start, 60)) });
  } else {
    say(texts.textNothing);
  }
}

// ---- Cards ----
function part(kind, text, name = "span") {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  element.textContent = text;
  return element;
}

function content({ event, timeText }) {
  const props = event.extendedProps;
  const time = props.end_is_open ? `${timeText.split("–")[0].trim()} (${texts.textOpen})` : timeText;
  // A link, since the calendar itself would make buttons of its articles, which HTML does not allow.
  const title = part("ec-event-title", event.title, "a");
  title.href = `${base}${event.id}/?day=${day}`;
  title.draggable = false;
  if (event.display === "auto") title.setAttribute("aria-describedby", "timetable-keys");
  const nodes = [
    part("ec-event-time", event.allDay ? texts.textAllDay : time),
    title,
    part("timetable-access", [props.access, props.cancelled].filter(Boolean).join(", ")),
    part("timetable-more", [props.kind, props.field].filter(Boolean).join(", ")),
    part("visually-hidden", props.place),
  ];
  return { domNodes: nodes };
}

function columnHead({ resource }) {
  const { name, house, city: town } = resource.extendedProps;
  return { domNodes: [part("timetable-city", town), part("timetable-house", house), part("timetable-room", name)] };
}

function byKeyboard(event, press) {
  if (!press.altKey || !press.key.startsWith("Arrow") || !("editable" in texts) || event.allDay) return;
  press.preventDefault();
  // After what was pressed before is saved and shown, so that each press goes on from there.
  pending = pending.catch(() => {}).then(() => pressed(event.id, press));
}

async function pressed(id, press) {
  const now = calendar.getEventById(id);
  if (!now) return;
  const props = now.extendedProps;
  const minutes = { ArrowUp: -5, ArrowDown: 5 }[press.key] ?? 0;
  const change = { version: props.version, column: props.column };
  let [start, end] = [now.start, now.end];
  if (press.shiftKey) end = plus(end, minutes);
  else [start, end] = [plus(start, minutes), plus(end, minutes)];
  if (!minutes) {
    const places = [...new Set(resources.map((each) => columnName(each.id)))];
    const next = places.indexOf(props.column) + (press.key === "ArrowLeft" ? -1 : 1);
    if (next < 0 || next >= places.length) return;
    change.column = places[next];
  }
  const isOpen = props.end_is_open && !press.shiftKey;
  await saveNow(id, { ...change, starts_at: local(start), ends_at: isOpen ? null : local(end) }, () => {});
}

function mounted({ el, event }) {
  if (event.display !== "auto") return;
  el.dataset.placement = event.id;
  el.dataset.uid = event.extendedProps.uid;
  el.addEventListener("click", (click) => click.target.closest("a") ?? window.location.assign(el.querySelector("a").href));
  el.addEventListener("keydown", (press) => byKeyboard(event, press));
}

// The calendar calls itself a table, whose cards no table may hold. The real table stands below it, and each card names its place.
function dropRoles() {
  for (const name of ["aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount", "aria-colspan", "aria-rowspan"]) {
    for (const each of root.querySelectorAll(`[${name}]`)) each.removeAttribute(name);
  }
  for (const each of root.querySelectorAll("[role=table], [role=rowgroup], [role=row], [role=columnheader], [role=cell]")) {
    each.removeAttribute("role");
  }
}

function start() {
  root.hidden = false;
  document.querySelector(".timetable-days [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  document.getElementById("switches").hidden = false;
  table.open = false;
  table.addEventListener("toggle", () => table.open && refreshTable());
  const help = part("note", texts.textKeys, "p");
  help.id = "timetable-keys";
  root.after(help);
  const isEditable = "editable" in texts;
  calendar = window.EventCalendar.create(root, {
    view: "resourceTimeGridDay",
    date: day,
    locale: texts.locale,
    headerToolbar: { start: "", center: "", end: "" },
    allDayContent: texts.textAllDay,
    columnWidth: "9.5rem",
    height: "44rem",
    slotMinTime: "07:00",
    slotMaxTime: "23:00",
    flexibleSlotTimeLimits: true,
    scrollTime: "08:00",
    snapDuration: "00:05",
    slotEventOverlap: false,
    nowIndicator: true,
    ...ZOOMS[1],
    slotLabelInterval: "01:00",
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    eventTimeFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    editable: isEditable,
    eventStartEditable: isEditable,
    eventDurationEditable: isEditable,
    eventContent: content,
    resourceLabelContent: columnHead,
    eventDidMount: mounted,
    eventDragStart: () => {
      isDragging = true;
    },
    eventResizeStart: () => {
      isDragging = true;
    },
    eventDragStop: dragStop,
    eventResizeStop: () => {
      swallowClick();
      isDragging = false;
      stopTrying();
    },
    eventDrop: dropped,
    eventResize: resized,
    dragConstraint: (info) => {
      tryPlace(info.event, info.newResource?.id ?? info.event.extendedProps.column);
      return true;
    },
    resizeConstraint: (info) => {
      tryPlace(info.event, info.event.extendedProps.column);
      return true;
    },
  });
  new MutationObserver(dropRoles).observe(root, { subtree: true, childList: true });
  dropRoles();
  list.addEventListener("pointerdown", carry);
  list.addEventListener("dragstart", (event) => event.preventDefault());
  const zoom = document.getElementById("zoom");
  zoom.addEventListener("change", () => {
    for (const [name, value] of Object.entries(ZOOMS[zoom.value])) calendar.setOption(name, value);
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
  load().catch(() => {
    say(texts.textGone);
    isAway = true;
  });
  setInterval(poll, 5000);
}

if (window.EventCalendar) start();
