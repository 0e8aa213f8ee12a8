// The front desk: log in, follow room `desk`, take a number for someone, look one up.

import { keepAges } from "/shared/ages.js";
import { showLink, showPractice } from "/shared/banners.js";
import { dateOf, now_ms, timeWithSeconds, zoneName } from "/shared/clock.js";
import { byId, el, setText } from "/shared/dom.js";
import { get } from "/shared/http.js";
import { connect } from "/shared/live.js";
import { enter, leave } from "/shared/login.js";
import { pressing } from "/shared/press.js";
import { redraw } from "/shared/redraw.js";
import { sender } from "/shared/send.js";
import { problem, t } from "/shared/text.js";
import { lookUp, missedList, ticketCard } from "./find.js";
import { issuing } from "./issuing.js";
import { found, serviceList } from "./services.js";
import { ticketActs } from "./ticket_acts.js";

const state = { me: null, data: null, up: false, tickets: [] };
const { say, send } = sender({ node: byId("says"), isUp: () => state.up, changed: draw });
const acts = ticketActs(send, (ticket) => {
  state.tickets = state.tickets.map((one) => (one.id === ticket.id ? ticket : one));
  draw();
});
const wishes = issuing({ state, send, say, draw, acts });

enter({ place: byId("gate"), roles: ["receptionist"], onReady: begin });

function begin(me) {
  state.me = me;
  byId("strip").hidden = false;
  byId("search").addEventListener("input", draw);
  byId("search").addEventListener("keydown", firstFound);
  byId("find-form").addEventListener("submit", (event) => {
    event.preventDefault();
    look(byId("number").value);
  });
  document.addEventListener("keydown", shortcut);
  connect({ room: "desk", onView: (view) => take(view.data), onLink: (link) => {
    if (link.refused === 401) window.location.reload();
    state.up = link.up;
    showLink(link);
    draw();
  } });
  keepAges(tick);
}

function take(data) {
  state.data = data;
  showPractice(data.site);
  draw();
  refresh();
}

/** F2 presses the big button of the panel; nothing fires under a dialog or a held key. */
function shortcut(event) {
  if (event.key !== "F2" || event.repeat || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  if (state.data) wishes.main();
}

/** Enter in the search takes the first service found. */
function firstFound(event) {
  if (event.key !== "Enter" || !state.data) return;
  const first = found(state.data, event.target.value)[0]?.services[0];
  if (first) wishes.choose(first.code);
}

async function look(typed) {
  if (!typed.trim() || !state.data) return;
  byId("number").value = typed;
  const { answer, items } = await lookUp(typed, state.data.date);
  state.tickets = items;
  if (!answer.ok) say(answer.body?.errors?.[0]?.message || (answer.status ? problem(answer) : t("staff.no_answer")));
  else say(items.length ? "" : t("desk.not_found", { number: typed.trim() }), "warn");
  draw();
}

/** The tickets on the screen follow the views: asked again after each one. */
async function refresh() {
  for (const one of state.tickets) {
    const answer = await get(`/api/v1/tickets/${one.id}`);
    if (answer.ok) state.tickets = state.tickets.map((old) => (old.id === one.id ? answer.body : old));
  }
  if (state.tickets.length) draw();
}

function tick() {
  const node = document.getElementById("now");
  if (node && now_ms() !== null) setText(node, `${timeWithSeconds(now_ms())} ${zoneName()}`);
}

function draw() {
  const { data, me } = state;
  if (!data) return;
  const off = !state.up || pressing() !== null;
  byId("desk").hidden = false;
  redraw(byId("top"), { site: data.site.name, date: data.date, name: me.name }, top);
  redraw(byId("services"), { groups: found(data, byId("search").value), ...wishes.chosen() },
    (picture) => serviceList(picture, wishes.choose));
  wishes.draw(off);
  redraw(byId("found"), { tickets: state.tickets, services: data.services, gerai: data.gerai, off },
    ({ tickets, ...rest }) => tickets.map((ticket) => ticketCard({ ticket, ...rest }, acts)));
  redraw(byId("missed"), { missed: data.missed || [] }, (picture) => missedList(picture, look));
  tick();
}

function top({ site, date, name }) {
  return [
    el("p", { class: "where" }, el("b", {}, site), el("span", {}, dateOf(`${date}T12:00:00Z`)), el("span", { id: "now" })),
    el("p", { class: "who" }, name),
    el("button", { type: "button", class: "small", data: { focus: "leave" }, onClick: leave }, t("login.leave")),
  ];
}
