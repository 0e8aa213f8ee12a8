// The history page: one question to the server for what its address asks, then figures and charts.

import { byId, el, replace } from "/shared/dom.js";
import { enter, leave } from "/shared/login.js";
import { problem, t } from "/shared/text.js";
import { figures } from "./asking.js";
import { chooser, measures, narrower } from "./choose.js";
import { heat } from "./heat.js";
import { isDate, iso, periodWords } from "./periods.js";
import { officers, summary } from "./summary.js";
import { trend } from "./trend.js";
import { waits } from "./waits.js";
import { askedOf, wishOf } from "./wish.js";

const ROLES = ["supervisor", "admin", "viewer", "agency_head"];
const wish = wishOf(window.location.search);

enter({ place: byId("gate"), roles: ROLES, onReady: begin });

async function begin(me) {
  byId("strip").hidden = byId("past").hidden = false;
  replace(byId("who"), me.name);
  byId("leave").addEventListener("click", leave);
  say(t("history.counting"), "calm");
  const answer = await figures(`/figures/history?${askedOf(wish)}`);
  if (answer.status === 401) return window.location.reload();
  return answer.ok ? draw(answer.body) : refuse(answer);
}

function say(words, kind) {
  replace(byId("told"), words ? el("p", { class: "notice", role: "status", data: { kind } }, words) : null);
}

/** The server's own sentence; the way to another period stays, from dates that are none to this computer's own. */
function refuse(answer) {
  const today = answer.body?.today;
  const here = new Date();
  const from = isDate(wish.from) ? wish.from : today || iso(Date.UTC(here.getFullYear(), here.getMonth(), here.getDate()));
  replace(byId("choose"), chooser({ ...wish, from }, today));
  say(answer.body?.errors?.[0]?.message || problem(answer), "bad");
}

function draw(data) {
  Object.assign(wish, { from: data.from, to: data.to });
  const { choices, now } = data;
  replace(byId("choose"), chooser(wish, data.today));
  replace(byId("narrow"), narrower(wish, choices));
  document.title = `${periodWords(wish.period, data)} · ${document.title}`;
  const isEmpty = now.total.legs === 0;
  say(isEmpty ? t(now.days ? "history.empty" : "history.no_days", { period: periodWords(wish.period, data) }) : "", "calm");
  // Refused wishes have no legs: a day on which everybody was sent away still has its figures.
  const parts = isEmpty ? [] : [measures(wish), el("div", { class: "charts" }, trend(data, wish), heat(data, wish), data.waits.length ? waits(data, wish) : null)];
  replace(byId("drawn"), now.days ? summary(data, wish) : null, el("div", { class: "drawings" }, parts));
  if (data.officers && !isEmpty) tellOfficers();
}

async function tellOfficers() {
  const answer = await figures(`/figures?by=officer&${askedOf(wish)}`);
  if (answer.ok) byId("officers").replaceChildren(officers(answer.body, wish));
}
