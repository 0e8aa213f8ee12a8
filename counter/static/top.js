// The strip above the work: where this is, who works here, and how to pause, close and leave.

import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";

/** The plain data from which the strip is drawn. */
export function topPicture({ data, me, counter, stage, off, several, keys }) {
  return { gerai: data.gerai.name, label: counter?.label || null, name: me.name, stage, off, several, keys };
}

/** The strip; `actions` {pressed(act), act(id), changeGerai(), leave()}. */
export function top(picture, actions) {
  const { label, stage, off, keys } = picture;
  const open = label !== null;
  const busy = stage === "called" || stage === "serving";
  const why = busy ? t("counter.finish_first") : null;
  const button = (word, focus, onClick, disabled = false) => el("button", { type: "button", class: "small", title: disabled ? why : null,
    data: { focus }, onClick, disabled }, word);
  const pause = () => actions.pressed({ id: "pause", ready: true });
  return [
    el("p", { class: "where" }, el("b", {}, label || t("counter.title")), el("span", {}, picture.gerai)),
    el("p", { class: "who" }, picture.name),
    open && stage !== "paused"
      ? button([t("counter.act.pause"), keys && !busy ? el("kbd", {}, "J") : null], "pause", pause, off || busy) : null,
    open ? button(t("counter.act.close"), "close", () => actions.act("close"), off || busy) : null,
    !open && picture.several ? button(t("counter.change_gerai"), "gerai", actions.changeGerai) : null,
    button(t("login.leave"), "leave", actions.leave),
  ];
}
