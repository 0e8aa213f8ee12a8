// The drawing of the page for old TVs. ES5; text only, no markup from data.

import { digitPx, isBelow } from "./angle.js";

var texts = JSON.parse(byId("texts").textContent);
var TURN_MS = 10000;
var FITS = 7; // signs of a number at the size of most
var shown = null; // JSON of what is on the screen
var small = false; // a number stood there that is too small for the distance

export function byId(id) {
  return document.getElementById(id);
}

/** The words of `key`; a key nobody wrote shows itself. */
export function t(key) {
  return texts[key] || key;
}

export function setText(id, words) {
  var node = byId(id);
  if (node.textContent !== words) node.textContent = words;
}

function cell(tag, name, words) {
  var node = document.createElement(tag);
  node.className = name;
  node.textContent = words;
  return node;
}

/** Notes a number that cannot be read from where people stand. */
function measure(node, layout) {
  var least = digitPx(layout.distance_m, layout.diagonal_in, window.innerWidth, window.innerHeight);
  small = small || isBelow(parseFloat(window.getComputedStyle(node).fontSize), least);
}

export function isSmall() {
  return small;
}

/** The large call with where to go, the earlier ones; nothing is touched while all stays the same. */
export function drawPage(data, current, earlier) {
  var picture = JSON.stringify([current, earlier, data.site.name]);
  if (picture === shown) return;
  shown = picture;
  setText("site", data.site.name);
  byId("call").style.visibility = current ? "visible" : "hidden";
  if (current) {
    byId("call").setAttribute("data-call", current.call_id);
    setText("number", current.number);
    byId("number").className = current.number.length > FITS ? "long" : "";
    measure(byId("number"), data.layout || {});
    setText("counter", current.counter_label);
    setText("gerai", current.gerai_name + (current.zone_name ? " · " + current.zone_name : ""));
    setText("recall", current.recall ? t("display.recall").replace("{n}", current.count) : "");
  }
  setText("quiet", current ? "" : t(data.calls.length ? "display.calm" : "display.none_yet"));
  var list = byId("recent");
  while (list.firstChild) list.removeChild(list.firstChild);
  earlier.forEach(function (call) {
    var row = document.createElement("li");
    row.appendChild(cell("b", "number", call.number));
    row.appendChild(cell("span", "where", call.counter_label + " · " + call.gerai_name));
    list.appendChild(row);
  });
}

/** What is told at the foot, one after the other, each for ten seconds: the notices, what is closed today and why. */
export function drawFoot(data, now_ms) {
  var told = (data.notices.length ? [data.notices.join(" · ")] : []).concat((data.closures || []).map(closure));
  setText("notices", told.length ? told[Math.floor(now_ms / TURN_MS) % told.length] : "");
}

function closure(row) {
  var words = t("closed." + (row.gerai || row.reason !== "gerai_closed" ? row.reason : "site_closed")).replace("{why}", function () { return row.why; });
  return (row.gerai ? row.gerai_name + (row.service_name ? ", " + row.service_name : "") + " – " : "") + words;
}
