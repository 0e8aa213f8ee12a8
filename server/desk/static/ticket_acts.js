// What the desk does with a number that was given. `changed(ticket)` takes the act's answer.

import { t } from "/shared/text.js";
import { askCancel } from "./questions.js";

/** {cancel, giveBack, reprint}: each takes a ticket {id, number, ...} and resolves to the answer or null. */
export function ticketActs(send, changed) {
  async function act(ticket, path, body, done) {
    const answer = await send({
      name: `${path}:${ticket.id}:${ticket.state || ""}:${ticket.prints?.length ?? ""}`, body, url: `/api/v1/tickets/${ticket.id}/${path}`,
    }, t(done, { number: ticket.number }));
    if (answer?.ok && answer.body) changed(answer.body);
    return answer;
  }
  return {
    async cancel(ticket) {
      const body = await askCancel(ticket.number);
      return body ? act(ticket, "cancel", body, "desk.done.cancel") : null;
    },
    giveBack: (ticket) => act(ticket, "return", {}, "desk.done.return"),
    reprint: (ticket, printer = null) => act(ticket, "reprint", printer ? { printer } : {}, "desk.done.reprint"),
  };
}
