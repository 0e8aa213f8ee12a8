// Plays the media of a display one after the other. What cannot be shown is told once, and the next one comes.

import { localMoment } from "/shared/clock.js";
import { el, replace } from "/shared/dom.js";
import { API, post } from "/shared/http.js";
import { nextOf } from "./playlist.js";

const IDLE_MS = 15000; // nothing due, or everything failed: look again
const STUCK_MS = 15000; // a video that stands still so long has failed
const AGAIN_MS = 10 * 60000; // what failed is tried again

let announcing = false;
window.addEventListener("mpp:announcing", (event) => (announcing = event.detail.on));

/** {play(items, volume in percent), stop()} of a place on the display. */
export function createPlayer(node) {
  let items = [];
  let shown = null; // the medium in sight
  let timer = 0;
  let turn = 0; // a medium that comes late is not shown
  let volume = 1; // as loud as the supervisor lets the display be
  const failed = new Map(); // id -> when, in the order of failing

  function play(next, percent) {
    volume = percent / 100;
    node.querySelectorAll("video").forEach((film) => (film.volume = volume));
    const known = JSON.stringify(items) === JSON.stringify(next);
    items = next;
    if (!known) [...failed.keys()].filter((id) => !items.some((one) => one.id === id)).forEach((id) => failed.delete(id));
    const isGone = shown && !items.some((one) => one.url === shown.url);
    if (isGone || (!shown && !known)) advance();
  }

  function advance() {
    clearTimeout(timer);
    turn += 1;
    const moment = localMoment();
    for (const [id, at] of failed) if (performance.now() - at > AGAIN_MS) failed.delete(id);
    const next = moment && nextOf(items, shown?.id ?? null, moment, failed);
    if (!next) return rest();
    if (failed.has(next.id)) timer = setTimeout(() => show(next, turn), IDLE_MS);
    else show(next, turn);
  }

  function rest() {
    shown = null;
    clear();
    timer = setTimeout(advance, IDLE_MS);
  }

  function clear() {
    node.querySelectorAll("video").forEach((video) => {
      video.pause();
      video.removeAttribute("src"); // an old TV has one decoder: it must be given back
      video.load();
    });
    replace(node);
  }

  async function show(one, mine) {
    const isAlone = shown?.id === one.id && one.kind === "image" && node.firstElementChild;
    shown = one;
    if (isAlone) return void (timer = setTimeout(advance, one.seconds * 1000));
    try {
      await (one.kind === "image" ? image(one, mine) : video(one, mine));
      if (mine === turn && failed.delete(one.id)) tell(one, null);
    } catch {
      if (mine === turn) fail(one);
    }
  }

  async function image(one, mine) {
    const picture = el("img", { alt: "", src: one.url });
    await picture.decode();
    if (mine !== turn) return;
    clear();
    replace(node, picture);
    timer = setTimeout(advance, one.seconds * 1000);
  }

  async function video(one, mine) {
    clear();
    const film = el("video", { playsinline: true, preload: "auto", data: { sound: one.sound } });
    film.muted = !one.sound || announcing;
    film.volume = volume;
    film.src = one.url;
    replace(node, film);
    const over = () => mine === turn && advance();
    film.addEventListener("ended", over);
    film.addEventListener("error", () => mine === turn && fail(one));
    watch(film, one, mine);
    await film.play().catch((error) => {
      if (error.name !== "NotAllowedError") throw error;
      film.muted = true; // sound is not allowed yet: the picture is
      return film.play();
    });
  }

  /** A video whose time stands still is given up. */
  function watch(film, one, mine) {
    const at = film.currentTime;
    timer = setTimeout(() => {
      if (mine !== turn) return;
      if (film.currentTime === at && !film.ended) fail(one);
      else watch(film, one, mine);
    }, STUCK_MS);
  }

  async function fail(one) {
    const isNew = !failed.has(one.id);
    failed.delete(one.id);
    failed.set(one.id, performance.now());
    advance();
    if (isNew) tell(one, await causeOf(one.url));
  }

  return {
    play,
    stop() {
      turn += 1;
      clearTimeout(timer);
      clear();
    },
  };
}

/** "missing" or "corrupt"; undefined while the server does not answer: that is no fault of the file. */
async function causeOf(url) {
  try {
    const answer = await fetch(url, { method: "HEAD", credentials: "same-origin" });
    return answer.ok ? "corrupt" : answer.status === 404 ? "missing" : undefined;
  } catch {
    return undefined;
  }
}

function tell(one, cause) {
  if (cause !== undefined) post(`${API}/media/${one.id}/shown`, { cause });
}

/** A call goes before every sound of the playlist. */
window.addEventListener("mpp:announcing", () => document.querySelectorAll("#media video[data-sound=true]").forEach((film) => (film.muted = announcing)));
