// The live view of one room: a socket for news, HTTP whenever the socket cannot be trusted.
//
// After a lost socket the page first asks by HTTP and opens the socket again only when that was
// answered: browsers delay sockets that keep failing by seconds (Chromium's throttle), so that
// after a long outage a socket alone would come back late.

import { io } from "./vendor/socket.io.min.js";
import { dress } from "./brand.js";
import { API, get } from "./http.js";
import { now_ms, observe, useZone } from "./clock.js";
import { accepts, backoff_ms, isBehind, isStale, positionOf } from "./versions.js";
import { onWake, sleepWatch } from "./wake.js";

const STALE_MS = 25000; // two pulses of 10 s missed, and a little
const TICK_MS = 200;
const POLL_MS = 3000;
const ANSWER_MS = 4000;
const SOCKET_RETRY_MS = 10000; // the socket again, while HTTP works and sockets do not
const REFUSALS = [401, 403, 404];

/**
 * Follows `room` and calls
 *   onView(view, {live}): a whole view to show; `live` is false for the first one after a
 *     (re)connect or a sleep, when what is in it may be old news;
 *   onLink({up, since, refused, stuck}): only when it changes; `since` is the ISO server time of the last sign of
 *     life (null: none yet), `refused` is 401, 403 or 404 when the server said no, `stuck`: it can write nothing.
 * Returns {ask, close}: ask() fetches the view now.
 */
export function connect({ room, device = null, onView, onLink }) {
  const url = `${API}/views/${encodeURIComponent(room)}`;
  const sleep = sleepWatch();
  let held = null, etag = null, asking = null;
  let live = false, asleep = false, stuck = false, attempt = 0, refused = null;
  let heard = false, joined = false, since = null, contact_ms = performance.now();
  let link = { up: null, since: null, refused: null, stuck: false };
  let nextPoll_ms = contact_ms + POLL_MS, nextSocket_ms = contact_ms + SOCKET_RETRY_MS;
  const socket = io("/live", {
    auth: { room, device }, transports: ["websocket"], reconnection: false, timeout: ANSWER_MS, forceNew: true,
  });

  function touch(at = null) {
    contact_ms = performance.now();
    [heard, attempt, refused] = [true, 0, null];
    since = at ?? (now_ms() === null ? null : new Date(now_ms()).toISOString());
    tell();
  }

  function tell() {
    const down = refused !== null || isStale(contact_ms, performance.now(), STALE_MS);
    if (!heard && !down) return; // still opening: nothing to say
    if (link.up === !down && link.refused === refused && link.stuck === stuck) return;
    link = { up: !down, since, refused, stuck };
    onLink(link);
  }

  function take(view, isNews) {
    // A stored view may be older than our clock; only pulses may set it back.
    if (now_ms() === null || Date.parse(view.at) > now_ms()) observe(view.at, view.data.site?.simulated);
    useZone(view.data.site?.timezone);
    if (accepts(held, view)) {
      held = positionOf(view);
      dress(view.data.site);
      onView(view, { live: isNews });
    }
    live = true;
    touch();
  }

  /** True when a message may have waited while we slept: then the truth is asked for instead. */
  function missed() {
    asleep = asleep || sleep.late();
    if (asleep && asking) asking.then(ask); // the answer on its way may be older than this message
    else if (asleep) ask();
    return asleep;
  }

  function onSocketView(view) {
    if (view?.room !== room || !view.data || missed()) return;
    take(view, live);
  }

  function onPulse(pulse) {
    if (pulse?.room !== room || missed()) return;
    observe(pulse.at);
    stuck = pulse.storage === "failing";
    touch(pulse.at);
    if (isBehind(held, pulse)) ask();
  }

  /** Asks for the view by HTTP; one request at a time. */
  function ask() {
    asking ??= fetchView().finally(() => (asking = null));
    return asking;
  }

  async function fetchView() {
    const answer = await get(url, { etag, timeout_ms: ANSWER_MS });
    const known = answer.status === 304 || Boolean(answer.ok && answer.body?.data);
    const isRefusal = REFUSALS.includes(answer.status);
    nextPoll_ms = performance.now() + (known || isRefusal ? POLL_MS : backoff_ms(attempt++, Math.random()));
    if (known) heardByHttp(answer);
    else if (isRefusal) {
      refused = answer.status;
      tell();
    }
  }

  function heardByHttp(answer) {
    const isNews = live && !asleep;
    [asleep, stuck] = [false, answer.isStuck];
    if (answer.status === 304) touch();
    else take(answer.body, isNews);
    etag = answer.etag ?? etag;
    live = true;
    if (!socket.connected && performance.now() >= nextSocket_ms) {
      nextSocket_ms = performance.now() + SOCKET_RETRY_MS;
      socket.connect();
    }
  }

  function pollSoon() {
    nextPoll_ms = Math.min(nextPoll_ms, performance.now() + backoff_ms(0, Math.random()));
  }

  function tick() {
    if (sleep.late()) missed();
    else if (!socket.connected && performance.now() >= nextPoll_ms) ask();
    sleep.tick();
    if (isStale(contact_ms, performance.now(), STALE_MS)) live = false;
    tell();
  }

  socket.on("view", onSocketView);
  socket.on("pulse", onPulse);
  socket.on("connect_error", () => {
    socket.disconnect();
    pollSoon();
  });
  socket.on("connect", () => (joined = true));
  socket.on("disconnect", () => { // also said of a socket that never came to be
    if (joined) [live, nextSocket_ms] = [false, 0]; // it worked: again as soon as the server answers
    joined = false;
    pollSoon();
  });

  const timer = setInterval(tick, TICK_MS);
  const stops = [() => clearInterval(timer), onWake(ask), () => socket.disconnect()];
  return { ask, close: () => stops.forEach((stop) => stop()) };
}
