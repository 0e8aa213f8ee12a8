// The cards of the gerai: who waits, the longest wait against its standard, who serves whom. Each opens in detail.

import { age } from "/shared/ages.js";
import { timeOrDate } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { hourWords } from "./hour.js";
import { watched, word } from "./standing.js";

const DENSE = 20; // more gerai than this: small cards that count their lokets instead of naming them
const LONG_NAME = 10; // characters; a longer name takes two smaller lines of a small card
const SMALL = 12; // more gerai than this: smaller words
const [LINES, SMALL_LINES] = [6, 3]; // that a card has for its lokets, where an officer's name takes one more
// so many gerai at most -> columns on a screen of 1920x1080
const COLUMNS = [[4, 2], [6, 3], [12, 4], [20, 5], [35, 7], [48, 8], [Infinity, 10]];
const STATES = ["open", "paused", "lost", "closed"];

/** The plain data from which the cards are drawn. */
export function geraiPicture({ gerai }, hour) {
  return { gerai, hour: hourWords(hour) };
}

/** The cards; `acts.openGerai(gerai)`. */
export function geraiCards({ gerai, hour }, acts) {
  const sum = (pick) => gerai.reduce((total, one) => total + pick(one), 0);
  const open = sum((one) => one.counters.filter((counter) => stateOf(counter) === "open").length);
  const isDense = gerai.length > DENSE;
  const isSmall = gerai.length > SMALL;
  const [, columns] = COLUMNS.find(([most]) => gerai.length <= most);
  return [
    el("p", { class: "summary" }, t("supervisor.summary", { waiting: sum((one) => one.waiting), open,
      served: sum((one) => one.today.served), issued: sum((one) => one.today.issued) }),
    hour ? el("span", { class: "hour" }, hour) : null),
    el("ul", { class: "cards", data: { dense: isDense, small: isSmall }, css: { "--columns": columns } }, gerai.map((one) => card(one, isDense, isSmall, acts))),
  ];
}

/** open, paused, lost (the officer is silent) or closed. */
export function stateOf(counter) {
  return counter.lost_since ? "lost" : counter.state;
}

function card(one, isDense, isSmall, acts) {
  const isClosed = one.services.every((service) => !service.open);
  const name = isDense ? one.short || one.name : one.name;
  return el("li", { class: "gerai-card", data: { gerai: one.code, closed: isClosed, ...watched(one) } },
    el("h2", {}, el("button", { type: "button", class: "name", title: one.name, data: { focus: `gerai-${one.code}`, long: name.length > LONG_NAME },
      onClick: () => acts.openGerai(one) }, name)),
    el("p", { class: "load" },
      el("b", { data: { col: "waiting" } }, one.waiting),
      el("span", { class: "beside-number" },
        el("span", { class: "longest", data: { col: "longest" } }, one.longest_queued_at ? age(one.longest_queued_at) : "–"),
        word(one))),
    isDense ? counts(one.counters) : el("ul", { class: "lokets", data: { few: linesOf(one.counters) <= (isSmall ? SMALL_LINES : LINES) } }, one.counters.map(loket)),
    el("p", { class: "quiet foot" }, el("span", { data: { col: "served" } },
      t("supervisor.served_of", { served: one.today.served, issued: one.today.issued })), closedWords(one.services)));
}

const linesOf = (counters) => counters.reduce((sum, one) => sum + (one.state === "closed" && !one.leg ? 1 : 2), 0);

/** How many lokets are open, paused, absent and closed: "● 2 ❚❚ 1 ▲ 1 ○ 3", each with its word for who hears it. */
export function counts(counters) {
  const of = (state) => counters.filter((one) => stateOf(one) === state).length;
  return el("p", { class: "counts" }, STATES.filter(of).map((state) =>
    el("span", { data: { state }, title: t(`supervisor.state.${state}`) }, of(state),
      el("span", { class: "visually-hidden" }, ` ${t(`supervisor.state.${state}`)}`))));
}

/** What is closed now, and until when, in one quiet line. */
export function closedWords(services) {
  const closed = services.filter((one) => !one.open);
  if (!closed.length) return null;
  const first = closed[0];
  const reason = t(`reason.${first.reason}`).toLowerCase() + (first.why ? ` (${first.why})` : "");
  const back = opens(first.opens_at);
  const words = closed.length === services.length ? t("supervisor.all_closed", { reason }) : t("supervisor.some_closed", { n: closed.length });
  return el("span", { class: "closed-words" }, closed.length === services.length ? words + back : words);
}

/** " – buka 08.00", with the date when it is not today; "" without. */
export function opens(at) {
  return at ? ` – ${t("supervisor.opens", { time: timeOrDate(at) })}` : "";
}

/** One loket of a card: its label with the number there, what happens and who sits there. */
export function loket(counter) {
  const { state, leg } = counter;
  return el("li", { data: { state: counter.lost_since ? "lost" : leg?.state || state, counter: counter.code } },
    el("span", { class: "label" }, counter.label, leg ? ` · ${leg.number}` : ""),
    el("span", { class: "what" }, loketWords(counter)),
    state === "closed" && !leg ? null : el("span", { class: "officer" }, counter.officer?.name || t("supervisor.nobody")));
}

/** What happens at a loket and since when: "dilayani 3 mnt", "jeda 7 mnt: Salat", "terputus 2 mnt"; a card leaves out what it has no room for. */
function loketWords(counter) {
  const { state, leg, lost_since, pause_reason, since } = counter;
  const lost = lost_since ? el("span", { class: "lost" }, `${t("supervisor.state.lost")} `, age(lost_since)) : null;
  if (leg) {
    const isServed = leg.state === "serving";
    const usual = [el("span", { class: isServed ? "served-word" : null }, `${t(`state.${leg.state}`).toLowerCase()} `),
      age(isServed ? leg.started_at : leg.last_called_at, { limit_s: isServed ? leg.promised_service_s : null })];
    return lost ? [el("span", { class: "usual" }, usual, ", "), lost] : usual;
  }
  if (state === "closed") return t("supervisor.state.closed");
  return lost || [`${t(`supervisor.state.${state}`)} `, age(since), state === "paused" && pause_reason ? `: ${pause_reason}` : null];
}
