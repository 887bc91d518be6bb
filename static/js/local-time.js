// Beside each time of the congress's zone, the reader's own, where the two differ.
// <time datetime="2018-06-12T07:00:00+00:00" data-local-time>09:00</time>; <span data-reader-zone="Europe/Warsaw" data-text="…" hidden>

const language = document.documentElement.lang;

function clock(instant, timeZone) {
  return new Intl.DateTimeFormat(language === "pl" ? "pl" : "en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(instant);
}

function day(instant, timeZone) {
  return new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone }).format(instant);
}

const note = document.querySelector("[data-reader-zone]");
if (note) {
  const congress = note.dataset.readerZone;
  const reader = Intl.DateTimeFormat().resolvedOptions().timeZone;
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
