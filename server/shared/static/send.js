// How a staff page sends: one press, then one sentence about what was refused or done.

import { now_ms, sameDay, shortDate, timeOf } from "./clock.js";
import { closedBy } from "./closed.js";
import { setText } from "./dom.js";
import { press } from "./press.js";
import { problem, t } from "./text.js";

/**
 * {say(text, kind), send(intent, done)} of a page. `node` takes the sentence, `isUp()` tells
 * whether the page is connected, `changed()` redraws, `sentence(answer)` words a refusal.
 * `send` resolves to the answer, or to null when nothing was sent.
 */
export function sender({ node, isUp, changed, sentence = refused }) {
  node.addEventListener("click", () => say(""));

  function say(text, kind = "bad") {
    node.dataset.kind = kind;
    node.hidden = !text;
    setText(node, text);
  }

  async function send(intent, done = "") {
    if (!isUp()) {
      say(t("staff.not_connected"));
      return null;
    }
    const answer = await press(intent, changed);
    if (!answer) return null;
    if (answer.ok) say(done, "good");
    else say(sentence(answer));
    return answer;
  }
  return { say, send };
}

const LATE = { changed_meanwhile: "staff.changed_by", already_ended: "staff.ended_by" };

/** Who was faster, and when, of a wish that came second; "" where that is not known. */
export function late({ body }) {
  if (!LATE[body?.code] || !body.by) return "";
  const time = timeOf(body.at);
  const today = now_ms() === null || sameDay(body.at, now_ms());
  return t(LATE[body.code], { who: body.by.replace(/^(user|device|cli):/, ""),
    time: today ? t("staff.at_time", { time }) : t("staff.on_day", { date: shortDate(body.at), time }) });
}

/** The server's sentence, or the words of who closed a service; without an answer, that pressing again is safe. */
export function refused(answer) {
  if (answer.status === 0) return t("staff.no_answer");
  if (late(answer)) return late(answer);
  const closed = closedBy(answer.body ?? {});
  if (closed) return closed;
  const first = answer.body?.errors?.[0];
  return first?.message ? `${problem(answer)} ${first.message}` : problem(answer);
}
