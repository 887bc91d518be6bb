// Each minute: what is going on and what comes next is fetched anew, and the lines of the programme that are going on are marked.
// <div data-refresh="address">…</div>; <template data-now-mark>…</template>; lines are .entry with one or two <time datetime>.
const OPEN_END = 3 * 3600 * 1000; // as in congress/programme/moments.py

function isRunning(entry, at) {
  const [start, end] = [...entry.querySelectorAll(".entry-time time")].map((time) => Date.parse(time.dateTime));
  return Boolean(start) && start <= at && at < (end || start + OPEN_END) && !entry.classList.contains("is-cancelled");
}

function mark(at = Date.now()) {
  const sign = document.querySelector("template[data-now-mark]");
  if (!sign) return;
  for (const entry of document.querySelectorAll(".timetable > .entry")) {
    const running = isRunning(entry, at);
    if (entry.classList.contains("is-now") === running) continue;
    entry.classList.toggle("is-now", running);
    if (running) entry.querySelector(".entry-marks")?.prepend(sign.content.cloneNode(true));
    else entry.querySelector(".entry-marks .badge-now")?.remove();
  }
}

async function refresh(place) {
  // Who reads in it with the keyboard is not thrown out of it.
  if (document.hidden || place.contains(document.activeElement)) return;
  try {
    const answer = await fetch(place.dataset.refresh, { signal: AbortSignal.timeout(10000) });
    if (answer.ok) place.innerHTML = await answer.text();
  } catch {
    // Without a network the hour beside “Now” says how old it is.
  }
}

function tick() {
  mark();
  document.querySelectorAll("[data-refresh]").forEach(refresh);
}

mark();
setInterval(tick, 60000);
document.addEventListener("visibilitychange", () => document.hidden || tick());
