// How the page for old TVs follows the hall: every second the calls after its cursor, so that it
// misses none however many there were, and the view if it changed. ES5, XMLHttpRequest only.

var POLL_MS = 1000;
var WAIT_MS = 4000; // for one answer
var SLEPT_MS = 6000; // a longer silence: what comes then may be old news
var CALLS_MAX = 60; // calls kept between two views

/**
 * `env`: device; now() in ms; taken(view, isLive) with each view that is new (null: unchanged), its
 * calls completed; refused(status) when the key is not good;
 * stuck(yes): whether the server can write nothing. Returns {start, post(path, body, done)}.
 */
export function createFollower(env) {
  var key = (/[?&]key=([^&]*)/.exec(window.location.search) || [])[1] || "";
  var own = "/api/v1/displays/" + encodeURIComponent(env.device);
  var cursor = "", etag = null, held = null, calls = [], last_ms = null;

  function ask(method, url, body, done) {
    var request = new XMLHttpRequest(), isOver = false;
    function end(status, told) {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      done(status, told, request);
    }
    var timer = setTimeout(function () {
      end(0, null);
      request.abort();
    }, WAIT_MS);
    request.onreadystatechange = function () {
      if (request.readyState !== 4) return;
      var told = null;
      try {
        told = request.responseText ? JSON.parse(request.responseText) : null;
      } catch (foreign) {
        // a proxy's page, for instance
      }
      end(request.status, told);
    };
    request.open(method, url, true);
    request.setRequestHeader("X-MPP-Key", decodeURIComponent(key));
    if (body) request.setRequestHeader("Content-Type", "application/json");
    else if (etag && url.indexOf("/views/") > 0) request.setRequestHeader("If-None-Match", etag);
    request.send(body ? JSON.stringify(body) : null);
  }

  function poll() {
    ask("GET", own + "/calls?after=" + encodeURIComponent(cursor), null, function (status, told) {
      if (status !== 200 || !told || !told.items) return missed(status);
      cursor = told.next;
      calls = merged(calls, told.items).slice(-CALLS_MAX);
      ask("GET", "/api/v1/views/" + encodeURIComponent("display:" + env.device), null, function (code, view, request) {
        if (code === 200 || code === 304) env.stuck(request.getResponseHeader("MPP-Storage") === "failing");
        if (code === 200 && view && view.data) viewed(view, request);
        else if (code !== 304) return missed(code);
        else if (told.items.length && held) give(held);
        else give(null);
      });
    });
  }

  function viewed(view, request) {
    if (held && view.epoch === held.epoch && view.version < held.version) return give(null); // an older answer
    if (held && view.epoch !== held.epoch) calls = [];
    etag = request.getResponseHeader("ETag");
    held = view;
    give(view);
  }

  function give(view) {
    var isLive = last_ms !== null && env.now() - last_ms < SLEPT_MS;
    last_ms = env.now();
    if (view) view.data.calls = merged(calls, view.data.calls).filter(isReached);
    env.taken(view, isLive);
    setTimeout(poll, POLL_MS);
  }

  /** A call of the view that the cursor has not passed waits for it: older ones may come before it. */
  function isReached(call) {
    var at = cursor.lastIndexOf("-");
    return cursor.slice(0, at) !== held.epoch || call.call_id <= Number(cursor.slice(at + 1));
  }

  function missed(status) {
    if (status === 401 || status === 403 || status === 404) env.refused(status);
    setTimeout(poll, POLL_MS);
  }

  return {
    start: poll,
    post: function (path, body, done) {
      ask("POST", own + path, body, function (status, told) { done(status === 200 ? told : null); });
    },
  };
}

/** Both lists, each call once (as the second tells it), in order of call_id. */
function merged(one, other) {
  var held = {};
  other.forEach(function (call) { held[call.call_id] = true; });
  return one.filter(function (call) { return !held[call.call_id]; }).concat(other)
    .sort(function (a, b) { return a.call_id - b.call_id; });
}
