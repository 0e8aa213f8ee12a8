// Requests to /api/v1. Every answer is {ok, status, body, replayed, etag, isStuck}; nothing throws.
// No answer at all is {ok: false, status: 0, body: null}.

import { meta } from "./dom.js";

export const API = "/api/v1";
const TIMEOUT_MS = 8000;
const RETRY_PAUSES_MS = [400, 1200]; // two more tries, always with the same key

/** A new Idempotency-Key: 128 random bits in hex. Works on plain http too. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

let csrf = null;

/** Uses another CSRF token from now on (the answer of a login carries one). */
export function useCsrf(token) {
  csrf = token;
}

function headers(extra) {
  const all = { Accept: "application/json", ...extra };
  const device = meta("device");
  if (device) all["X-MPP-Device"] = device;
  return all;
}

async function once(url, options, timeout_ms) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), timeout_ms);
  try {
    const answer = await fetch(url, {
      credentials: "same-origin", cache: "no-store", redirect: "error", ...options, signal: giveUp.signal,
    });
    return await read(answer);
  } catch {
    return { ok: false, status: 0, body: null, replayed: false, etag: null };
  } finally {
    clearTimeout(timer);
  }
}

async function read(answer) {
  const text = await answer.text();
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    body = null; // a proxy's HTML page, for instance
  }
  return {
    ok: answer.ok, status: answer.status, body,
    replayed: answer.headers.get("Idempotent-Replayed") === "true",
    etag: answer.headers.get("ETag"),
    isStuck: answer.headers.get("MPP-Storage") === "failing",
  };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** GET; `etag` asks only for what changed (then status may be 304 with body null). */
export function get(url, { etag = null, timeout_ms = TIMEOUT_MS } = {}) {
  return once(url, { method: "GET", headers: headers(etag ? { "If-None-Match": etag } : {}) }, timeout_ms);
}

/** POST JSON. With `key` it is an act: tried again with the SAME key when no answer or 503 came. */
export async function post(url, body = {}, { key = null, timeout_ms = TIMEOUT_MS } = {}) {
  const extra = { "Content-Type": "application/json", "X-CSRF-Token": csrf ?? meta("csrf") };
  if (key) extra["Idempotency-Key"] = key;
  const options = { method: "POST", headers: headers(extra), body: JSON.stringify(body) };
  let answer = await once(url, options, timeout_ms);
  for (const pause_ms of key ? RETRY_PAUSES_MS : []) {
    if (answer.status !== 0 && answer.status !== 503) break;
    await pause(pause_ms);
    answer = await once(url, options, timeout_ms);
  }
  return answer;
}

const FILE_TIMEOUT_MS = 30 * 60000; // a video over a slow wireless link

/** POST a file as it is, once: what was lost on the way is for the person to send again, under the same key. */
export function sendFile(url, file, key) {
  const extra = { "Content-Type": "application/octet-stream", "X-CSRF-Token": csrf ?? meta("csrf"), "Idempotency-Key": key };
  return once(url, { method: "POST", headers: headers(extra), body: file }, FILE_TIMEOUT_MS);
}
