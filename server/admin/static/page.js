// The administrator's page: log in, follow the floor, show the part that the address names.

import { showLink, showPractice } from "/shared/banners.js";
import { byId, el, meta } from "/shared/dom.js";
import { connect } from "/shared/live.js";
import { enter, leave } from "/shared/login.js";
import { pressing } from "/shared/press.js";
import { redraw } from "/shared/redraw.js";
import { sender } from "/shared/send.js";
import { problem, t } from "/shared/text.js";
import { whenLate } from "./form.js";

const NAMES = ["people", "devices", "screens", "media", "calendar", "services", "notices", "look", "slip", "report"];
const PARTS = {}; // name -> its module, once it has been opened: a part's script comes only then
const FIRST = "people";
const state = { me: null, data: null, up: false, part: null, lists: null, turn: 0 };
const { say, send } = sender({ node: byId("says"), isUp: () => state.up, changed: draw });

/** What a part may do besides its forms. */
const page = {
  /** One press: sends, says what was done, and reads the lists again. */
  async act(name, url, body, done) {
    const answer = await send({ name, url, body }, done);
    if (answer) await reload();
    return answer;
  },
  /** A form was taken: says so and reads the lists again. */
  done(words) {
    say(words, "good");
    return reload();
  },
  /** Draws again what the part itself has turned to. */
  again() {
    state.turn += 1;
    draw();
  },
};

whenLate(reload);
enter({ place: byId("gate"), roles: ["admin"], onReady: begin });

function begin(me) {
  state.me = me;
  byId("strip").hidden = false;
  window.addEventListener("hashchange", show);
  connect({
    room: "floor",
    onView: (view) => {
      state.data = view.data;
      showPractice(view.data.site);
      if (!state.part) show();
      draw();
    },
    onLink: (link) => {
      if (link.refused === 401) window.location.reload();
      state.up = link.up;
      showLink(link);
      draw();
    },
  });
}

/** The part that the address names after #, with fresh lists. */
function show() {
  const named = window.location.hash.slice(1);
  state.part = NAMES.includes(named) ? named : FIRST;
  state.lists = null;
  say("");
  draw();
  return reload();
}

async function reload() {
  const part = state.part;
  try {
    PARTS[part] ??= await import(meta(`part-${part}`));
    const lists = await PARTS[part].load();
    if (part === state.part) state.lists = lists; // the person may have gone on meanwhile
  } catch (answer) {
    // A script that did not come is told like an answer that did not.
    if (answer instanceof Error && PARTS[part]) throw answer;
    if (answer instanceof Error) return void say(t("staff.no_answer"));
    say(problem(answer));
  }
  draw();
}

function draw() {
  const { data, me, part, lists, turn } = state;
  if (!data || !part) return;
  const off = !state.up || pressing() !== null;
  byId("admin").hidden = false;
  redraw(byId("top"), { name: me.name, site: data.site.name }, top);
  redraw(byId("parts"), { part }, links);
  byId("part").dataset.part = part;
  byId("part").dataset.ready = String(lists !== null);
  redraw(byId("part"), { part, off, lists, turn, data: needed(data) }, () => (lists
    ? PARTS[part].draw({ ...lists, data, off }, page) : el("p", { class: "quiet" }, t("admin.loading"))));
}

/** What the parts show of the live view: nothing of the line itself, or every ticket would redraw a list. */
function needed({ date, site, gerai, devices: machines, printers, enrolments, overrides }) {
  const named = gerai.map(({ code, name, services }) => ({ code, name, services: services.map((one) => [one.code, one.name]) }));
  return { date, site, gerai: named, machines, enrolments, overrides, printers: printers.map(({ code, name }) => ({ code, name })) };
}

function top({ name, site }) {
  return [
    el("p", { class: "where" }, el("b", {}, t("admin.title")), el("span", {}, site)),
    el("p", { class: "who" }, name),
    el("a", { class: "button small", href: "/supervisor" }, t("admin.to_supervisor")),
    el("button", { type: "button", class: "small", data: { focus: "leave" }, onClick: leave }, t("login.leave")),
  ];
}

function links({ part }) {
  return NAMES.map((name) => el("a", { href: `#${name}`, "aria-current": name === part ? "page" : null,
    data: { focus: name } }, t(`admin.${name}`)));
}
