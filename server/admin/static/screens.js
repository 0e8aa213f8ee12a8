// Displays: which layout each shows, from how far it is read, where it stands. A ready layout may be taken over and changed.

import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { choice, lines, number } from "./fields.js";
import { askForm } from "./form.js";
import { API, asked, listed, small, table, titleOf } from "./part.js";

const OWN = "own";

export async function load() {
  const [ready, screens, plan, counters] = await Promise.all([asked("/layouts"), listed("/screens"), asked("/plan"), listed("/counters")]);
  return { ready, screens, gerai: plan.gerai, counters };
}

export function draw({ data, ready, screens, gerai, counters, off }, page) {
  const nameOf = (code) => data.devices.find((one) => one.code === code)?.name || code;
  return [
    el("h1", {}, t("admin.screens"), el("span", { class: "count" }, screens.length)),
    el("p", { class: "quiet" }, t("admin.screens_why")),
    table(["name", "layout", "distance", "where", "acts"], screens.map((one) => [{ screen: one.display }, [
      `${one.display} – ${nameOf(one.display)}`, layoutName(one, ready), t("admin.metres", { n: one.distance_m ?? ready.standard.distance_m }),
      one.counter ? counters.find((row) => row.code === one.counter)?.label || one.counter : gerai.find((row) => row.code === one.gerai)?.name || "–",
      small("admin.change", `change-${one.display}`, off, () => change(one, nameOf(one.display), { ready, gerai, counters }, page)),
    ]])),
  ];
}

const titleOfReady = (name, ready) => ready.items.find((one) => one.name === name)?.title || name;

function layoutName(one, ready) {
  if (one.text) return t("admin.layout_own");
  return one.layout ? titleOfReady(one.layout, ready) : t("admin.layout_standard", { name: titleOfReady(ready.standard.layout, ready) });
}

/** The layout's lines as one text; every mistake of an answer is told, one after the other. */
function layoutText(value) {
  const field = lines("text", t("admin.layout_text"), { value: value.split("\n"), rows: 9, hint: t("admin.layout_hint") });
  const area = field.node.querySelector("textarea");
  area.classList.add("code-lines");
  let told = "";
  const says = (text) => field.says(told = text ? [told, text].filter(Boolean).join(" ") : "");
  return { ...field, area, says, read: () => area.value };
}

async function change(one, name, { ready, gerai, counters }, page) {
  const textOf = (layout) => ready.items.find((row) => row.name === (layout || ready.standard.layout))?.text || ready.items[0].text;
  const options = [...ready.items.map((row) => [row.name, row.title]), [OWN, t("admin.layout_own")]];
  const layout = choice("layout", t("admin.layout"), options, { value: one.text ? OWN : one.layout, empty: layoutName({}, ready) });
  const text = layoutText(one.text || textOf(one.layout));
  let last = one.layout;
  const follow = () => {
    const isOwn = layout.read() === OWN;
    if (!isOwn) last = layout.read();
    if (!isOwn || !text.area.value.trim()) text.area.value = textOf(last);
    text.area.readOnly = !isOwn;
  };
  layout.onChange(follow);
  text.area.readOnly = layout.read() !== OWN;
  const codes = (rows, words) => rows.map((row) => [row.code, words(row)]);
  const answer = await askForm({
    title: titleOf(name, one.display), why: t("admin.layout_why"), yes: t("admin.save"), url: `${API}/screens/${encodeURIComponent(one.display)}`,
    fields: [layout, text,
      number("distance_m", t("admin.distance_m"), { value: one.distance_m, min: 1, max: 40, hint: t("admin.distance_hint", { n: ready.standard.distance_m }) }),
      number("diagonal_in", t("admin.diagonal_in"), { value: one.diagonal_in, min: 5, max: 200, hint: t("admin.diagonal_hint", { n: ready.standard.diagonal_in }) }),
      choice("gerai", t("admin.screen_gerai"), codes(gerai, (row) => row.name), { value: one.gerai, empty: t("admin.not_set"), hint: t("admin.screen_gerai_hint") }),
      choice("counter", t("admin.screen_counter"), codes(counters, (row) => `${row.label} – ${row.gerai}`), { value: one.counter, empty: t("admin.not_set"), hint: t("admin.screen_counter_hint") })],
    body: ({ layout: chosen, text: own, ...rest }) => ({ ...rest, layout: chosen === OWN ? null : chosen, text: chosen === OWN ? own : null, version: one.version }),
  });
  if (answer) page.done(t("admin.done.screen", { name }));
}
