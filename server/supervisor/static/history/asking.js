// Asking for figures: they are counted in a process beside the server, few at a time, so that an answer may take its turn.

import { API, get } from "/shared/http.js";

const TIMEOUT_MS = 120_000; // as long as the server itself gives a count
const TURNS = 20;
const TURN_MS = 1500;
const BUSY = 503;

/** GET of figures; asked again while others are counted. */
export async function figures(path) {
  for (let turn = 0; ; turn += 1) {
    const answer = await get(`${API}${path}`, { timeout_ms: TIMEOUT_MS });
    if (answer.status !== BUSY || turn === TURNS) return answer;
    await new Promise((resolve) => setTimeout(resolve, TURN_MS));
  }
}
