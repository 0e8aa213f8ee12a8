// Redraws a region from its picture (plain data): only when the picture changed, and never
// between the moment a finger comes down and the click it makes, or the click would be lost;
// nor while somebody chooses from a list that is open, or it would close.

import { replace } from "./dom.js";

// a pointer that never comes up holds a redraw no longer than this
const FINGER_MAX_MS = 1500;
// and a list that was opened no longer than this
const CHOOSING_MAX_MS = 10000;

// region -> JSON of the picture it shows
const shown = new WeakMap();
// region -> the redraw that waits for the finger
const later = new Map();
// the node under the pointer that is down
let finger = null;
let timer = 0;
const isList = (node) => node?.tagName === "SELECT";

function lift() {
  clearTimeout(timer);
  finger = null;
  const due = Array.from(later.values());
  later.clear();
  due.forEach((run) => run());
}

document.addEventListener("pointerdown", (event) => {
  finger = event.target;
  clearTimeout(timer);
  timer = setTimeout(lift, isList(finger) ? CHOOSING_MAX_MS : FINGER_MAX_MS);
}, true);
// The click comes after pointerup, in the same turn of the loop or the next.
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => isList(finger) || setTimeout(lift, 0), true);
}
for (const end of ["change", "focusout"]) {
  document.addEventListener(end, (event) => isList(event.target) && setTimeout(lift, 0), true);
}

/** Shows `draw(picture)` (a node or a list) in `region`, keeping focus (data-focus) and scroll. */
export function redraw(region, picture, draw) {
  const key = JSON.stringify(picture);
  if (shown.get(region) === key) {
    later.delete(region);
    return;
  }
  const run = () => {
    const top = region.scrollTop;
    shown.set(region, key);
    replace(region, draw(picture));
    region.scrollTop = top;
  };
  if (finger && region.contains(finger)) later.set(region, run);
  else run();
}
