// Draws the hall into the parts of the display's layout. The layout changes rarely, what it shows often.

import { meta, setText } from "/shared/dom.js";
import { redraw } from "/shared/redraw.js";
import { t } from "/shared/text.js";
import { digitPx, isBelow } from "./angle.js";
import { arrange, USUAL } from "./arrange.js";
import { currentOf, earlierOf } from "./calls.js";
import { boardFit, rowsFor, WIDE } from "./distance.js";
import { drawBoard, drawClosure, drawCurrent, drawEarlier, drawSign, drawTicker, drawWaiting } from "./draw.js";
import { createPlayer } from "./player.js";

const RECENT_MAX = 5;
const NUMBER = 0.44; // part of an earlier call's width that its number may take, as in the sheet
const FAR = 0.36; // a digit that must be higher than this part of the call's place takes room from the words

const RULED = ["call", "board", "counter"]; // where a visitor is sent; earlier calls are as large as their place allows

/** {draw(data, {announced, turn}), isSmall()} of the display in `root`. */
export function createScreen(root) {
  let shape = null;
  let regions = [];
  let players = new Map();
  let size = null; // of the screen and how far it is read
  let small = false; // a number was too small since that is so

  /** Another layout: all is put up anew. One without rows, or not understood, leaves the last. */
  function put(layout) {
    const rows = layout?.rows?.length ? layout.rows : shape === null ? USUAL : null;
    if (!rows) return;
    const next = JSON.stringify(rows.map((row) => [row.kind, row.share, row.parts.map((one) => [one.part, one.share])]));
    if (next === shape) return;
    shape = next;
    players.forEach((player) => player.stop());
    regions = arrange(root, rows);
    players = new Map(regions.filter((one) => one.part === "media").map((one) => [one.node, createPlayer(one.node, meta("device"))]));
  }

  function draw(data, { announced, turn }) {
    put(data.layout);
    const hall = pictureOf(data, announced);
    const least = digitPx(data.layout?.distance_m, data.layout?.diagonal_in, window.innerWidth, window.innerHeight);
    const now = JSON.stringify([shape, least, window.innerWidth, window.innerHeight]);
    if (now !== size) [size, small] = [now, false];
    root.style.setProperty("--digit", `${least}px`);
    const near = (metres) => digitPx(metres, data.layout?.diagonal_in, window.innerWidth, window.innerHeight);
    for (const { part, node, at } of regions) {
      const own = data.layout?.rows?.[at[0]]?.parts?.[at[1]] || {};
      const wanted = own.distance_m ? near(own.distance_m) : least;
      PARTS[part](node, { data, hall, own, turn, least: wanted, player: players.get(node) });
      small ||= RULED.includes(part) && hasSmall(node, wanted);
    }
  }

  return { draw, isSmall: () => small };
}

/** Whether a number in `node` cannot be read from where people stand. */
function hasSmall(node, least) {
  return least > 0 && [...node.querySelectorAll(".number")].some((one) => isBelow(parseFloat(getComputedStyle(one).fontSize), least));
}

/** Which call stands large and which follow; a screen at a gerai shows that gerai's. */
function pictureOf(data, announced) {
  const gerai = data.layout?.gerai;
  const calls = gerai ? data.calls.filter((call) => call.gerai === gerai) : data.calls;
  const mine = announced && (!gerai || announced.gerai === gerai) ? announced : null;
  const current = currentOf(calls, mine, data.serving, data.set_aside);
  const quiet = t(calls.length ? "display.calm" : "display.none_yet");
  return { current, quiet, isNew: announced !== null && current === announced, earlier: earlierOf(calls, current, data.set_aside) };
}

const PARTS = {
  call(node, { hall: { current, isNew, quiet }, least }) {
    node.dataset.far = String(least > FAR * node.clientHeight);
    redraw(node, { current, quiet, isNew }, () => drawCurrent(current, isNew, quiet));
    node.dataset.split = "false";
    node.dataset.split = String(hasSmall(node, least)); // a long number gets more room, or a second line
  },
  recent(node, { hall: { earlier }, least }) {
    const isWide = node.clientWidth > 2.4 * node.clientHeight;
    node.dataset.wide = String(isWide);
    node.dataset.ruled = String(least > 0);
    const chars = Math.max(5, ...earlier.map((call) => call.number.length));
    const widest = (NUMBER * node.clientWidth) / (chars * WIDE); // no row needs to be higher than its number can be
    const most = isWide ? RECENT_MAX - 1 : rowsFor(node.clientHeight * 0.9, Math.min(least, widest), RECENT_MAX);
    redraw(node, earlier.slice(0, most), drawEarlier);
  },
  board(node, { own, least, turn }) {
    const rows = own.rows || [];
    const chars = Math.max(5, ...rows.map((row) => (row.number || "").length));
    const fit = boardFit({ width: node.clientWidth - 8, height: node.clientHeight * 0.95, count: rows.length, chars, least });
    redraw(node, { rows, fit, turn: turn % fit.pages }, () => drawBoard(rows, fit, turn));
  },
  waiting(node, { data, own, turn }) {
    const rows = own.rows || data.waiting;
    redraw(node, { rows, turn }, () => drawWaiting(rows, turn));
  },
  counter: (node, { own }) => redraw(node, own.row || null, drawSign),
  ticker(node, { own }) {
    redraw(node, own.words || "", drawTicker);
    node.dataset.runs = String(node.firstElementChild.scrollWidth > node.clientWidth);
  },
  media: (node, { data, player }) => player.play(data.media || [], data.display.volume ?? 100),
  notices(node, { data }) {
    node.hidden = data.notices.length === 0;
    setText(node, data.notices.join(" · "));
  },
  closures(node, { data, turn }) {
    const rows = data.closures || [];
    node.hidden = rows.length === 0;
    redraw(node, { rows, turn: rows.length && turn % rows.length }, () => rows.length > 0 && drawClosure(rows, turn));
  },
  name: (node, { data }) => setText(node, data.site.name),
  logo: () => {}, // the sheet draws it
  clock: () => {}, // its own second
  date: () => {},
};
