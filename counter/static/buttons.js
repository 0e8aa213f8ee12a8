// The buttons of an act. They are made once and changed in place, so that a press or the
// focus is never lost to a redraw. A button that cannot be pressed now says why when pressed.

import { el, setText } from "/shared/dom.js";
import { t } from "/shared/text.js";

/** One button: `update(act, {busy, off})` changes it; `press(act)` is called for every press. */
function actButton(press) {
  const label = el("span", { class: "label" });
  const note = el("span", { class: "note" });
  const key = el("kbd", {});
  let act = null;
  const node = el("button", { type: "button", onClick: () => press(act) },
    el("span", { class: "words" }, label, note), key);
  function update(given, { busy, off, keys }) {
    act = given;
    node.className = act.main ? "act big" : "act";
    node.dataset.act = act.id;
    node.dataset.busy = String(busy === act.id);
    node.setAttribute("aria-disabled", String(!act.ready || off || busy !== null));
    node.setAttribute("aria-keyshortcuts", act.keys.join(" "));
    setText(label, busy === act.id ? t("counter.sending") : t(`counter.act.${act.id}`));
    setText(note, missing(act) || noteOf(act));
    setText(key, keys ? act.keys.join(" / ") : "");
    key.hidden = !keys;
  }
  return { node, update };
}

function noteOf(act) {
  if (act.main && act.id !== "next") return "";
  return act.id === "next" && !act.ready ? t("counter.nobody_waits") : "";
}

/** Why an act that is offered cannot be pressed yet, as a sentence. */
export function notReady(act) {
  const what = missing(act);
  return what ? `${t(`counter.act.${act.id}`)}: ${what}.` : t("counter.nobody_waits");
}

/** What a no-show still needs, in words; "" when it is allowed. */
function missing(act) {
  if (!act.wait || act.ready) return "";
  const { calls, seconds } = act.wait;
  return calls ? t("counter.needs_calls", { calls }) : t("counter.needs_seconds", { seconds });
}

/** A bar of act buttons in `place`. Returns draw(acts, state), state {busy, off, keys}. */
export function actBar(place, press) {
  const main = actButton(press);
  const others = new Map();
  let shown = "";
  function buttonOf(act) {
    if (act.main) return main;
    if (!others.has(act.id)) others.set(act.id, actButton(press));
    return others.get(act.id);
  }
  return function draw(acts, state) {
    acts.forEach((act) => buttonOf(act).update(act, state));
    const ids = acts.map((act) => act.id).join();
    if (ids === shown) return;
    shown = ids;
    const rest = acts.filter((act) => !act.main);
    place.replaceChildren(...(acts.length ? [main.node] : []),
      el("div", { class: "others" }, rest.map((act) => buttonOf(act).node)));
  };
}
