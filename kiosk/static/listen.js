// "Dengarkan": reads each page aloud and makes it usable with four keys: previous, next, choose,
// repeat (arrows, Enter, Space, or the bar), without seeing or touching the page itself
// (EN 301 549, closed functionality: 5.1.3; new speech always ends the old one, 5.1.3.5).

import { el, replace, setText } from "/shared/dom.js";
import { language, t } from "/shared/text.js";
import { createSpeaker } from "./speak.js";

const PARTS = "h1, h2, p, li, legend, dl > div, button, input, .hall-closed";
const KEYS = { ArrowLeft: "previous", ArrowUp: "previous", ArrowRight: "next", ArrowDown: "next", Enter: "choose", " ": "repeat" };
const SIGNS = { previous: "◀", next: "▶", choose: "✓", repeat: "↻" };
const isButton = (node) => node.tagName === "BUTTON";

/** What is read of a part: its own words for the ear (data-say), its label, or what stands there. */
export function wordsOf(node) {
  const words = node.dataset.say || node.getAttribute("aria-label") || node.innerText.replace(/\s+/g, " ").trim();
  if (!isButton(node)) return words;
  const chosen = node.getAttribute("aria-pressed") === "true" ? ` ${t("kiosk.say_chosen")}` : "";
  return `${words}.${chosen} ${t(node.disabled ? "kiosk.say_off" : "kiosk.say_button")}`;
}

/** The parts of the page in reading order; a part inside another is read with it. */
function partsOf(area, frame) {
  const all = [...area.querySelectorAll(PARTS), ...frame()];
  return all.filter((node) => node.checkVisibility() && wordsOf(node) !== "" && (isButton(node)
    || (!node.querySelector("button") && !node.parentElement.closest(`button, ${PARTS}`))));
}

/**
 * `area` is read, then the buttons around it; `bar` shows the four keys; `begin()` turns reading
 * on at the first arrow key, because a keypad without a screen has nothing else to begin with.
 */
export function createListen({ area, bar, begin }) {
  const speaker = createSpeaker();
  const frame = () => document.querySelectorAll("#more, #stay p, #stay button, #bar button");
  let isOn = false;
  let page = "";
  let at = null; // the part that is read
  let place = 0;
  let turn = 0; // counts every wish to speak; an older one no longer goes on

  function mark(node) {
    at?.classList.remove("read");
    at = node || null;
    at?.classList.add("read");
    at?.scrollIntoView({ block: "nearest" });
  }

  /** Reads the part at `index`, and the ones after it too until a key is pressed (`goesOn`). */
  async function read(index, goesOn = false) {
    const mine = (turn += 1);
    const parts = partsOf(area, frame);
    place = Math.max(0, Math.min(index, parts.length - 1));
    mark(parts[place]);
    if (!at) return;
    if (isButton(at) || at.tagName === "INPUT") at.focus({ preventScroll: true });
    const told = await speaker.say(wordsOf(at), language());
    if (told === "done" && goesOn && mine === turn && place + 1 < parts.length && area.contains(parts[place + 1])) read(place + 1, true);
  }

  const acts = {
    previous: () => read(place - 1),
    next: () => read(place + 1),
    repeat: () => read(place),
    choose: () => (at && isButton(at) && !at.disabled && at.isConnected ? at.click() : read(place)),
  };

  function onKey(event) {
    const wanted = KEYS[event.key];
    if (!wanted || event.ctrlKey || event.altKey || event.metaKey) return;
    if (bar.contains(event.target) && (event.key === "Enter" || event.key === " ")) return; // the bar's own button
    if (!isOn && !event.key.startsWith("Arrow")) return;
    if (event.target.tagName === "INPUT" && (!isOn || event.key === " ")) return;
    event.preventDefault();
    if (!isOn) begin();
    else if (!event.repeat) acts[wanted]();
  }

  function drawBar() {
    const voice = el("p", { class: "no-voice", role: "status" });
    const keys = Object.keys(SIGNS).map((name) => el("button", { type: "button", data: { key: name }, onClick: acts[name] },
      el("span", { "aria-hidden": "true" }, SIGNS[name]), " ", t(`kiosk.key_${name}`)));
    replace(bar, voice, keys);
    speaker.ready(language()).then((can) => setText(voice, can ? "" : t("kiosk.no_voice")));
  }

  document.addEventListener("keydown", onKey);
  return {
    /** Turns reading on or off, and reads a page that is new. */
    show(wanted, newPage) {
      const isNew = wanted && (!isOn || `${newPage} ${language()}` !== page);
      if (isOn && !wanted) {
        speaker.stop();
        mark(null);
        turn += 1;
      }
      [isOn, page] = [wanted, `${newPage} ${language()}`];
      bar.hidden = !isOn;
      if (!isNew) return;
      drawBar();
      setTimeout(() => isOn && read(0, true), 0);
    },
    /** After a redraw of the same page: the mark goes on at the same place. */
    drawn() {
      if (isOn && !at?.isConnected) mark(partsOf(area, frame)[place]);
    },
  };
}
