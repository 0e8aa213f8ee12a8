// The supervisor's page: log in, follow the floor, draw its parts from each view.

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
import { attention, attentionPicture } from "./attention.js";
import { backupsList, backupsPicture } from "./backups.js";
import { geraiPicture, geraiTable } from "./gerai.js";
import { machines } from "./machines.js";
import { overrides, record } from "./record.js";
import { reports, reportsOf } from "./reports.js";

const MAY_ACT = ["supervisor", "admin"];
const state = { me: null, data: null, up: false };
const { send } = sender({ node: byId("says"), isUp: () => state.up, changed: draw });
const kept = reportsOf(draw);
const acts = actsOf(send, () => state.data, kept);

enter({ place: byId("gate"), roles: ["supervisor", "admin", "viewer"], onReady: begin });

function begin(me) {
  state.me = me;
  byId("strip").hidden = false;
  connect({
    room: "floor",
    onView: (view) => {
      state.data = view.data;
      showPractice(view.data.site);
      draw();
    },
    onLink: (link) => {
      if (link.refused === 401) window.location.reload();
      state.up = link.up;
      showLink(link);
      draw();
    },
  });
  if (MAY_ACT.includes(me.role)) kept.look();
  keepAges(tick);
}

function tick() {
  const node = document.getElementById("now");
  if (node && now_ms() !== null) setText(node, `${timeWithSeconds(now_ms())} ${zoneName()}`);
}

function draw() {
  const { data, me } = state;
  if (!data) return;
  const off = !state.up || pressing() !== null;
  const can = MAY_ACT.includes(me.role);
  byId("hall").hidden = false;
  const common = { off, can };
  redraw(byId("top"), { site: data.site, name: me.name, date: data.date, ...common }, top);
  redraw(byId("attention"), { ...attentionPicture(data), ...common }, (picture) => attention(picture, acts));
  redraw(byId("gerai"), { ...geraiPicture(data), ...common }, (picture) => geraiTable(picture, acts));
  redraw(byId("machines"), { devices: data.devices, printers: data.printers, ...common }, (picture) => machines(picture, acts));
  redraw(byId("overrides"), { overrides: data.overrides, gerai: data.gerai, ...common }, (picture) => overrides(picture, acts));
  redraw(byId("backups"), backupsPicture(data), backupsList);
  byId("backups").hidden = !data.backups?.length;
  byId("reports").hidden = !can;
  redraw(byId("reports"), { ...kept.picture(), off }, (picture) => reports(picture, acts));
  redraw(byId("record"), { exceptions: data.exceptions }, record);
  tick();
}

function top({ site, name, date, off, can }) {
  return [
    el("p", { class: "where" }, el("b", {}, site.name), el("span", {}, dateOf(`${date}T12:00:00Z`)), el("span", { id: "now" })),
    el("p", { class: "who" }, name),
    can ? el("button", { type: "button", class: "small", disabled: off, data: { focus: "day" }, onClick: acts.closeDay },
      t("supervisor.close_day")) : null,
    el("button", { type: "button", class: "small", data: { focus: "leave" }, onClick: leave }, t("login.leave")),
  ];
}
