// What an officer's page shows, read from the gerai's view. Pure: no DOM, no clock of its own.
// `data` is the view's data, `now_ms` the server's time, instants ISO strings.

/** The counter this person has open (or paused) in the gerai, or null. */
export function myCounter(data, username) {
  return data.counters.find((one) => one.state !== "closed" && one.officer?.username === username) || null;
}

/** closed | paused | free | called | serving: what the officer is doing. */
export function stageOf(counter) {
  if (!counter) return "closed";
  if (counter.leg) return counter.leg.state;
  return counter.state === "paused" ? "paused" : "free";
}

/** Changes whenever my counter did, so that the same word is a new intent. */
export function fingerprint(counter) {
  const leg = counter?.leg;
  return [counter?.code, counter?.state, leg?.leg, leg?.state, leg?.call_count].join("|");
}

/** The seconds and calls still missing before a no-show is allowed. */
export function noShowRule(leg, rules, now_ms) {
  const calls = Math.max(0, rules.no_show_min_calls - leg.round_calls); // since the visitor last left the line
  const passed_s = (now_ms - Date.parse(leg.last_called_at)) / 1000;
  const seconds = Math.max(0, Math.ceil(rules.no_show_wait_s - passed_s));
  return { calls, seconds };
}

/** Services this counter serves, each with its waiting count; those of the whole gerai when it has none open. */
export function servedServices(data, counter) {
  const codes = counter?.services?.length ? counter.services : null;
  return data.services.filter((one) => !codes || codes.includes(one.code));
}

/** Those who wait, in the order in which this counter would call them; then whoever others call. */
export function inOrder(data, counter) {
  const line = counter?.line || [];
  const place = new Map(line.map((ticket, n) => [ticket, n]));
  const of = (row) => place.get(row.ticket) ?? line.length;
  return [...data.waiting].sort((a, b) => of(a) - of(b)); // a stable sort: the rest stays as told
}

/** How many wait for this counter. */
export function waitingFor(data, counter) {
  return servedServices(data, counter).reduce((sum, one) => sum + one.waiting, 0);
}

/** The standard (seconds) a waiting or served leg is held to. */
export function standardOf(data, service) {
  return data.services.find((one) => one.code === service)?.standard || null;
}

/** The newest slip of this gerai that did not surely reach paper, or null. */
export function printTrouble(data) {
  const bad = data.prints.filter((one) => ["failed", "uncertain", "late"].includes(one.state));
  return bad.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0] || null;
}

/** Targets of a transfer that fit the words typed; those of other gerai after one's own. */
export function findTargets(targets, words, ownGerai) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (one) => `${one.name.id ?? one.name} ${one.gerai_name}`.toLowerCase();
  return targets
    .filter((one) => wanted.every((word) => text(one).includes(word)))
    .sort((a, b) => (b.gerai === ownGerai) - (a.gerai === ownGerai));
}
