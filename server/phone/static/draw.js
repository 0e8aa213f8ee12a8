// What the page says of a ticket, in words; all of it goes through textContent.
// Phones of 2017: no modules and no syntax after ES5.

var paper = (function () {
  "use strict";

  var ENDED = { finished: true, cancelled: true, expired: true };
  var texts = JSON.parse(byId("texts").textContent);
  var root = document.documentElement;

  /** The hall's own colour, for browsers that know custom properties; the server has found it readable. */
  function dress() {
    var tones = document.querySelector("meta[name=brand]").content.split(" ");
    if (!tones[0]) return;
    ["--brand", "--brand-dark", "--brand-soft"].forEach(function (name, at) { root.style.setProperty(name, tones[at]); });
    root.setAttribute("data-brand", "");
  }

  function byId(id) { return document.getElementById(id); }

  function each(selector, act) { Array.prototype.forEach.call(document.querySelectorAll(selector), act); }

  function t(key, values) {
    return (texts[root.lang][key] || texts.id[key] || key).replace(/\{(\w+)\}/g, function (whole, name) {
      return values && name in values ? String(values[name]) : whole;
    });
  }

  /** Only when it differs, or a reader would say it again. */
  function setText(id, text) {
    if (byId(id).textContent !== text) byId(id).textContent = text;
  }

  function show(id, wanted) { byId(id).hidden = !wanted; }

  /** "08.15" in the hall's own time, whatever this phone is set to. */
  function clock(iso, zone) {
    var options = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone };
    var text = new Date(iso).toLocaleTimeString(root.lang === "en" ? "en-GB" : "id-ID", options);
    return root.lang === "en" ? text : text.replace(":", ".");
  }

  function waitWords(estimate) {
    if (!estimate) return t("phone.no_estimate");
    var from = Math.max(1, Math.round(estimate.from_s / 60));
    var to = Math.max(1, Math.round(estimate.to_s / 60));
    return t(from === to ? "phone.minutes_about" : "phone.minutes", { from: from, to: to });
  }

  /** Black or white, whichever reads better on this colour (luminance of WCAG 2.2). */
  function inkOn(hex) {
    var part = [1, 3, 5].map(function (at) { return Math.pow(parseInt(hex.slice(at, at + 2), 16) / 255, 2.2); });
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2] > 0.179 ? "#000000" : "#ffffff";
  }

  function drawPlace(ticket) {
    setText("gerai", ticket.gerai_name);
    setText("zone", ticket.zone_name || "");
    show("zone", ticket.zone_name);
    setText("place", ticket.place || "");
    if (!/^#[0-9a-f]{6}$/i.test(ticket.zone_color || "")) return;
    byId("zone").style.backgroundColor = ticket.zone_color;
    byId("zone").style.color = inkOn(ticket.zone_color);
  }

  function drawLanguages() {
    each("[data-t]", function (node) { node.textContent = t(node.getAttribute("data-t")); });
    each("[data-lang]", function (link) {
      if (link.getAttribute("data-lang") === root.lang) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }

  function drawAdvice(ticket, state) {
    var key = "phone.advice." + state;
    var known = Boolean(texts.id[key]);
    setText("advice", known ? t(key, { time: ticket.called_at ? clock(ticket.called_at, ticket.timezone) : "–" }) : "");
    show("advice", known);
  }

  function drawWait(ticket, open) {
    show("wait", open && ticket.ahead !== null);
    show("next", open && ticket.ahead === 0);
    show("ahead-line", ticket.ahead);
    setText("ahead", String(ticket.ahead || ""));
    setText("estimate", waitWords(ticket.estimate));
  }

  /** What the button says: off, on, or on but waiting for a touch since the page was loaded. */
  function drawSound(open) {
    show("sound-line", ring.able && open);
    show("hint", open);
    byId("sound").setAttribute("aria-pressed", String(ring.armed()));
    setText("sound", t(ring.armed() ? "phone.sound_on" : ring.wanted() ? "phone.sound_again" : "phone.sound_off"));
  }

  /** `how`: refreshed, stale or looking. */
  function drawFresh(ticket, how) {
    byId("fresh").className = how === "stale" ? "fresh old" : "fresh";
    setText("fresh", t("phone." + how, { time: clock(ticket.at, ticket.timezone) }));
  }

  function draw(ticket, gone) {
    var state = gone ? "gone" : ticket.state;
    var open = !gone && !ENDED[state];
    document.body.setAttribute("data-state", state);
    document.title = t(state === "called" ? "phone.called_title" : "phone.title", ticket);
    drawLanguages();
    setText("number", ticket.number);
    setText("service", ticket.service_name[root.lang] || ticket.service_name.id);
    setText("state", t("phone.state." + state));
    drawAdvice(ticket, state);
    setText("go-words", t(state === "serving" ? "phone.now" : "phone.go"));
    setText("counter", ticket.counter || "");
    show("go", open && ticket.counter);
    drawWait(ticket, open);
    show("where", open);
    drawPlace(ticket);
    drawSound(open);
    show("fresh", open);
  }

  dress();
  return {
    draw: draw,
    fresh: drawFresh,
    /** Nothing of this ticket changes any more by itself. */
    ended: function (ticket) { return Boolean(ENDED[ticket.state]); },
    speak: function (language) { root.lang = language; },
  };
}());
