// The sound of the page for old TVs: one audio element for the recordings and, when there is none
// or it fails, for the chime. ES5. An old browser may want a key pressed first: then it is "locked".

import { createClip } from "./clip.js";

/** `chime`: address of the chime. {play, test, probe, volume, state}; play as createAnnouncer wants it. */
export function createSound(chime) {
  var clip = createClip(document.createElement("audio"));
  var state = "locked", percent = 100, isCalling = false;

  function keep(ended, done) {
    state = ended;
    done(ended);
  }

  function ring(done, isInstead, part) {
    clip.volume(part === undefined ? percent / 100 : part);
    return clip.play(chime, function (ended) { keep(ended === "ok" && isInstead ? "chime" : ended, done); });
  }

  return {
    play: function (call, isShort, done) {
      var url = call.audio && call.audio[isShort ? "short" : "full"], stop = null;
      if (percent === 0) {
        done("muted");
        return function () {};
      }
      function over(ended) {
        isCalling = false;
        done(ended);
      }
      isCalling = true;
      clip.volume(percent / 100);
      if (!url) stop = ring(over, false);
      else stop = clip.play(url, function (ended) {
        if (ended === "error") stop = ring(over, true);
        else keep(ended, over);
      });
      return function () {
        isCalling = false;
        stop();
      };
    },
    /** The chime, by a key or a supervisor; a call that sounds is a test of its own and is not cut by it. */
    test: function (done) {
      if (isCalling) done(state);
      else ring(done, false);
    },
    /** Whether sound is allowed, found out without being heard. */
    probe: function (done) {
      ring(done, false, 0);
    },
    /** Heard from the next sound on. */
    volume: function (wanted) { percent = wanted; },
    state: function () { return percent === 0 ? "muted" : state; },
  };
}
