// One lamp for each kiosk, display, printer and print host in a narrow strip. What is in trouble says it, and since when.

import { age } from "/shared/ages.js";
import { timeOf } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { deviceState, printerState } from "./machines.js";

const WELL = new Set(["up", "live", "ready"]);
const UNKNOWN = new Set(["never", "unknown"]);

/** The lamps, those in trouble first. */
export function lamps({ devices, printers }) {
  const all = [...devices.map((one) => lamp(one, one.kind, deviceState(one))),
    ...printers.map((one) => lamp(one, "printer", printerState(one)))];
  const kinds = ["trouble", "well", "unknown"];
  all.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
  return el("ul", { class: "lamps", "aria-label": t("supervisor.devices") }, all.map((one) => one.node));
}

function lamp(one, what, { state, words, since }) {
  const kind = WELL.has(state) ? "well" : UNKNOWN.has(state) ? "unknown" : "trouble";
  const name = one.name && one.name !== one.code ? `${one.code} ${one.name}` : one.code;
  const told = `${name}: ${words}${since ? `, ${t("supervisor.since", { time: timeOf(since) })}` : ""}`;
  const node = el("li", { title: told, data: { lamp: one.code, what, kind, state } },
    kind === "trouble"
      ? [el("b", {}, one.code), ` ${words} `, since ? [t("supervisor.since", { time: timeOf(since) }), " · ", age(since)] : null]
      : [one.code, el("span", { class: "visually-hidden" }, ` ${words}`)]);
  return { kind, node };
}
