// The supervisor's page: log in, follow the floor or one's part of it, draw its parts from each view.

import { keepAges } from "/shared/ages.js";
import { showLink, showPractice } from "/shared/banners.js";
import { dateOf, now_ms, timeWithSeconds, zoneName } from "/shared/clock.js";
import { byId, el, setText } from "/shared/dom.js";
import { connect } from "/shared/live.js";
import { enter, leave } from "/shared/login.js";
import { pressing } from "/shared/press.js";
import { redraw } from "/shared/redraw.js";
import { sender } from "/shared/send.js";
import { t } from "/shared/text.js";
import { actsOf } from "./acts.js";
import { listen, sounds, soundSwitch } from "./alarm.js";
import { attention, attentionPicture } from "./attention.js";
import { backupsList, backupsPicture } from "./backups.js";
import { openDetail } from "./detail.js";
import { geraiCards, geraiPicture } from "./gerai.js";
import { followHour } from "./hour.js";
import { lamps } from "./lamps.js";
import { askLimits } from "./limits.js";
import { machines } from "./machines.js";
import { noticeList } from "./notices.js";
import { overrides, record } from "./record.js";
import { reports, reportsOf } from "./reports.js";
import { keepStandings } from "./standing.js";

const MAY_ACT = ["supervisor", "admin"];
const HEAD = "agency_head";
const VIEWER = "viewer";
const OF_THE_HALL = ["lamps", "notices", "machines"]; // what an agency head has no part in
const state = { me: null, data: null, hour: null, up: false };
const { say, send } = sender({ node: byId("says"), isUp: () => state.up, changed: draw });
const can = () => MAY_ACT.includes(state.me.role);
const readsReports = () => can() || state.me.role === HEAD; // an agency head the extracts of its own gerai
const kept = reportsOf(draw);
const setLimits = async () => await askLimits(state.data.gerai, say) && say(t("supervisor.done.limits"), "good");
const acts = { ...actsOf(send, () => state.data, kept), setLimits, openGerai: (one) => openDetail(one, { can: can(), hall: () => state.data }) };

enter({ place: byId("gate"), roles: [...MAY_ACT, VIEWER, HEAD], onReady: begin });

/** An agency head's room holds its own gerai and nothing else, a viewer's all but who did what. */
function roomOf({ role, gerai }) {
  return role === HEAD ? `floor:${gerai.map((one) => one.code).sort().join(",")}` : role === VIEWER ? "floor:*" : "floor";
}

function begin(me) {
  state.me = me;
  byId("strip").hidden = false;
  OF_THE_HALL.forEach((name) => (byId(name).hidden = me.role === HEAD));
  connect({
    room: roomOf(me),
    onView: (view) => {
      state.data = view.data;
      showPractice(view.data.site);
      listen(view.data.alerts);
      draw();
    },
    onLink: (link) => {
      if (link.refused === 401) window.location.reload();
      state.up = link.up;
      showLink(link);
      draw();
    },
  });
  followHour((hour) => {
    state.hour = hour;
    draw();
  });
  if (readsReports()) kept.look();
  keepAges(tick);
}

function tick() {
  const node = document.getElementById("now");
  if (node && now_ms() !== null) setText(node, `${timeWithSeconds(now_ms())} ${zoneName()}`);
  keepStandings();
}

function draw() {
  const { data, me } = state;
  if (!data) return;
  const common = { off: !state.up || pressing() !== null, can: can() };
  const part = (name, picture, drawn) => redraw(byId(name), picture, drawn);
  byId("hall").hidden = false;
  part("top", { site: data.site, name: me.name, date: data.date, sound: sounds(), ...common }, top);
  part("lamps", { devices: data.devices, printers: data.printers }, lamps);
  part("attention", { ...attentionPicture(data), ...common }, (picture) => attention(picture, acts));
  part("gerai", geraiPicture(data, state.hour), (picture) => geraiCards(picture, acts));
  part("machines", { devices: data.devices, printers: data.printers, ...common }, (picture) => machines(picture, acts));
  part("overrides", { overrides: data.overrides, gerai: data.gerai, ...common }, (picture) => overrides(picture, acts));
  part("notices", { notices: data.notices, ...common }, (picture) => noticeList(picture, acts));
  part("backups", backupsPicture(data), backupsList);
  byId("backups").hidden = !data.backups?.length;
  byId("reports").hidden = !readsReports();
  if (readsReports()) part("reports", { ...kept.picture(), gerai: data.gerai.map(({ code, name }) => ({ code, name })), ...common }, (picture) => reports(picture, acts));
  part("record", { exceptions: data.exceptions }, record);
  tick();
}

function top({ site, name, date, off, can: may }) {
  return [
    el("p", { class: "where" }, el("b", {}, site.name), el("span", {}, dateOf(`${date}T12:00:00Z`)), el("span", { id: "now" })),
    el("p", { class: "who" }, name),
    el("a", { class: "button small", href: "/supervisor/riwayat", data: { focus: "history" } }, t("supervisor.history")),
    soundSwitch(draw),
    may ? el("button", { type: "button", class: "small", disabled: off, data: { focus: "limits" }, onClick: acts.setLimits }, t("supervisor.limits")) : null,
    may ? el("button", { type: "button", class: "small", disabled: off, data: { focus: "day" }, onClick: acts.closeDay },
      t("supervisor.close_day")) : null,
    el("button", { type: "button", class: "small", data: { focus: "leave" }, onClick: leave }, t("login.leave")),
  ];
}
