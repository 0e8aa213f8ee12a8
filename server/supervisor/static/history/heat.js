// The heat map: weekday by hour. Each field says its number; its shade only makes the eye find it sooner.

import { t } from "/shared/text.js";
import { brief, countsOf, isTime, opened, told, valueOf } from "./numbers.js";
import { hourWords, weekdayWords } from "./periods.js";
import { chart, drawing, link, svg, tableOf, words } from "./svg.js";
import { legsOf } from "./wish.js";

const FIELD_PX = { least: 38, high: 36 };
const DIGIT_PX = 9.5; // of a field's bold number; small ones are set where it does not fit
const SHADES = 5;
const HEAD_PX = 24;

export function heat(data, wish) {
  const { measure } = wish;
  const at = new Map(data.hours.map((row) => [`${row.weekday} ${row.hour}`, row]));
  const known = data.hours.map((row) => row.hour);
  const hours = Array.from({ length: Math.max(...known) - Math.min(...known) + 1 }, (_, n) => Math.min(...known) + n);
  const found = new Set(data.hours.map((row) => row.weekday));
  const days = data.from === data.to ? [...found] : [0, 1, 2, 3, 4, 5, 6];
  const most = Math.max(1, ...data.hours.map((row) => valueOf(row, measure) ?? 0));
  const field = (day, hour) => {
    const value = at.has(`${day} ${hour}`) ? valueOf(at.get(`${day} ${hour}`), measure) : null;
    const label = t("history.heat_field", { day: weekdayWords(day), hour: hourWords(hour), value: told(value, measure), what: t(`history.measure.${measure}`) });
    return { value, label, href: legsOf(wish, data, { weekday: day, hour, counts: countsOf(measure) }) };
  };
  const title = t("history.heat");
  return chart({
    name: "heat", title, say: t(isTime(measure) ? "history.heat_say_minutes" : "history.heat_say", { what: t(`history.measure.${measure}`) }),
    draw: (width) => draw(width, title, laid(width, days, hours, brief(most, measure).length * DIGIT_PX + 4), most, field, measure),
    table: tableOf(`${title}: ${t(`history.measure.${measure}`)}`, [t("history.day"), ...hours.map(hourWords)], days.map((day) => [weekdayWords(day),
      ...hours.map((hour) => {
        const { value, label, href } = field(day, hour);
        return opened(told(value, measure), href, label, Boolean(value));
      })])),
  });
}

/** Hours beside each other and days below; turned round where a number has no room so, as on a phone. */
function laid(width, days, hours, need) {
  const isSmall = width < 640;
  const hour = (one) => String(one).padStart(2, "0");
  const across = { left: isSmall ? 42 : 72, columns: hours.map((one) => [hour(one), one]), rows: days.map((one) => [weekdayWords(one, isSmall ? "short" : "long"), one]) };
  const down = { left: 28, columns: days.map((one) => [weekdayWords(one, "short"), one]), rows: hours.map((one) => [hour(one), one]), isTurned: true };
  const wide = (form) => Math.max(FIELD_PX.least, Math.floor((width - form.left) / form.columns.length));
  const form = wide(across) < need && wide(down) > wide(across) ? down : across;
  return { ...form, wide: wide(form) };
}

function draw(width, title, { left, columns, rows, wide, isTurned }, most, field, measure) {
  const nodes = columns.map(([name], n) => words(left + (n + 0.5) * wide, HEAD_PX - 8, name, { class: "mark", "text-anchor": "middle" }));
  rows.forEach(([name, row], place) => {
    const top = HEAD_PX + place * FIELD_PX.high;
    nodes.push(words(0, top + FIELD_PX.high / 2 + 5, name, {}));
    columns.forEach(([, column], n) => nodes.push(one(isTurned ? field(column, row) : field(row, column),
      { x: left + n * wide, y: top, width: wide - 2, height: FIELD_PX.high - 2 }, most, measure)));
  });
  return drawing(left + columns.length * wide, HEAD_PX + rows.length * FIELD_PX.high, title, ...nodes);
}

function one({ value, label, href }, place, most, measure) {
  if (!value) return svg("rect", { ...place, rx: 3, class: "heat-field", "data-shade": 0 });
  const shade = Math.max(1, Math.ceil((value / most) * SHADES));
  const number = brief(value, measure);
  const isSmall = number.length * DIGIT_PX > place.width;
  return link(href, label, svg("rect", { ...place, rx: 3, class: "heat-field", "data-shade": shade }),
    words(place.x + place.width / 2, place.y + place.height / 2 + 5, number, { "text-anchor": "middle", class: `in-field${isSmall ? " small" : ""}`, "data-shade": shade }));
}
