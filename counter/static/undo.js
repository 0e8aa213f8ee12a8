// The last mistake taken back: offered for some seconds after an act that another act undoes by the rules.

import { el, replace } from "/shared/dom.js";
import { get } from "/shared/http.js";
import { t } from "/shared/text.js";

export const UNDO_KEY = "Z";
const OFFERED_MS = 20000;

const ofTicket = (leg, act, body, more = {}) => ({
  url: `/api/v1/tickets/${leg.ticket}/${act}`, body, name: `undo:${act}:${leg.leg}:${leg.call_count}`, number: leg.number, ...more,
});

/** What takes an act on `leg` at `counter` back: {id, url, body, name, number, check?}, or null where the rules give nothing. */
export function remedy(id, leg, counter) {
  const reason = t("counter.undo_reason");
  if (id === "no_show") return { id, ...ofTicket(leg, "return", { reason }) };
  if (id === "transfer") return { id, ...ofTicket(leg, "transfer", { service: leg.service, reason }, { check: () => stillWaits(leg) }) };
  if (id === "unpriority") return { id, ...ofTicket(leg, "priority", { value: leg.priority.code, reason }) };
  const here = (path, body, more = {}) => ({ id, url: `/api/v1/counters/${encodeURIComponent(counter.code)}/${path}`, body,
    name: `undo:${id}:${leg.leg}:${leg.call_count}:${leg.held_at || ""}`, number: leg.number, ...more });
  if (id === "put_back") return here("pick", { ticket: leg.ticket, reason }, { check: () => stillWaits(leg) });
  return id === "hold" ? here("resume-leg", { leg: leg.leg }) : null;
}

/** A visitor whom a colleague has called meanwhile is not taken away again. */
async function stillWaits(leg) {
  const answer = await get(`/api/v1/tickets/${leg.ticket}`);
  return answer.ok && answer.body.state === "waiting";
}

/** The button `node`; `keys()` whether letters press. Returns {offer(remedy | null), take(), open()}. */
export function undoing({ node, send, say, keys }) {
  let offered = null;
  let timer = 0;

  function offer(next) {
    clearTimeout(timer);
    offered = next;
    node.hidden = !next;
    if (!next) return;
    replace(node, t(`counter.undo.${next.id}`, { number: next.number }), keys() ? el("kbd", {}, UNDO_KEY) : null);
    timer = setTimeout(() => offer(null), OFFERED_MS);
  }

  async function take() {
    const one = offered;
    if (!one) return;
    offer(null);
    if (one.check && !(await one.check())) {
      say(t("counter.undo_late", { number: one.number }), "warn");
      return;
    }
    const answer = await send(one, t(`counter.undone.${one.id}`, { number: one.number }));
    if (!answer) offer(one); // not sent at all
  }

  node.addEventListener("click", take);
  return { offer, take, open: () => offered !== null };
}
