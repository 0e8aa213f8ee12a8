// Every act at a counter: its key on the keyboard and what it sends. Which are offered, and
// which of them can be pressed now, follows from the stage alone.

import { noShowRule, waitingFor } from "./picture.js";

/** act -> {key: its letter, path: of POST /counters/{code}/..., body} */
export const ACTS = {
  next: { path: "next" },
  start: { path: "start" },
  finish: { key: "S", path: "finish" },
  resume: { path: "resume" },
  finish_next: { key: "B", path: "finish", body: { next: true } },
  recall: { key: "U", path: "recall" },
  no_show: { key: "T", path: "no-show" },
  hold: { key: "D", path: "hold" },
  put_back: { key: "K", path: "put-back" },
  transfer: { key: "A", path: "transfer" },
  pause: { key: "J", path: "pause" },
  close: { path: "close" },
  pick: { path: "pick" },
  resume_leg: { path: "resume-leg" },
};

/** stage -> [the one big act, then the others in the order of use] */
const OFFERED = {
  closed: [],
  paused: ["resume"],
  free: ["next"],
  called: ["start", "finish_next", "recall", "no_show", "hold", "put_back", "transfer", "finish"],
  serving: ["finish", "finish_next", "hold", "transfer"],
};

/** The keys that press the big button, whatever it means now, besides the act's own letter. */
export const BIG_KEY = "F2";
const BIG_LETTER = "N";

/** The acts of a stage: [{id, main, keys, ready, wait}]; `wait` says what a no-show still needs. */
export function offered(stage, counter, data, now_ms) {
  return OFFERED[stage].map((id, index) => {
    const main = index === 0;
    const keys = [...(main ? [BIG_KEY, BIG_LETTER] : []), ACTS[id].key].filter(Boolean);
    const act = { id, main, keys, ready: true, wait: null };
    if (id === "no_show") {
      act.wait = noShowRule(counter.leg, data.site.rules, now_ms);
      act.ready = act.wait.calls === 0 && act.wait.seconds === 0;
    }
    if (id === "next") act.ready = waitingFor(data, counter) > 0;
    return act;
  });
}

/** Acts on whoever is at the counter: they say whom, so that one that arrives late does not meet somebody else. */
const ON_VISITOR = new Set(["start", "finish", "finish_next", "recall", "no_show", "hold", "put_back", "transfer"]);

/** The intent of an act at `counter`: what press.js sends. `turn` tells one wish from the next. */
export function intentOf(id, counter, turn, body = {}) {
  const act = ACTS[id];
  const meant = ON_VISITOR.has(id) && counter.leg ? { leg: counter.leg.leg } : {};
  return {
    name: `${id}:${counter.code}:${turn}:${JSON.stringify(body)}`,
    url: `/api/v1/counters/${encodeURIComponent(counter.code)}/${act.path}`,
    body: { ...act.body, ...meant, ...body },
  };
}

/** The act whose key was pressed, or null. */
export function actForKey(acts, key) {
  const wanted = key.length === 1 ? key.toUpperCase() : key;
  return acts.find((act) => act.keys.includes(wanted)) || null;
}
