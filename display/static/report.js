// Tells the server what this screen shows and has sounded, and that it lives. ES5.

var FLYING_MAX = 3; // one that is slow holds up no other: leave to speak lasts 3 s only
var SPOKEN_MAX = 100; // the newest that the server has not yet said to stand in its log

/**
 * `env`: state() gives {epoch, shown_seq, audio, visible}, epoch null before the first view;
 * post(body, done) sends and calls done(answer or null); now() in ms; at() the instant now as ISO text;
 * answered(asked_ms, answer).
 */
export function createReport(env) {
  var unconfirmed = [], flying = 0, isAgain = false, beat_s = null, timer = null;

  function send() {
    var body = env.state(), asked_ms = env.now();
    if (body.epoch === null) return;
    if (flying >= FLYING_MAX) {
      isAgain = true;
      return;
    }
    flying += 1;
    body.spoken = unconfirmed;
    env.post(body, function (answer) {
      flying -= 1;
      if (answer) {
        var told = (answer.written || []).concat(answer.unknown || []);
        unconfirmed = unconfirmed.filter(function (one) { return told.indexOf(one.call_id) < 0; });
        env.answered(asked_ms, answer);
      }
      if (!isAgain) return;
      isAgain = false;
      send();
    });
  }

  return {
    send: send,
    /** The call was heard: told until the server has it. */
    spoken: function (call) {
      unconfirmed = unconfirmed.concat([{ call_id: call.call_id, at: env.at() }]).slice(-SPOKEN_MAX);
      send();
    },
    /** Another history: those calls never were. */
    forget: function () { unconfirmed = []; },
    /** Reports every so many seconds from now on. */
    every: function (seconds) {
      if (seconds === beat_s) return;
      beat_s = seconds;
      clearInterval(timer);
      timer = setInterval(send, seconds * 1000);
    },
    size: function () { return unconfirmed.length; },
  };
}
