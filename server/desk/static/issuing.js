// Taking a number: from the service shown, over the wish that was sent, to the result put away.

import { byId, el } from "/shared/dom.js";
import { pressing } from "/shared/press.js";
import { redraw } from "/shared/redraw.js";
import { t } from "/shared/text.js";
import { paperOf, resultPanel, showLarge } from "./result.js";
import { bodyOf, keepWish, keptWish, lastPrinter, newWish, wishPanel } from "./wish.js";

const RESULT = "desk.result";

/** The part of the page that issues; `state` as in page.js. */
export function issuing({ state, send, say, draw, acts }) {
  let wish = keptWish();
  let result = JSON.parse(sessionStorage.getItem(RESULT) || "null");
  let printer = null; // chosen for this wish; null: the one used last

  const chosen = () => ({ chosen: wish?.service || null, locked: Boolean(wish?.body) });
  const printerNow = () => printer ?? lastPrinter(state.data.printers);

  function put(next) {
    wish = keepWish(next);
    draw();
  }

  function choose(service) {
    if (wish?.body) return; // its outcome is not known yet
    showResult(null);
    say("");
    put(newWish(service));
  }

  function showResult(next) {
    result = next;
    if (next) sessionStorage.setItem(RESULT, JSON.stringify(next));
    else sessionStorage.removeItem(RESULT);
  }

  async function take() {
    if (!wish || result) return;
    const before = wish.body;
    const body = before || bodyOf(wish, printerNow());
    put({ ...wish, body });
    const answer = await send({ name: `take:${wish.key}`, key: wish.key, url: "/api/v1/tickets", body });
    if (!answer || answer.status === 0 || answer.status === 503) {
      if (!answer) put({ ...wish, body: before }); // not sent at all
      return;
    }
    if (answer.ok) {
      showResult(answer.body);
      put(null);
      if (!body.printer) showLarge(answer.body); // no paper was asked for: the visitor reads it here
    } else put({ ...newWish(wish.service), priority: wish.priority, language: wish.language });
  }

  function done() {
    showResult(null);
    say("");
    draw();
    byId("search").value = "";
    byId("search").focus();
    draw();
  }

  const panel = {
    take, change: (part) => put({ ...wish, ...part }), cancel: () => put(null),
    printer: (code) => { printer = code; draw(); },
  };
  const after = {
    done, large: () => showLarge(result), reprint: () => acts.reprint(result, printerNow()),
    cancel: async () => {
      const answer = await acts.cancel(result);
      if (answer?.ok) done();
    },
  };

  function drawPanel(off) {
    const { data } = state;
    const place = byId("wish");
    if (result) {
      return redraw(place, { result, paper: paperOf(result, data.prints), off }, (picture) => resultPanel(picture, after));
    }
    const service = data.services.find((one) => one.code === wish?.service);
    if (!service) return redraw(place, { empty: true }, () => el("p", { class: "card hint" }, t("desk.hint")));
    return redraw(place, {
      service, wish, off, site: data.site, printers: data.printers, printer: printerNow(), busy: pressing() !== null,
      gerai: data.gerai.find((one) => one.code === service.gerai),
    }, (picture) => wishPanel(picture, panel));
  }

  return { chosen, choose, draw: drawPanel, main: () => (result ? done() : take()) };
}
