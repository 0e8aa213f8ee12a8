// A page without a device: it shows a code of six characters that a supervisor or administrator
// approves, and loads itself again when that has happened.

import { byId, setText } from "./dom.js";
import { API, get, post } from "./http.js";
import { t } from "./text.js";

const ASK_MS = 3000;
const AGAIN_MS = 10000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks for a code for {kind, code}, shows it in #enrol-code, waits; never returns before approval. */
export async function enrol({ kind, code }) {
  for (;;) { // a screen without a device has nothing else to do; each round pauses
    const asked = await post(`${API}/enrolments`, { kind, code });
    if (asked.ok) await waitFor(asked.body.enrolment);
    else setText(byId("enrol-state"), t(asked.status ? "common.enrol_failed" : "common.no_answer"));
    await pause(AGAIN_MS);
  }
}

async function waitFor(enrolment) {
  setText(byId("enrol-code"), `${enrolment.slice(0, 3)} ${enrolment.slice(3)}`);
  setText(byId("enrol-state"), t("common.enrol_waiting"));
  for (;;) { // ends when the server forgets the code or the page loads again
    await pause(ASK_MS);
    const answer = await get(`${API}/enrolments/${encodeURIComponent(enrolment)}`);
    if (answer.ok && answer.body?.approved) return void window.location.reload();
    if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) return;
  }
}
