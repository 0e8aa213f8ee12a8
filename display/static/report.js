// Tells the server every 10 s, and after each call, what this screen shows and has sounded.

import { now_ms } from "/shared/clock.js";
import { API, post } from "/shared/http.js";

const EVERY_MS = 10000;
const SPOKEN_MAX = 100; // the newest that the server has not yet said to stand in its log

/** `state()` gives {epoch, shown_seq, audio}. Returns {spoken(call), send()}. */
export function createReport(device, state) {
  let unconfirmed = [];
  let sending = false;
  let again = false;

  async function send() {
    if (sending) return void (again = true);
    const { epoch, shown_seq, audio } = state();
    if (epoch === null) return;
    sending = true;
    const visible = document.visibilityState === "visible";
    const body = { epoch, shown_seq, spoken: unconfirmed, audio, visible };
    const answer = await post(`${API}/displays/${encodeURIComponent(device)}/report`, body);
    const written = new Set(answer.body?.written);
    unconfirmed = unconfirmed.filter((one) => !written.has(one.call_id));
    sending = false;
    if (again) {
      again = false;
      send();
    }
  }

  function spoken(call) {
    const at = new Date(now_ms() ?? Date.now()).toISOString();
    unconfirmed = [...unconfirmed, { call_id: call.call_id, at }].slice(-SPOKEN_MAX);
    send();
  }

  setInterval(send, EVERY_MS);
  return { spoken, send };
}
