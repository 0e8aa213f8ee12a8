// One visitor's way through the kiosk: where they are, and the intent to take one number.
//
// One touch, one ticket (P5): the key is made when the service page is shown and lives, with the
// body once it was sent, in the browser's session storage until the result is left. A second
// tap, a retry or a reload sends the same key and body, so the server answers the same ticket.

const KEEP_MS = 5 * 60 * 1000; // an older visit belongs to somebody who has gone
const AGAIN_MS = 2000;
const TRIES = 5;

const HOME = { screen: "home", from: "home", gerai: null, service: null, priority: null, intent: null, result: null, refusal: null };

/** True when an answer leaves open whether the server acted. */
export const isUnsure = (answer) => answer.status === 0 || answer.status >= 500;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The visit, kept in `storage` under `name`. `newKey()` makes a key, `send(body, key)` resolves
 * to an answer of http.js, `changed()` is called after every change.
 */
export function createVisit({ storage, name, newKey, send, changed, again_ms = AGAIN_MS }) {
  let visit = load();
  let busy = false;
  let unsure = false;

  function load() {
    try {
      const kept = JSON.parse(storage.getItem(name));
      const age_ms = Date.now() - kept.at;
      if (age_ms >= 0 && age_ms < KEEP_MS) return { ...HOME, ...kept.visit };
    } catch {
      // nothing kept, or not ours
    }
    return HOME;
  }

  function go(next) {
    visit = next;
    storage.setItem(name, JSON.stringify({ at: Date.now(), visit }));
    changed();
  }

  const toHome = () => busy || go(HOME);
  const toGerai = (gerai) => busy || go({ ...HOME, screen: "gerai", gerai });

  /** Shows a service: this is the moment the key is made. */
  function toService(service, gerai) {
    if (busy) return;
    go({ ...HOME, screen: "service", from: visit.screen, gerai, service, intent: { key: newKey(), body: null } });
  }

  /** Asks for a priority (null: none); no longer possible once the request was sent. */
  function choose(priority) {
    if (!visit.intent?.body && visit.screen === "service") go({ ...visit, priority });
  }

  function freeze(language) {
    if (visit.intent.body) return;
    const body = { service: visit.service, language };
    if (visit.priority) body.priority = visit.priority;
    go({ ...visit, refusal: null, intent: { ...visit.intent, body } });
  }

  /** Takes the number. Taps while it is on its way do nothing. */
  async function take(language) {
    if (busy || visit.screen !== "service") return;
    busy = true;
    freeze(language);
    const answer = await persist();
    busy = false;
    unsure = false;
    if (answer.ok) go({ ...visit, screen: "result", result: answer.body, refusal: null });
    else if (isUnsure(answer)) go({ ...visit, refusal: { unsure: true } });
    else go({ ...visit, refusal: answer, intent: { ...visit.intent, body: null } });
  }

  async function persist() {
    let answer = { status: 0 };
    for (let round = 0; round < TRIES; round += 1) {
      answer = await send(visit.intent.body, visit.intent.key);
      if (!isUnsure(answer)) break;
      unsure = true;
      changed();
      await pause(again_ms);
    }
    return answer;
  }

  return {
    toHome, toGerai, toService, choose, take,
    /** After a reload: sends again what was under way. */
    resume: (language) => (visit.screen === "service" && visit.intent?.body ? take(language) : null),
    state: () => ({ ...visit, busy, unsure, sent: Boolean(visit.intent?.body) }),
  };
}
