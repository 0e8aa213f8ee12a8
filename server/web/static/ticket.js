// A visitor's own ticket: asks every 5 s, and says since when it is old when no answer comes.

import { byId, meta, setText } from "/shared/dom.js";
import { API, get } from "/shared/http.js";
import { language, named, t } from "/shared/text.js";

const ASK_MS = 5000;
const HIDDEN_MS = 30000;
const ENDED = ["finished", "cancelled", "expired"];

let last = new Date();

const clock = (at) => at.toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit" });

function wait(estimate) {
  if (!estimate) return t("ticket.unknown_estimate");
  const [from, to] = [estimate.from_s, estimate.to_s].map((seconds) => Math.max(1, Math.round(seconds / 60)));
  return from === to ? t("ticket.minutes_about", { to }) : t("ticket.minutes", { from, to });
}

function show(ticket) {
  byId("ticket").dataset.state = ticket.state;
  setText(byId("number"), ticket.number);
  setText(byId("service"), `${named(ticket.service_name)} · ${ticket.gerai_name}`);
  setText(byId("state"), t(`ticket.state.${ticket.state}`));
  setText(byId("go"), t("ticket.go", { counter: ticket.counter || "" }));
  byId("go").hidden = !ticket.counter;
  byId("wait").hidden = ticket.ahead === null;
  setText(byId("ahead"), ticket.ahead ? String(ticket.ahead) : t("ticket.ahead_none"));
  setText(byId("estimate"), wait(ticket.estimate));
}

function fresh(isOld) {
  const line = byId("fresh");
  line.toggleAttribute("data-old", isOld);
  setText(line, t(isOld ? "ticket.stale" : "ticket.refreshed", { time: clock(last) }));
}

async function ask() {
  const answer = await get(`${API}/public/tickets/${encodeURIComponent(meta("ticket"))}`);
  if (answer.ok) {
    last = new Date();
    show(answer.body);
  } else if (answer.status === 410 || answer.status === 404) {
    setText(byId("state"), t("ticket.gone"));
    return; // nothing will change any more
  }
  fresh(!answer.ok);
  if (answer.ok && ENDED.includes(answer.body.state)) return;
  setTimeout(ask, document.hidden ? HIDDEN_MS : ASK_MS);
}

fresh(false);
setTimeout(ask, ASK_MS);
