// Sound and vibration of a call. Browsers allow both only after a touch, so the page asks for one.
// Phones of 2017: no modules and no syntax after ES5.

var ring = (function () {
  "use strict";

  var KEPT = "phone.sound";
  var NOTES = [[659.25, 0], [523.25, 0.45], [659.25, 1.5], [523.25, 1.95]]; // Hz and start in s
  var NOTE_S = 0.9;
  var SHAKE_MS = [400, 200, 400, 200, 800];
  var Context = window.AudioContext || window.webkitAudioContext;
  var context = null;
  var touched = false;
  var on = kept() === "on";

  function kept() {
    try {
      return localStorage.getItem(KEPT);
    } catch (refused) {
      return null; // a private window: the choice lasts as long as the page
    }
  }

  function note(hz, start_s) {
    var oscillator = context.createOscillator();
    var gain = context.createGain();
    oscillator.frequency.value = hz;
    gain.gain.setValueAtTime(0.0001, start_s);
    gain.gain.exponentialRampToValueAtTime(0.6, start_s + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start_s + NOTE_S);
    oscillator.connect(gain);
    gain.connect(context.destination);
    oscillator.start(start_s);
    oscillator.stop(start_s + NOTE_S);
  }

  function play(notes) {
    if (!context) return;
    if (context.state === "suspended") context.resume();
    var now_s = context.currentTime + 0.05;
    notes.forEach(function (one) { note(one[0], now_s + one[1]); });
  }

  function shake(pattern) {
    if (touched && navigator.vibrate) navigator.vibrate(pattern);
  }

  /** Makes ready what was asked for; only a touch may call it. */
  function ready() {
    touched = true;
    if (on && Context && !context) context = new Context();
    if (context && context.state === "suspended") context.resume();
  }

  document.addEventListener("click", ready, true);

  return {
    /** Whether this phone can sound or shake at all. */
    able: Boolean(Context || navigator.vibrate),
    /** Whether the visitor wants to be called. */
    wanted: function () { return on; },
    /** Whether it would really sound now: after a reload it waits for a touch again. */
    armed: function () { return on && touched; },
    /** Switches it; on is answered with one note, so that the visitor hears that it works. */
    set: function (wanted) {
      on = wanted;
      try {
        localStorage.setItem(KEPT, on ? "on" : "off");
      } catch (refused) {
        on = wanted; // kept for this page only
      }
      ready();
      if (on) {
        play(NOTES.slice(0, 1));
        shake(150);
      }
    },
    /** The visitor is called. */
    call: function () {
      if (!on || !touched) return;
      play(NOTES);
      shake(SHAKE_MS);
    },
  };
}());
