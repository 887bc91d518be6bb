// Asking the server, and what it means when it does not answer as it should.
import { base, part, say, state, texts, warn } from "./page.js";

export const PATIENCE = 10_000; // milliseconds that an answer may take
export const headers = { "X-CSRFToken": texts.token, Accept: "application/json" };

export class SignedOut extends Error {}

export async function ask(path, options = {}) {
  const answer = await fetch(base + path, { headers, signal: AbortSignal.timeout(PATIENCE), ...options });
  if (answer.redirected && new URL(answer.url).pathname === texts.login) throw new SignedOut();
  return answer;
}

// A POST, and the JSON of its answer. Whoever is signed out is refused by a page, not told so: a second question finds out.
export async function send(path, options) {
  const answer = await ask(path, { method: "POST", ...options });
  const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
  if (!answer.ok && !isJson) await ask(`changes.json?since=${state.number}`);
  return { answer, told: isJson ? await answer.json() : {} };
}

// Says why there was no answer: signed out, or no connection (in the words of whoever asked).
export function explainSilence(problem, text) {
  if (problem instanceof SignedOut) {
    const link = part("btn btn-secondary", texts.textSignIn, "a");
    link.href = `${texts.login}?next=${encodeURIComponent(location.pathname + location.search)}`;
    state.isSignedOut = true;
    say("");
    warn([texts.textSignedOut], link);
  } else {
    state.isAway = true;
    say(text);
  }
}
