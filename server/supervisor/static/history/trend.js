// The trend: this stretch as bars, the one before and that of a year ago as lines of another stroke and another mark.

import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { brief, countsOf, isTime, opened, told, valueOf } from "./numbers.js";
import { beside, periodWords, slotMark, slots, slotWords } from "./periods.js";
import { chart, drawing, link, svg, tableOf, ticks, words } from "./svg.js";
import { legsOf } from "./wish.js";

const SIZE = { high: 270, left: 46, top: 12, bottom: 26 };
const MARK_PX = 22; // least room of a mark below the axis
const POINT_PX = 7; // least room of a mark on a line
const MONTH_DAYS = 45; // more dates than this are marked by month and half
const HALVES = ["1", "15"];

export function trend(data, wish) {
  const { measure, period } = wish;
  const lines = Object.fromEntries(beside(data).filter((name) => name === "now" || data[name].days).map((name) => [name, lineOf(data, name, wish)]));
  const all = slots(data.step, data.now);
  const [from, to] = data.step === "hour" ? openHours(Object.values(lines)) : [0, Math.max(...Object.values(lines).map((line) => line.length))];
  for (const name of Object.keys(lines)) lines[name] = lines[name].slice(from, to);
  const title = t(`history.trend.${data.step}`);
  const known = Object.keys(lines);
  const nameOf = (name) => `${t(`history.line.${name}`)}: ${periodWords(period, data[name])}`;
  // A month before may be longer than this one: its last days still have their place.
  const atOf = (n) => known.map((name) => lines[name][n]?.at).find((at) => at !== undefined);
  const nameAt = (at) => (to - from > MONTH_DAYS ? slotMark("month", at.slice(0, 7)) : null);
  const marks = Array.from({ length: to - from }, (_, n) => ({ mark: slotMark(data.step, atOf(n)), name: nameAt(atOf(n)), at: all[from + n] }));
  return chart({
    name: "trend", title, say: t(isTime(measure) ? "history.trend_say_minutes" : "history.trend_say", { what: t(`history.measure.${measure}`) }),
    keys: known.map((name) => [keyOf(name), nameOf(name)]),
    draw: (width) => draw(width, title, marks, lines, measure),
    table: tableOf(`${title}: ${t(`history.measure.${measure}`)}`, [t(`history.step.${data.step}`), ...known.map(nameOf)],
      marks.map(({ at }, n) => [at === undefined ? "–" : slotWords(data.step, at), ...known.map((name) => cell(lines[name][n], measure, name === "now" ? "hour" : data.step))])),
  });
}

/** An earlier one says of which date or month it is: its row is named after this stretch's. */
function cell(point, measure, step) {
  if (!point) return "–";
  const value = opened(told(point.value, measure), point.href, point.label, Boolean(point.value));
  return step === "hour" ? value : [value, el("span", { class: "which" }, slotWords(step, point.at))];
}

/** A point for each slot: {at, value, label, href}; days to come have none. */
function lineOf(data, name, wish) {
  const rows = new Map(data[name].rows.map((row) => [row.at, row]));
  const isKnown = (at) => data.step === "hour" || rows.has(at);
  return slots(data.step, data[name]).map((at) => {
    const value = isKnown(at) ? valueOf(rows.get(at), wish.measure) : null; // no row: no day of service
    const stretch = slotWords(data.step, at);
    return { at, value, label: t("history.point", { when: data.step === "hour" ? `${periodWords(wish.period, data[name])}, ${stretch}` : stretch,
      value: told(value, wish.measure), what: t(`history.measure.${wish.measure}`) }),
      href: legsOf(wish, data[name], { [data.step]: at, counts: countsOf(wish.measure) }) };
  });
}

function openHours(lines) {
  const busy = lines.flatMap((line) => line.filter((point) => point.value).map((point) => point.at));
  return [Math.min(...busy, 8), Math.max(...busy, 15) + 1];
}

function draw(width, title, marks, lines, measure) {
  const steps = ticks(Math.max(0, ...Object.values(lines).flat().map((point) => inUnits(point.value, measure) || 0)));
  const high = SIZE.high - SIZE.top - SIZE.bottom;
  const wide = (width - SIZE.left) / marks.length;
  const x = (n) => SIZE.left + (n + 0.5) * wide;
  const y = (value) => SIZE.top + high - (value / steps.at(-1)) * high;
  const every = Math.ceil(MARK_PX / wide);
  const hasRoom = (n) => x(n) + MARK_PX / 2 <= width;
  const isMarked = (mark, n) => hasRoom(n) && (marks.length > MONTH_DAYS ? HALVES.includes(mark) : n % every === 0);
  return drawing(width, SIZE.high, title,
    steps.map((step) => [svg("line", { x1: SIZE.left, x2: width, y1: y(step), y2: y(step), class: "grid" }),
      words(SIZE.left - 8, y(step) + 5, brief(step * (isTime(measure) ? 60 : 1), measure), { "text-anchor": "end", class: "mark" })]),
    marks.map(({ mark, name }, n) => (isMarked(mark, n) ? words(x(n), SIZE.high - 6, mark === "1" && name ? name : mark, { "text-anchor": "middle", class: "mark" }) : null)),
    lines.now.map((point, n) => bar(point, x(n), y, wide, high, measure)),
    Object.keys(lines).filter((name) => name !== "now").map((name) => line(name, lines[name], x, y, measure, wide >= POINT_PX)));
}

const inUnits = (value, measure) => (value === null ? null : isTime(measure) ? value / 60 : value);

/** The whole column can be pressed, not only the bar. */
function bar(point, x, y, wide, high, measure) {
  const value = inUnits(point.value, measure);
  if (!value) return null;
  const top = y(value);
  return link(point.href, point.label, svg("rect", { x: x - wide / 2, y: SIZE.top, width: wide, height: high, class: "hit" }),
    svg("rect", { x: x - wide * 0.34, y: top, width: wide * 0.68, height: SIZE.top + high - top, class: "bar" }));
}

function line(name, points, x, y, measure, hasMarks) {
  let path = "";
  let isOn = false;
  const at = points.map((point, n) => [x(n), point.value === null ? null : y(inUnits(point.value, measure))]);
  for (const [px, py] of at) {
    if (py !== null) path += `${isOn ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`;
    isOn = py !== null;
  }
  return svg("g", { class: "over" }, svg("path", { d: path, class: `line ${name}` }),
    at.filter(([, py]) => hasMarks && py !== null).map(([px, py]) => markOf(name, px, py)));
}

function markOf(name, x, y) {
  if (name === "before") return svg("rect", { x: x - 3.5, y: y - 3.5, width: 7, height: 7, class: "point before" });
  return svg("path", { d: `M${x} ${y - 5}l5 9h-10z`, class: "point year_ago" });
}

function keyOf(name) {
  const shape = name === "now" ? [svg("rect", { x: 8, y: 2, width: 14, height: 14, class: "bar" })]
    : [svg("path", { d: "M0 9h30", class: `line ${name}` }), markOf(name, 15, 9)];
  return svg("svg", { width: 30, height: 18, "aria-hidden": "true" }, ...shape);
}
