// Hours that differ from the week's, with an end to them, and the recent exceptions.

import { shortDate, timeOrDate } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { has, named, t } from "/shared/text.js";

/** The overrides in force or to come; `acts.endOverride(rule, words)`. */
export function overrides({ overrides: rules, gerai, can, off }, acts) {
  return [
    el("h2", {}, t("supervisor.overrides"), el("span", { class: "count" }, rules.length)),
    rules.length
      ? el("ul", { class: "rows", data: { list: "overrides" } }, rules.map((rule) => one(rule, gerai, can, off, acts)))
      : el("p", { class: "quiet" }, t("supervisor.no_overrides")),
  ];
}

function one(rule, gerai, can, off, acts) {
  const words = rule.reason || t(`supervisor.override.${rule.kind}`);
  return el("li", { data: { override: rule.id } },
    el("span", { class: "who" },
      el("b", {}, words),
      el("span", { class: "quiet what" }, [target(rule, gerai), t(`supervisor.override.${rule.kind}`), hours(rule), dates(rule)]
        .filter(Boolean).join(" · "))),
    can ? el("button", { type: "button", class: "small", disabled: off, data: { focus: `end-${rule.id}` },
      onClick: () => acts.endOverride(rule, words) }, t("supervisor.end")) : null);
}

function target(rule, gerai) {
  if (rule.scope === "site") return t("supervisor.whole_site");
  if (rule.scope === "gerai") return gerai.find((row) => row.code === rule.target)?.name || rule.target;
  const service = gerai.flatMap((row) => row.services).find((row) => row.code === rule.target);
  return service ? named(service.name) : rule.target;
}

function hours(rule) {
  return rule.intervals.map(([from, to]) => `${from}–${to}`.replaceAll(":", ".")).join(", ");
}

/** "mulai Sel, 3 Nov 2026, sampai diakhiri", or from when to when. */
export function dates(rule) {
  const [from, to] = [rule.from, rule.to].map((day) => day && shortDate(`${day}T12:00:00Z`));
  if (!to) return t("supervisor.from_on", { from });
  return from === to ? from : `${from} – ${to}`;
}

/** The exceptions, newest first: when, what, who. */
export function record({ exceptions }) {
  return [
    el("h2", {}, t("supervisor.record")),
    exceptions.length
      ? el("ol", { class: "rows", tabIndex: 0, "aria-label": t("supervisor.record"), data: { list: "exceptions" } },
        [...exceptions].sort((one, other) => other.seq - one.seq).map((row) => el("li", { data: { seq: row.seq } },
        el("span", { class: "quiet" }, timeOrDate(row.at)), el("span", { class: "name" }, row.text), row.actor ? el("span", { class: "quiet" }, actor(row.actor)) : null)))
      : el("p", { class: "quiet" }, t("supervisor.no_exceptions")),
  ];
}

/** Who did it, in words: a name as it is, what is no person by what it is. */
function actor(text) {
  const [kind, name = ""] = text.split(":");
  return has(`supervisor.actor.${kind}`) ? t(`supervisor.actor.${kind}`, { name }) : name || text;
}
