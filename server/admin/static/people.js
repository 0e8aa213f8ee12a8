// People: who may log in, as what, for which gerai; a password made up is shown once.

import { confirm } from "/shared/ask.js";
import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { several, choice, text } from "./fields.js";
import { askForm, showOnce } from "./form.js";
import { API, listed, table } from "./part.js";

const ROLES = ["officer", "receptionist", "agency_head", "viewer", "supervisor", "admin"];
const OF_GERAI = ["officer", "agency_head"];

export async function load() {
  return { people: await listed("/users") };
}

export function draw({ people, data, off }, page) {
  const gerai = data.gerai.map((one) => [one.code, one.name]);
  return [
    el("h1", {}, t("admin.people"), el("span", { class: "count" }, people.length)),
    el("button", { type: "button", data: { kind: "main", focus: "add" }, disabled: off, onClick: () => add(gerai, page) }, t("admin.people_add")),
    table(["name", "username", "role", "gerai", "acts"], people.map((one) => row(one, gerai, off, page))),
  ];
}

function row(person, gerai, off, page) {
  const names = person.gerai.map((code) => gerai.find(([known]) => known === code)?.[1] || code);
  const button = (word, name, onClick) => el("button", { type: "button", class: "small", disabled: off,
    data: { focus: `${name}-${person.username}`, act: name }, onClick }, t(word));
  return [{ person: person.username, state: person.active ? "on" : "off" }, [
    person.name, person.username, [t(`role.${person.role}`), person.active ? null : el("span", { class: "badge" }, t("admin.inactive"))],
    names.join(", "),
    [button("admin.change", "change", () => change(person, gerai, page)),
      button("admin.password", "password", () => reset(person, page)),
      person.active ? button("admin.disable", "disable", () => disable(person, page))
        : button("admin.enable", "enable", () => page.act(`enable:${person.username}`, place(person), { active: true, version: person.version }, t("admin.done.person")))],
  ]];
}

const place = (person) => `${API}/users/${encodeURIComponent(person.username)}`;

function fieldsOf(gerai, person = { name: "", role: "officer", gerai: [] }) {
  const own = several("gerai", t("admin.gerai"), gerai, { value: person.gerai, hint: t("admin.gerai_hint") });
  const role = choice("role", t("admin.role"), ROLES.map((one) => [one, t(`role.${one}`)]), { value: person.role });
  const fit = () => (own.node.hidden = !OF_GERAI.includes(role.read()));
  role.onChange(fit);
  fit();
  return [text("name", t("admin.name"), { value: person.name, required: true }), role, own];
}

/** Who is of no gerai sends none, whatever was ticked before the role was chosen. */
const fitting = (values) => ({ ...values, gerai: OF_GERAI.includes(values.role) ? values.gerai : [] });

async function add(gerai, page) {
  const [name, ...rest] = fieldsOf(gerai);
  const answer = await askForm({
    title: t("admin.people_add"), yes: t("admin.add"), url: `${API}/users`,
    fields: [name, text("username", t("login.username"), { required: true, max: 40, hint: t("admin.username_hint") }), ...rest,
      text("password", t("admin.first_password"), { max: 200, none: true, hint: t("admin.password_hint") })],
    beside: { already_exists: "username", weak_password: "password" },
    body: ({ password, ...values }) => fitting(password ? { ...values, password } : values),
  });
  await after(answer, page);
}

async function change(person, gerai, page) {
  const answer = await askForm({ title: t("admin.change_of", { name: person.name }), why: t("admin.change_why"), yes: t("admin.save"),
    url: place(person), fields: fieldsOf(gerai, person), body: (values) => ({ ...fitting(values), version: person.version }), beside: { last_admin: "role" } });
  await after(answer, page);
}

async function reset(person, page) {
  const answer = await askForm({
    title: t("admin.password_of", { name: person.name }), why: t("admin.password_why"), yes: t("admin.password"),
    url: `${place(person)}/password`, beside: { weak_password: "password" },
    fields: [text("password", t("admin.new_password"), { max: 200, none: true, hint: t("admin.password_hint") })],
    body: ({ password }) => ({ ...(password ? { password } : {}), version: person.password_version }),
  });
  await after(answer, page);
}

async function after(answer, page) {
  if (!answer) return;
  const { name, username, password } = answer.body;
  page.done(t("admin.done.person"));
  if (password) await showOnce(t("admin.password_made", { name }), t("admin.password_note", { username }), password);
}

async function disable(person, page) {
  const sure = await confirm(t("admin.disable_of", { name: person.name }), t("admin.disable_why"), t("admin.disable"), { danger: true });
  if (sure) await page.act(`disable:${person.username}`, place(person), { active: false, version: person.version }, t("admin.done.person"));
}
