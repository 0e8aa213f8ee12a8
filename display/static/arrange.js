// Puts up the rows and parts of a layout: each part a region of its own, drawn by screen.js.

import { el, replace } from "/shared/dom.js";

// part -> its element's id; of a part that stands there several times only the first has one
const IDS = { call: "current", recent: "recent", waiting: "waiting", notices: "notices", clock: "clock", date: "date", name: "site",
  logo: "logo", board: "board", media: "media", ticker: "ticker", counter: "sign" };
const TAGS = { name: "h1", clock: "p", date: "p", notices: "p" };

/** What stands where no layout has come yet, or one without a row. */
export const USUAL = [
  { kind: "strip", parts: [{ part: "logo" }, { part: "name" }, { part: "date" }, { part: "clock" }] },
  { kind: "area", parts: [{ part: "call", share: 62 }, { part: "recent", share: 38 }] },
  { kind: "strip", parts: [{ part: "notices" }] },
  { kind: "strip", parts: [{ part: "waiting" }] },
];

/** The shares of those beside each other, of 100: what is not said is shared alike. */
export function shares(given) {
  const said = given.reduce((sum, one) => sum + (one ?? 0), 0);
  const open = given.filter((one) => !one).length;
  return given.map((one) => one || Math.max(1, (100 - said) / open));
}

/** Puts the rows into `root`; returns the regions as [{part, node, at}], `at` the part's own data's place [row, part]; what
 * is closed today stands below them all. */
export function arrange(root, rows) {
  const regions = [];
  const taken = new Set();
  const areas = rows.filter((row) => row.kind === "area");
  const heights = shares(areas.map((row) => row.share));
  replace(root, rows.map((row, y) => {
    const widths = shares(row.parts.map((one) => one.share));
    const cells = row.parts.map((one, x) => {
      const id = taken.has(one.part) ? null : IDS[one.part];
      taken.add(one.part);
      if (!IDS[one.part]) return null; // a newer server's part: the others are shown
      const node = el(TAGS[one.part] || "section", { id, class: `part part-${one.part}`, css: { "--share": String(widths[x]) },
        "aria-live": one.part === "call" ? "polite" : null });
      regions.push({ part: one.part, node, at: [y, x] });
      return node;
    });
    const isTop = row.parts.some((one) => ["name", "clock", "date"].includes(one.part));
    return el("div", { class: `row ${row.kind}${isTop ? " top-strip" : ""}`, css: row.kind === "area" ? { "--share": String(heights[areas.indexOf(row)]) } : {} }, cells);
  }));
  const closures = el("p", { id: "closures", class: "closures", hidden: true }); // below every layout, also one that people wrote
  root.append(closures);
  return [{ part: "closures", node: closures, at: [-1, -1] }, ...regions]; // first, for it takes height from the rows
}
