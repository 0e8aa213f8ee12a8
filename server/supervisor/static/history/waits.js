// How long people waited: a bar for each class, what came after the own promise hatched, and the promises drawn in as lines.

import { t } from "/shared/text.js";
import { duration } from "/shared/clock.js";
import { count, opened, percent } from "./numbers.js";
import { chart, drawing, link, svg, tableOf, ticks, words } from "./svg.js";
import { legsOf } from "./wish.js";

const SIZE = { high: 270, left: 46, top: 44, bottom: 44 };
const NARROW_PX = 480;
const LINES_MAX = 2; // more promises than this: the shortest and the longest

export function waits(data, wish) {
  const title = t("history.waits");
  const bars = data.waits.map((bar) => barOf(bar, data, wish));
  const { within_standard: share } = data.now.total;
  return chart({
    name: "waits", title, say: t("history.waits_say", { percent: percent(share), n: count(share.n), of: count(share.of) }),
    keys: [[keyOf("within"), t("history.within")], [keyOf("late"), t("history.late")], [keyOf("promise"), promiseWords(data.standards)]],
    draw: (width) => draw(width, title, bars, data.standards),
    table: tableOf(title, [t("history.waits_class"), t("history.within"), t("history.late"), t("history.sum")],
      bars.map(({ label, within, late, href }) => [label, count(within), count(late), opened(count(within + late), href, label, within + late > 0)])),
  });
}

function promiseWords(standards) {
  if (standards.length === 1) return t("history.promise_one", { wait: duration(standards[0]) });
  return t("history.promise_many", { least: duration(standards[0]), most: duration(standards.at(-1)) });
}

const minutes = (seconds) => count(Math.round(seconds / 60));

function barOf(bar, data, wish) {
  const { over_s, upto_s } = bar;
  const words_of = { over: minutes(over_s || 0), upto: minutes(upto_s || 0) };
  const label = t(upto_s === null ? "history.class_over" : over_s === null ? "history.class_upto" : "history.class_between", words_of);
  return { ...bar, label, href: legsOf(wish, data, { counts: "wait", over: over_s, upto: upto_s }) };
}

function draw(width, title, bars, standards) {
  const width_s = bars[0].upto_s ?? 60;
  const high = SIZE.high - SIZE.top - SIZE.bottom;
  const wide = (width - SIZE.left - 8) / bars.length;
  const steps = ticks(Math.max(...bars.map((bar) => bar.within + bar.late)));
  const y = (n) => SIZE.top + high - (n / steps.at(-1)) * high;
  const x = (seconds) => SIZE.left + (seconds / width_s) * wide;
  const every = Math.ceil(34 / wide);
  return drawing(width, SIZE.high, title, hatch(),
    steps.map((step) => [svg("line", { x1: SIZE.left, x2: width, y1: y(step), y2: y(step), class: "grid" }),
      words(SIZE.left - 8, y(step) + 5, count(step), { "text-anchor": "end", class: "mark" })]),
    bars.map((bar, n) => (n % every === 0 ? words(x(bar.over_s || 0), SIZE.top + high + 18, minutes(bar.over_s || 0), { "text-anchor": "middle", class: "mark" }) : null)),
    words(SIZE.left + (width - SIZE.left) / 2, SIZE.high - 6, t("history.minutes_axis"), { "text-anchor": "middle", class: "mark" }),
    bars.map((bar, n) => columnOf(bar, SIZE.left + n * wide, wide, y, high)),
    // All lines first: a word stands before a line that crosses it.
    shown(standards).map((promise, n) => promiseLine(promise, n, x, high)), shown(standards).map((promise, n) => promiseWord(promise, n, x, width)));
}

function columnOf(bar, left, wide, y, high) {
  if (bar.within + bar.late === 0) return null;
  const at = { x: left + 1, width: Math.max(1, wide - 2) };
  const part = (name, from, to) => (to > from ? svg("rect", { ...at, y: y(to), height: y(from) - y(to), class: name }) : null);
  return link(bar.href, t("history.bar", { label: bar.label, n: count(bar.within + bar.late), late: count(bar.late) }),
    svg("rect", { ...at, y: SIZE.top, height: high, class: "hit" }),
    part("within", 0, bar.within), part("late-ground", bar.within, bar.within + bar.late), part("late", bar.within, bar.within + bar.late));
}

const shown = (standards) => (standards.length <= LINES_MAX ? standards : [standards[0], standards.at(-1)]);

const heightOf = (n) => (n === 0 ? SIZE.top - 8 : SIZE.top - 26);

function promiseLine(promise, n, x, high) {
  return svg("g", { class: "over" }, svg("line", { x1: x(promise), x2: x(promise), y1: heightOf(n) - 10, y2: SIZE.top + high, class: "promise" }));
}

/** The words of a promise above its line, on the side that has room; the second stands a line higher. */
function promiseWord(promise, n, x, width) {
  const at = x(promise);
  const isLeft = at > width * 0.6;
  const y = heightOf(n);
  return svg("g", { class: "over" }, words(at + (isLeft ? -6 : 6), y, width < NARROW_PX ? duration(promise) : t("history.promise", { wait: duration(promise) }), { "text-anchor": isLeft ? "end" : "start", class: "promise-word" }));
}

function hatch() {
  return svg("defs", {}, svg("pattern", { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("rect", { width: 3, height: 7, class: "hatch" })));
}

function keyOf(name) {
  const box = { x: 8, y: 2, width: 14, height: 14 };
  const shapes = { within: [svg("rect", { ...box, class: "within" })], promise: [svg("line", { x1: 15, x2: 15, y1: 0, y2: 18, class: "promise" })],
    late: [svg("rect", { ...box, class: "late-ground" }), svg("rect", { ...box, class: "late" })] };
  return svg("svg", { width: 30, height: 18, "aria-hidden": "true" }, ...shapes[name]);
}
