// Times and places of the calendar. Its dates carry the time of day of the congress in the local fields.
function pad(value) {
  return String(value).padStart(2, "0");
}

export function local(date) {
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

export function plus(date, minutes) {
  return new Date(date.getTime() + minutes * 60_000);
}

export function rounded(date) {
  return new Date(Math.floor(date.getTime() / 300_000) * 300_000);
}

// The same time on another day.
export function onDay(event, to, isOpen) {
  const length = event.end.getTime() - event.start.getTime();
  const [year, month, date] = to.split("-").map(Number);
  const start = new Date(year, month - 1, date, event.start.getHours(), event.start.getMinutes());
  return { starts_at: local(start), ends_at: isOpen ? null : local(new Date(start.getTime() + length)) };
}

// The place behind a column: where several things stand at once, it has several lanes (“venue-3~2”).
export function columnName(id) {
  const [place] = id.split("~");
  return place === "nowhere" ? "" : place;
}
