// Saving what was moved, one thing after the other, each with the version that was seen.
import { ask, explainSilence, headers, send } from "./asking.js";
import { load } from "./loading.js";
import { part, say, settle, state, texts, warn } from "./page.js";

let pending = Promise.resolve();
// What a version became by a save of this page: a drag that began before its answer was shown is not a stale one.
const replaced = new Map();

// Does something after all that was begun before, so that each step goes on from what is then stored and shown.
export function queue(work) {
  pending = pending.catch(() => {}).then(work);
  return pending;
}

export function save(id, change, revert = () => {}) {
  return queue(() => saveNow(id, change, revert));
}

export async function saveNow(id, change, revert = () => {}) {
  while (replaced.has(`${id} ${change.version}`)) change = { ...change, version: replaced.get(`${id} ${change.version}`) };
  let sent;
  try {
    sent = await send(`${id}/move`, {
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(change),
    });
  } catch (problem) {
    revert();
    explainSilence(problem, texts.textOffline);
    return;
  }
  const { answer, told } = sent;
  if (answer.ok) {
    settle();
    if (told.version !== change.version) replaced.set(`${id} ${change.version}`, told.version);
  } else {
    revert();
    explain(id, change, told, answer.status);
  }
  await load().catch(() => {});
  say(answer.ok ? `${told.said}. ${texts.textMoved}` : "");
}

function button(text, kind, press) {
  const found = part(`btn ${kind}`, text, "button");
  found.type = "button";
  found.addEventListener("click", press);
  return found;
}

// Why something was not saved, and after somebody else's change the choice to do it all the same.
function explain(id, change, told, status) {
  const again = () => save(id, { ...change, version: told.version });
  const actions =
    status === 409 && told.version
      ? [button(texts.textAgain, "btn-secondary", again), button(texts.textLeave, "btn-link", settle)]
      : [];
  warn([told.error ?? texts.textRefused, told.changed], ...actions);
}

// Undo and redo: their forms, sent without leaving the page.
export async function step(form) {
  try {
    const { answer, told } = await send(form.dataset.step, { body: new URLSearchParams(new FormData(form)) });
    await load();
    say(told.said ?? ([told.error, told.changed].filter(Boolean).join(" ") || (answer.ok ? "" : texts.textRefused)));
  } catch (problem) {
    explainSilence(problem, texts.textOffline);
  }
}

// What others do appears within seconds, but not under the hand of somebody who drags.
export async function poll() {
  if (document.hidden || state.isDragging || state.isSignedOut) return;
  try {
    const answer = await ask(`changes.json?since=${state.number}`);
    if (state.isAway) {
      state.isAway = false;
      say(texts.textBack);
      await load();
    }
    if (answer.status !== 200) return;
    const found = await answer.json();
    const others = found.changes.filter((each) => !each.is_own);
    await load();
    if (others.length) say(others.map((each) => each.said).join(" "));
  } catch (problem) {
    if (!state.isAway) explainSilence(problem, texts.textGone);
  }
}
