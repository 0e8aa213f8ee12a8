// Shortcuts: one letter per act, F2 for the big button. Letters can be switched off (WCAG 2.1.4);
// none fires while somebody types, holds a key down, or answers a dialog.

import { actForKey, BIG_KEY } from "./acts.js";

const STORED = "counter.keys";

/** Whether letters press acts on this machine. */
export function keysOn() {
  return localStorage.getItem(STORED) !== "off";
}

/** Switches the letters on or off for this machine. */
export function setKeys(on) {
  localStorage.setItem(STORED, on ? "on" : "off");
}

function typing(node) {
  return node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName));
}

function meant(event) {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return false;
  if (typing(event.target) || document.querySelector("dialog[open]")) return false;
  return event.key === BIG_KEY || keysOn();
}

/** Presses the act whose key goes down; `acts()` gives those offered now. */
export function listen(acts, pressed) {
  document.addEventListener("keydown", (event) => {
    if (!meant(event)) return;
    const act = actForKey(acts(), event.key);
    if (!act) return;
    event.preventDefault();
    pressed(act);
  });
}
