// The office: the last view, what of it is mine, and the presses. Everything shown is drawn
// from the view and this little state; a press only sends, and the view then tells.

import { showPractice } from "/shared/banners.js";
import { now_ms } from "/shared/clock.js";
import { byId } from "/shared/dom.js";
import { get } from "/shared/http.js";
import { newTurn, pressing } from "/shared/press.js";
import { redraw } from "/shared/redraw.js";
import { sender } from "/shared/send.js";
import { t } from "/shared/text.js";
import { intentOf, offered } from "./acts.js";
import { actBar, notReady } from "./buttons.js";
import { chooseLoket, loketPicture } from "./choose.js";
import { keysOn, setKeys } from "./keys.js";
import { line, linePicture } from "./line.js";
import { fingerprint, myCounter, stageOf } from "./picture.js";
import { askFirst, askPick } from "./questions.js";
import { doneWords, refusal, seenPrint } from "./refusal.js";
import { side, sidePicture } from "./side.js";
import { top, topPicture } from "./top.js";
import { remedy, UNDO_KEY, undoing } from "./undo.js";
import { card, cardPicture } from "./work.js";

/** The sentence stands by the buttons, in a place kept free: nothing moves under a finger. */
function showSlot(open) {
  const slot = byId(open ? "slot" : "choose-slot");
  if (!slot.contains(byId("says"))) slot.append(byId("says"));
}

/** The office of one person at one gerai; `outside` {changeGerai(), leave(counter)}. */
export function office(me, outside) {
  const state = { me, data: null, up: false, turn: 0, print: "", several: me.gerai.length > 1, own: me.today };
  const bar = actBar(byId("acts"), pressed);

  function scene() {
    const counter = myCounter(state.data, me.username);
    const busy = pressing();
    return { ...state, counter, stage: stageOf(counter), off: !state.up || busy !== null, busy, keys: keysOn() };
  }

  /** The acts that a press or a key can mean now. */
  function acts() {
    if (!state.data) return [];
    const { counter, stage, data } = scene();
    const more = stage === "free" ? [{ id: "pause", keys: ["J"], ready: true }] : [];
    if (undo.open()) more.push({ id: "undo", keys: [UNDO_KEY], ready: true });
    return [...offered(stage, counter, data, now_ms()), ...more];
  }

  const { say, send } = sender({
    node: byId("says"), isUp: () => state.up, changed: draw, sentence: (answer) => refusal(answer, state.data),
  });

  const undo = undoing({ node: byId("undo"), send, say, keys: keysOn });

  async function act(id, body = {}) {
    const { counter, turn } = scene();
    const number = counter.leg?.number || "";
    undo.offer(null);
    const intent = intentOf(id, counter, turn, body);
    intent.seen = (answer) => fingerprint(myCounter(state.data, me.username)) === seenPrint(answer);
    const answer = await send(intent, doneWords(id, number));
    if (answer?.status === 204) say(t("counter.nobody_waits"), "warn");
    else if (answer?.ok) undo.offer(remedy(id, counter.leg, counter));
  }

  async function priority(leg, value) {
    undo.offer(null);
    const answer = await send({ name: `priority:${leg.ticket}:${value}:${leg.priority.state}`,
      url: `/api/v1/tickets/${leg.ticket}/priority`, body: { value } });
    if (answer?.ok && value === null) undo.offer(remedy("unpriority", leg));
  }

  /** The officer's own figures, asked again whenever this loket changed. */
  async function countOwn() {
    const answer = await get("/api/v1/me");
    if (answer.ok) state.own = answer.body.today;
    draw();
  }

  async function pressed(one) {
    if (!one.ready) return say(notReady(one), "warn");
    if (one.id === "undo") return undo.take();
    const before = scene();
    const body = await askFirst(one.id, before, () => state.data);
    if (!body) return undefined;
    // While the question was open the visitor may have been taken away (released, cancelled).
    return scene().turn === before.turn ? act(one.id, body) : say(t("counter.changed"), "warn");
  }

  const actions = {
    act, pressed, changeGerai: outside.changeGerai,
    leave: () => outside.leave(scene().counter),
    toggleKeys: () => { setKeys(!keysOn()); draw(); },
    open: (code) => send({ name: `open:${code}`, url: `/api/v1/counters/${encodeURIComponent(code)}/open` }),
    pick: async (row) => {
      const body = await askPick(row);
      if (body && scene().stage === "free") act("pick", body);
    },
    resumeLeg: (leg) => act("resume_leg", { leg: leg.leg }),
    giveBack: (leg) => send({ name: `back:${leg.leg}:${leg.call_count}`,
      url: `/api/v1/tickets/${leg.ticket}/return` }, doneWords("give_back", leg.number)),
    reprint: (slip) => send({ name: `reprint:${slip.ticket}:${slip.at}`,
      url: `/api/v1/tickets/${slip.ticket}/reprint` }, doneWords("reprint", slip.number)),
    priority,
  };

  function take(data) {
    const print = fingerprint(myCounter(data, me.username));
    if (print !== state.print) {
      const lost = state.print && !state.print.startsWith("|") && print.startsWith("|") && !pressing();
      Object.assign(state, { print, turn: state.turn + 1 });
      newTurn();
      countOwn();
      say(lost ? t("counter.lost") : "", "warn");
    }
    state.data = data;
    showPractice(data.site);
    draw();
  }

  function draw() {
    if (!state.data) return;
    const now = scene();
    const open = now.stage !== "closed";
    byId("choose").hidden = open;
    byId("office").hidden = !open;
    byId("office").dataset.stage = now.stage;
    showSlot(open);
    redraw(byId("top"), topPicture(now), (picture) => top(picture, actions));
    if (!open) return redraw(byId("choose"), loketPicture(now), (picture) => chooseLoket(picture, actions.open));
    redraw(byId("visitor"), cardPicture(now), (picture) => card(picture, actions));
    redraw(byId("line"), linePicture(now), (picture) => line(picture, actions));
    redraw(byId("side"), sidePicture(now), (picture) => side(picture, actions));
    return drawActs(now);
  }

  function drawActs(now = scene()) {
    bar(offered(now.stage, now.counter, now.data, now_ms()), { busy: pressing()?.split(":")[0] ?? null, off: !state.up, keys: now.keys });
  }

  return {
    acts, pressed, take, tick: () => state.data && drawActs(),
    setUp: (up) => { state.up = up; draw(); },
  };
}
