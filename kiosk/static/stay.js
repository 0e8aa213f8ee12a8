// "Masih di sini?": a page left alone goes home, never without at least 20 s to say no
// (WCAG 2.2, 2.2.1).

import { byId, el, replace, setText } from "/shared/dom.js";
import { t } from "/shared/text.js";

const ASK_S = 20;
const IDLE_S = 60;
const TICK_MS = 250;
const HIDE_MS = 1000; // not under the finger: what is below must not move between down and click

/**
 * Watches touches and keys; calls `leave()` at the end. Returns {restart, stop}:
 * restart(seconds) begins to count down; the question comes for the last 20 s.
 */
export function createStay(leave) {
  const strip = byId("stay");
  const left = el("span", { class: "number", "aria-hidden": "true" });
  let end_ms = null;
  let touched_ms = -Infinity;

  function restart(seconds = IDLE_S) {
    end_ms = performance.now() + seconds * 1000;
    tick();
  }

  function stop() {
    end_ms = null;
    strip.hidden = true;
  }

  function ask(left_s) {
    setText(left, String(left_s));
    if (!strip.hidden) return;
    const stay = el("button", { type: "button", onClick: touched }, t("kiosk.stay"));
    const words = el("p", { role: "status" }, el("strong", {}, t("kiosk.still_here")), " ", t("kiosk.leaving"), " ",
      left, "\u00a0", t("kiosk.seconds"), ".");
    strip.setAttribute("aria-label", t("kiosk.still_here"));
    replace(strip, words, stay);
    strip.hidden = false;
  }

  function tick() {
    if (end_ms === null) return;
    const left_s = Math.ceil((end_ms - performance.now()) / 1000);
    if (left_s <= 0) {
      stop();
      leave();
    } else if (left_s <= ASK_S) ask(left_s);
    else if (performance.now() - touched_ms > HIDE_MS) strip.hidden = true;
  }

  function touched() {
    touched_ms = performance.now();
    if (end_ms !== null) end_ms = Math.max(end_ms, touched_ms + IDLE_S * 1000);
  }

  for (const kind of ["pointerdown", "keydown", "wheel"]) document.addEventListener(kind, touched, true);
  setInterval(tick, TICK_MS);
  return { restart, stop };
}
