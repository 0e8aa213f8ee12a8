// The kiosk's sentences, from a view and an answer.

import { dateOf, now_ms, sameDay, timeOf, zoneName } from "/shared/clock.js";
import { closedBy, hallClosedBy } from "/shared/closed.js";
import { t } from "/shared/text.js";

const PRINTING = new Set(["queued", "sending", "sent"]);
const PRINTED = new Set(["assumed", "confirmed"]);
const TROUBLE = new Set(["paper_out", "cover_open", "offline", "error"]);

/** Why a closed service gives no number. */
export function whyClosed(service) {
  return closedBy(service) || t(`kiosk.reason.${service.reason || "closed"}`);
}

const HALL = new Set(["before_opening", "break", "after_cutoff", "holiday", "clock_suspect"]);
const TAGGED = new Set(["before_opening", "break", "after_cutoff", "quota_reached", "gerai_closed", "service_closed",
  "service_paused", "holiday"]);

/** One or two words on a closed service's tile. */
export function closedWord(reason) {
  return TAGGED.has(reason) ? t(`kiosk.tag.${reason}`) : t("kiosk.closed_tag");
}

/** The standing all share when no service gives numbers: {reason, opens_at, why} of the first to open; else null. */
export function hallClosed(services) {
  if (!services.length || services.some((one) => one.open)) return null;
  const opening = services.filter((one) => one.opens_at).sort((a, b) => Date.parse(a.opens_at) - Date.parse(b.opens_at));
  const { reason, opens_at, why } = opening[0] || services[0];
  return { reason, opens_at, why: services.every((one) => one.why === why) ? why : null };
}

/** Why the whole hall gives no numbers. */
export function whyHallClosed({ reason, why }) {
  return hallClosedBy({ reason, why }) || (HALL.has(reason) ? t(`kiosk.hall.${reason}`) : t("kiosk.hall.closed"));
}

/** When it opens again, or "" when nobody knows. */
export function whenOpen(service) {
  if (!service.opens_at) return "";
  const values = { time: timeOf(service.opens_at), zone: zoneName(), date: dateOf(service.opens_at) };
  const now = now_ms();
  return t(now !== null && sameDay(now, service.opens_at) ? "kiosk.opens_at" : "kiosk.opens_on", values);
}

/** "3 orang"; "Tidak ada" for none. */
export function people(n) {
  if (n === 0) return t("kiosk.nobody");
  return t(n === 1 ? "kiosk.person" : "kiosk.people", { n });
}

/** "Loket 1, 2, 3": labels that begin alike say so once. */
export function counters(labels) {
  const parts = labels.map((label) => /^(.*\D)(\d+)$/.exec(label));
  const alike = parts.length > 1 && parts.every((part) => part && part[1] === parts[0][1]);
  return alike ? parts[0][1] + parts.map((part) => part[2]).join(", ") : labels.join(", ");
}

/**
 * The paper of a ticket, from its newest slip in the view: {is: "busy", "sent", "done", "unsure" or "failed", at: the
 * name of the printer where to collect it, "" for the kiosk's own}. One that waits for a printer in trouble is not to
 * be waited for.
 */
export function paper(result, prints, device) {
  const slip = prints.filter((job) => String(job.ticket) === String(result.id)).pop() || result.print;
  const other = device?.fallback?.code === slip?.printer ? device?.fallback : null;
  return { is: standing(slip?.state, other || device?.printer), at: other?.name || "" };
}

function standing(state, printer) {
  if (PRINTED.has(state)) return "done";
  if (state === "uncertain") return "unsure";
  if (state === "sent") return "sent"; // it may be out: its printer's trouble is no proof that it is not
  return !PRINTING.has(state) || TROUBLE.has(printer?.state) ? "failed" : "busy";
}

/** True when neither the kiosk's printer nor the one that stands in can print; without one there is nothing to warn of. */
export function printerTrouble(device) {
  return TROUBLE.has(device?.printer?.state) && (!device.fallback || TROUBLE.has(device.fallback.state));
}

/** "Gratis" for no cost, else the plan's words. */
export function cost(service) {
  return !service.cost || service.cost === "Gratis" ? t("kiosk.cost_free") : service.cost;
}
