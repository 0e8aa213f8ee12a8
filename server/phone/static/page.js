// A visitor's own ticket. Asks again and again, and says since when it is old when no answer comes.
// Phones of 2017: no modules and no syntax after ES5.

(function () {
  "use strict";

  var NEAR_MS = 5000, MIDDLE_MS = 10000, FAR_MS = 20000; // between two questions, by the people ahead
  var ANSWER_MS = 8000, LATE_MAX_MS = 60000, SLEPT_MS = 30000;
  var ticket = JSON.parse(document.getElementById("told").textContent);
  var token = document.querySelector("meta[name=ticket]").content;
  var request = null, timer = 0, failures = 0, gone = false, askedAt = Date.now(), rung = "";

  function draw() {
    paper.draw(ticket, gone);
    paper.fresh(ticket, failures ? "stale" : "refreshed");
  }

  /** Each call rings once; a recall is another call. */
  function ringOnce() {
    var call = ticket.state === "called" ? ticket.called_at + "#" + ticket.call_count : "";
    if (call && call !== rung) ring.call();
    rung = call;
  }

  function pause_ms() {
    if (failures) return Math.min(LATE_MAX_MS, NEAR_MS * Math.pow(2, failures - 1));
    if (ticket.ahead === null) return ticket.counter ? NEAR_MS : MIDDLE_MS;
    return ticket.ahead <= 2 ? NEAR_MS : ticket.ahead <= 10 ? MIDDLE_MS : FAR_MS;
  }

  /** The next question. A hidden page asks none, unless it was told to sound. */
  function plan() {
    clearTimeout(timer);
    if (gone || paper.ended(ticket) || (document.hidden && !ring.wanted())) return;
    timer = setTimeout(ask, document.hidden ? Math.max(MIDDLE_MS, pause_ms()) : pause_ms());
  }

  function answer() {
    try {
      return request.status === 200 ? JSON.parse(request.responseText) : null;
    } catch (broken) {
      return null; // a proxy's own page, for instance
    }
  }

  function heard() {
    var told = answer();
    gone = request.status === 410 || request.status === 404;
    failures = told || gone ? 0 : failures + 1;
    ticket = told || ticket;
    request = null;
    draw();
    ringOnce();
    plan();
  }

  function ask() {
    clearTimeout(timer);
    if (request || gone) return;
    askedAt = Date.now();
    request = new XMLHttpRequest();
    request.open("GET", "/api/v1/public/tickets/" + encodeURIComponent(token));
    request.timeout = ANSWER_MS;
    request.onloadend = heard;
    request.send();
  }

  /** Out of sight: rest. Back in sight or on the network: what stands here may be long past. */
  function wake() {
    if (document.hidden) return plan();
    if (Date.now() - askedAt > SLEPT_MS) paper.fresh(ticket, "looking");
    return ask();
  }

  function speak(event) {
    event.preventDefault(); // the page stays: it may have been allowed to sound
    paper.speak(event.currentTarget.getAttribute("data-lang"));
    history.replaceState(null, "", event.currentTarget.getAttribute("href"));
    draw();
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-lang]"), function (link) {
    link.addEventListener("click", speak);
  });
  document.getElementById("sound").addEventListener("click", function (event) {
    ring.set(event.currentTarget.getAttribute("aria-pressed") !== "true");
    plan();
  });
  document.addEventListener("click", draw); // a touch may have given the sound back
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) wake();
  });
  draw();
  ringOnce();
  plan();
}());
