// Who is at this staff page? The log-in form, the first change of a password, and a word to
// an account that belongs on another page. After each step the page is loaded again, so that
// cookies, CSRF token and socket all belong to the same person.

import { el, meta, replace } from "./dom.js";
import { sayWhatIsMissing } from "./filled.js";
import { API, get, post, useCsrf } from "./http.js";
import { problem, t } from "./text.js";

const RETRY_MS = 3000;
const FIRST = "login.first"; // since the log-in of this tab: the password is still the one somebody else made
const HOME = {
  officer: "/counter", receptionist: "/desk", supervisor: "/supervisor", viewer: "/supervisor",
  agency_head: "/supervisor", admin: "/admin",
};

/** `GET /me` as the pages use it. */
function person(body) {
  const { user, role, gerai = [], counters = [], open_counter = null } = body;
  return { username: user, name: body.name || user, role, gerai, counters, open_counter, must_change: body.must_change };
}

/** Calls `onReady(person)` once somebody of one of `roles` is logged in; until then fills `place`. */
export async function enter({ place, roles, onReady }) {
  sayWhatIsMissing();
  // The page itself tells when nobody is logged in: no request that is bound to be refused.
  if (!meta("person")) return show(place, loginForm(place));
  const answer = await get(`${API}/me`);
  if (answer.status === 401) return show(place, loginForm(place));
  if (answer.body?.code === "password_change_required") return show(place, changeForm());
  if (!answer.ok) {
    show(place, notice(problem(answer), t("login.again_soon")));
    return setTimeout(() => enter({ place, roles, onReady }), RETRY_MS);
  }
  if (answer.body.csrf) useCsrf(answer.body.csrf);
  const me = person(answer.body);
  if (me.must_change) return show(place, changeForm());
  if (!roles.includes(me.role)) return show(place, elsewhere(me));
  const begin = () => {
    place.hidden = true;
    return onReady(me);
  };
  // Asked between the log-in and the work, never of who has a loket open.
  const asks = sessionStorage.getItem(FIRST) === me.username && !me.open_counter;
  sessionStorage.removeItem(FIRST);
  return asks ? show(place, changeForm(begin)) : begin();
}

/** Ends the session and shows the form again. */
export async function leave() {
  await post(`${API}/logout`);
  window.location.reload();
}

function show(place, content) {
  place.hidden = false;
  replace(place, content);
  place.querySelector("[data-first]")?.focus();
}

function notice(...lines) {
  return el("div", { class: "card login" }, lines.map((line) => el("p", {}, line)));
}

function field(name, label, type, autocomplete, first = false) {
  const input = el("input", { id: name, name, type, autocomplete, class: "field", required: true,
    maxlength: 200, autocapitalize: "none", spellcheck: "false", data: first ? { first: "" } : {} });
  return [el("label", { for: name }, label), input];
}

/** A form that sends once at a time and shows the server's sentence when refused. */
function form(title, why, fields, word, send) {
  const says = el("p", { class: "says", role: "alert" });
  const button = el("button", { type: "submit", class: "wide", data: { kind: "main" } }, word);
  const submit = async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    says.textContent = "";
    says.textContent = await send(Object.fromEntries(new FormData(event.target))) || "";
    button.disabled = false;
  };
  return el("form", { class: "card login", onSubmit: submit },
    el("p", { class: "place top" }, meta("site")), el("h1", {}, title), why ? el("p", {}, why) : null,
    fields, revealer(), says, button);
}

/** A box that shows what is typed: less anxious than dots for most people. */
function revealer() {
  const toggle = (event) => {
    const on = event.target.checked;
    event.target.form.querySelectorAll("[autocomplete$=password]").forEach((one) => {
      one.type = on ? "text" : "password";
    });
  };
  return el("label", { class: "check" }, el("input", { type: "checkbox", onChange: toggle }), t("login.show"));
}

function loginForm(place) {
  const send = async ({ username, password }) => {
    const answer = await post(`${API}/login`, { username: username.trim(), password });
    if (!answer.ok) return refused(place, answer);
    if (answer.body.first_password) sessionStorage.setItem(FIRST, answer.body.user);
    window.location.reload();
    return "";
  };
  return form(t("login.title"), null, [
    field("username", t("login.username"), "text", "username", true),
    field("password", t("login.password"), "password", "current-password"),
  ], t("login.enter"), send);
}

function refused(place, answer) {
  const password = place.querySelector("#password");
  password?.select();
  password?.focus();
  return problem(answer);
}

/** `later`: what "not now" does, where it may wait. */
function changeForm(later = null) {
  const send = async ({ current, wanted, again }) => {
    if (wanted !== again) return t("login.mismatch");
    const answer = await post(`${API}/password`, { current, new: wanted });
    if (!answer.ok) return answer.body?.errors?.[0]?.message || problem(answer);
    sessionStorage.removeItem(FIRST);
    window.location.reload();
    return "";
  };
  // Unseen, so that a browser that keeps passwords knows whose this is.
  const whose = el("input", { type: "text", autocomplete: "username", value: meta("person"), hidden: true, readonly: true });
  const made = form(t("login.change"), t(later ? "login.change_first" : "login.change_why"), [whose,
    field("current", t("login.current"), "password", "current-password", true),
    field("wanted", t("login.wanted"), "password", "new-password"),
    field("again", t("login.repeat"), "password", "new-password"),
  ], t("login.save"), send);
  if (later) made.append(el("button", { type: "button", class: "wide", onClick: later }, t("login.later")));
  return made;
}

function elsewhere(me) {
  return el("div", { class: "card login" },
    el("h1", {}, t("login.elsewhere")), el("p", {}, t("login.elsewhere_why", { name: me.name })),
    HOME[me.role] ? el("a", { class: "button wide", data: { kind: "main" }, href: HOME[me.role] }, t("login.go")) : null,
    el("button", { type: "button", class: "wide", onClick: leave }, t("login.leave")));
}
