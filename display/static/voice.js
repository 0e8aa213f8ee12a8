// How this page sounds: the recording of a call where there is one, else the chime.

import { chime, setVolume, soundState, unlock } from "/shared/sound.js";
import { createClip } from "./clip.js";

const WARM_NEXT = 3; // of the calls that wait: a screen that wakes in a rush would ask for 20 MB
const WARMED_MAX = 60; // recordings asked for ahead; the browser keeps them

/** {play, test, warm, state, volume}; `state()` is "ok", "chime" (the last recording failed), "locked", "error" or "muted". */
export function createVoice() {
  const clip = createClip(new Audio());
  let warmed = [];
  let failed = false; // the newest recording

  function state() {
    const sound = soundState();
    return sound === "ok" && failed ? "chime" : sound;
  }

  /** As createAnnouncer wants it: `done(state)` once it has ended; returns how to stop it. */
  function play(call, isShort, done) {
    const url = call.audio?.[isShort ? "short" : "full"];
    let isOver = false;
    let stop = () => undefined;
    const ring = () => chime({ short: isShort }).then(() => isOver || done(state()));
    unlock().then((sound) => {
      if (isOver) return undefined;
      if (sound !== "ok") return done(sound);
      if (!url) return ring();
      stop = clip.play(url, (ended) => {
        failed = ended !== "ok";
        if (failed) ring(); // shown and reported; the next call tries its own recording
        else done("ok");
      });
      return undefined;
    });
    return () => {
      isOver = true;
      stop();
    };
  }

  /** Has the browser fetch the recordings of the next calls (ids `waiting`) of a view, each once, if they are spoken here. */
  function warm({ display, calls }, waiting) {
    const near = waiting.slice(0, WARM_NEXT);
    const next = display.speaks ? calls.filter((call) => near.includes(call.call_id)) : [];
    for (const url of next.flatMap((call) => (call.audio ? [call.audio.full, call.audio.short] : []))) {
      if (warmed.includes(url)) continue;
      warmed = [...warmed, url].slice(-WARMED_MAX);
      fetch(url, { credentials: "same-origin" }).then((answer) => answer.arrayBuffer()).catch(() => undefined);
    }
  }

  return {
    play, warm, state,
    test: (done) => chime().then(done, done),
    volume: (percent) => {
      setVolume(percent / 100);
      clip.volume(percent / 100);
    },
    size: () => warmed.length,
  };
}
