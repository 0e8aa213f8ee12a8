// From when on an alert is raised: the hall's own limits, and what a single service has instead.

import { endings, modal } from "/shared/ask.js";
import { el } from "/shared/dom.js";
import { API, get, newKey, post } from "/shared/http.js";
import { refused } from "/shared/send.js";
import { named, t } from "/shared/text.js";

const MINUTE_S = 60;
const LIMITS = [["alert_wait_percent", 1000], ["alert_service_percent", 1000], ["alert_queue", 1000], ["alert_idle_s", 120]];
const OWN = ["alert_queue", "alert_idle_s"]; // what a service may have of its own, in `<name>_of`
const unit = (name) => (name === "alert_idle_s" ? MINUTE_S : 1);
const most = (name) => LIMITS.find(([one]) => one === name)[1];
const word = (name) => t(`supervisor.limit.${name}`);

/** Asks for the limits and sends them; what was refused is said below the fields, and stays as it was typed. Resolves to true when they were taken. */
export async function askLimits(gerai, say) {
  const found = await get(`${API}/policy`);
  if (!found.ok) return void say(refused(found));
  const rules = found.body;
  return modal(t("supervisor.limits"), (close) => {
    const says = el("p", { class: "says notice", role: "alert", hidden: true });
    const whole = LIMITS.map(([name]) => field(name, rules[name], word(name), t(`supervisor.limit_hint.${name}`)));
    const own = ownLimits(gerai, rules);
    const told = (words) => {
      says.hidden = !words;
      says.textContent = words;
      if (words) says.scrollIntoView({ block: "center" });
    };
    let key = newKey();
    let isSending = false;
    const submit = async (event) => {
      event.preventDefault();
      if (isSending) return;
      const wrong = [...whole, ...own.fields()].find((one) => Number.isNaN(one.read()));
      told(wrong ? t("supervisor.limit_bad", { name: wrong.label, most: most(wrong.name) }) : "");
      if (wrong) return void wrong.input.focus();
      const wish = changes(rules, whole, own);
      if (!Object.keys(wish).length) return close(null);
      isSending = true;
      const answer = await post(`${API}/policy`, wish, { key });
      isSending = false;
      if (answer.ok) return close(true);
      key = newKey(); // a refusal is no answer to another wish
      told(refused(answer));
    };
    return el("form", { class: "entries limits", novalidate: true, onSubmit: submit },
      el("p", {}, t("supervisor.limits_why")), whole.map((one) => one.node), own.node, says,
      endings(close, t("supervisor.limits_yes"), { form: true }));
  });
}

/** A whole number in its unit; empty only where `rest` stands for it. read(): null for nothing, NaN for what is none. */
function field(name, value, label, hint, id = name) {
  const input = el("input", { id, class: "field short", type: "text", inputmode: "numeric", maxlength: 6, autocomplete: "off",
    value: value === undefined ? "" : String(value / unit(name)).replace(".", ",") });
  const mayBeEmpty = id !== name;
  const read = () => {
    const typed = input.value.trim().replace(",", ".");
    if (typed === "") return mayBeEmpty ? null : NaN;
    const given = Number(typed) * unit(name);
    return /^\d+(\.\d+)?$/.test(typed) && Number.isInteger(given) && given <= most(name) * unit(name) ? given : NaN;
  };
  const node = el("div", { class: "entry" }, el("label", { for: id }, label), input, hint ? el("p", { class: "quiet hint" }, hint) : null);
  return { name, label, input, node, read };
}

/** Only what is another than it was: who sets the rest meanwhile keeps it. */
function changes(rules, whole, own) {
  const given = { ...Object.fromEntries(whole.map((one) => [one.name, one.read()])), ...own.read() };
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => !isSame(value, rules[name] ?? {})));
}

const isSame = (one, other) => (typeof one !== "object" ? one === other
  : Object.keys({ ...one, ...other }).every((code) => one[code] === other[code]));

/** The rows of services with limits of their own: a chosen one is added, an emptied one follows the hall again. */
function ownLimits(gerai, rules) {
  const rows = new Map(); // service -> its fields
  const list = el("ul", { class: "rows", data: { list: "limits" } });
  const names = new Map(gerai.flatMap((one) => one.services.map((row) => [row.code, `${one.name}, ${named(row.name)}`])));
  const add = (code) => {
    if (rows.has(code)) return void rows.get(code)[0].input.focus();
    const fields = OWN.map((name) => ({ ...field(name, rules[`${name}_of`]?.[code], word(name), null, `${name}-${code}`), code }));
    fields.forEach((one) => (one.label = `${names.get(code)}: ${word(one.name)}`));
    rows.set(code, fields);
    list.append(el("li", { data: { service: code } }, el("b", { class: "name" }, names.get(code)), fields.map((one) => one.node)));
  };
  const choose = el("select", { id: "limit-service", class: "field" }, el("option", { value: "" }, ""),
    gerai.map((one) => el("optgroup", { label: one.name }, one.services.map((row) => el("option", { value: row.code }, named(row.name))))));
  choose.addEventListener("change", () => {
    if (choose.value) add(choose.value);
    choose.value = "";
  });
  [...names.keys()].filter((code) => OWN.some((name) => rules[`${name}_of`]?.[code] !== undefined)).forEach(add);
  const fields = () => [...rows.values()].flat();
  const read = () => Object.fromEntries(OWN.map((name) => [`${name}_of`, Object.fromEntries(
    fields().filter((one) => one.name === name && one.read() !== null).map((one) => [one.code, one.read()]))]));
  const node = el("fieldset", { class: "own-limits" }, el("legend", {}, t("supervisor.limits_own")), el("p", { class: "quiet" }, t("supervisor.limits_own_why")),
    list, el("label", { for: "limit-service" }, t("supervisor.limits_add")), choose);
  return { node, fields, read };
}
