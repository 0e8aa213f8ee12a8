// Plays one recording after the other with one audio element, so that nothing grows. ES5.
//
// Every play ends, whatever the audio device does: with "ok" when it was heard to its end, "locked"
// when the browser forbids sound, "error" else. The bound follows the recording's own length.

var LOAD_MAX_MS = 4000; // until the recording has begun
var LENGTH_MAX_S = 40; // of one whose length is not known
var SLACK = 1.25; // of its length, and SLACK_MS more
var SLACK_MS = 1500;

/** play(url, done) returns stop(), after which done is not called; volume(0 to 1). */
export function createClip(audio) {
  var former = null; // how to stop what plays; a new recording always ends the one before

  function play(url, done) {
    var timer = null, isOver = false;
    if (former) former();

    function end(state) {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      former = null;
      audio.onended = audio.onerror = audio.onplaying = null;
      if (state !== "ok") audio.pause();
      if (state) done(state);
    }

    function bound(ms) {
      clearTimeout(timer);
      timer = setTimeout(function () { end("error"); }, ms);
    }

    audio.onended = function () { end("ok"); };
    audio.onerror = function () { end("error"); };
    audio.onplaying = function () {
      var length_s = isFinite(audio.duration) && audio.duration > 0 ? audio.duration : LENGTH_MAX_S;
      bound(length_s * 1000 * SLACK + SLACK_MS);
    };
    bound(LOAD_MAX_MS);
    try {
      audio.src = url;
      var begun = audio.play();
      // An old browser answers nothing: one that stays paused was not allowed to.
      if (begun && begun.then) begun.then(null, function (why) { end(why && why.name === "NotAllowedError" ? "locked" : "error"); });
      else if (audio.paused) end("locked");
    } catch (broken) {
      end("error");
    }
    former = function () { end(null); };
    return former;
  }

  return { play: play, volume: function (part) { audio.volume = part; } };
}
