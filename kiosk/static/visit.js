// One visitor's way through the kiosk: where they are, and the intent to take one number.
//
// One touch, one ticket (P5): the key is made when the service page is shown and lives, with the
// body once it was sent, in the browser's session storage until the result is left. A second
// tap, a retry or a reload sends the same key and body, so the server answers the same ticket.

import { createKept } from "./kept.js";

const AGAIN_MS = 2000;
const TRIES = 5;
const QUERY_MAX = 40;

const HOME = { screen: "home", from: "home", gerai: null, service: null, query: "", priority: null, intent: null, result: null, refusal: null };

/** True when an answer leaves open whether the server acted. */
export const isUnsure = (answer) => answer.status === 0 || answer.status >= 500;

/** True when the server only asks to go slower: no number was given, the same wish waits. */
const isTooFast = (answer) => answer.status === 429 && answer.body?.code === "too_fast";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The visit, kept in `storage` under `name`. `newKey()` makes a key, `send(body, key)` resolves
 * to an answer of http.js, `changed()` is called after every change.
 */
export function createVisit({ storage, name, newKey, send, changed, again_ms = AGAIN_MS }) {
  const kept = createKept(storage, name);
  let visit = { ...HOME, ...kept.load("visit") };
  let busy = false;
  let unsure = false;
  let resting = false; // the kiosk gives numbers more slowly for a moment

  function go(next) {
    visit = next;
    kept.save("visit", visit);
    changed();
  }

  const toHome = () => busy || go(HOME);
  const toGerai = (gerai) => busy || go({ ...HOME, screen: "gerai", gerai, from: visit.screen, query: visit.query });
  const toHelp = () => busy || go({ ...HOME, screen: "help" });
  const toSearch = (query = "") => busy || go({ ...HOME, screen: "search", query: query.slice(0, QUERY_MAX) });

  /** Shows a service: this is the moment the key is made. */
  function toService(service, gerai) {
    if (busy) return;
    const from = visit.screen;
    go({ ...HOME, screen: "service", from, gerai, service, query: visit.query, intent: { key: newKey(), body: null } });
  }

  /** One step back, the way the visitor came. */
  function back() {
    const { screen, from, gerai, query } = visit;
    if (screen === "service" && from === "gerai") toGerai(gerai);
    else if (from === "search") toSearch(query);
    else if (from === "help") toHelp();
    else toHome();
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
    [unsure, resting] = [false, false];
    if (answer.ok) go({ ...visit, screen: "result", result: answer.body, refusal: null });
    else if (isUnsure(answer)) go({ ...visit, refusal: { unsure: true } });
    else go({ ...visit, refusal: answer, intent: { ...visit.intent, body: null } });
  }

  async function persist() {
    let answer = { status: 0 };
    for (let round = 0; round < TRIES; round += 1) {
      answer = await send(visit.intent.body, visit.intent.key);
      resting = isTooFast(answer);
      if (!resting && !isUnsure(answer)) break;
      unsure = !resting;
      changed();
      await pause(resting ? answer.body.retry_after_s * 1000 : again_ms);
    }
    return answer;
  }

  return {
    toHome, toGerai, toHelp, toSearch, toService, back, choose, take,
    /** After a reload: sends again what was under way. */
    resume: (language) => (visit.screen === "service" && visit.intent?.body ? take(language) : null),
    state: () => ({ ...visit, busy, unsure, resting, sent: Boolean(visit.intent?.body) }),
  };
}
