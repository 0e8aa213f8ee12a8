// Texts of the page, by language, from the JSON block that base.html puts into it:
// {"id": {"kiosk.take": "Ambil nomor", ...}, "en": {...}}.

let texts = {};
let current = "id";

function load() {
  const block = document.getElementById("texts");
  if (block) texts = JSON.parse(block.textContent);
  current = document.documentElement.lang || "id";
}

load();

/** The language now shown, e.g. "id". */
export function language() {
  return current;
}

/** The languages that this page has texts for. */
export function languages() {
  return Object.keys(texts);
}

/** Shows the page in another language from now on; unknown ones are refused (false). */
export function setLanguage(code) {
  if (!texts[code]) return false;
  current = code;
  document.documentElement.lang = code;
  return true;
}

/** True when the page carries this text. */
export function has(key) {
  return Boolean(texts[current]?.[key] || texts.id?.[key]);
}

/** The text of `key` with {name} filled in; Indonesian where the language lacks it, else the key. */
export function t(key, values = {}) {
  const pattern = texts[current]?.[key] ?? texts.id?.[key] ?? key;
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** A localised name {"id": ..., "en": ...} (or a plain string) in the language now shown. */
export function named(name) {
  if (name === null || name === undefined) return "";
  if (typeof name === "string") return name;
  return name[current] || name.id || Object.values(name)[0] || "";
}

/** The sentence for a refused request: the server's title, else ours for the code, else a general one. */
export function problem(answer) {
  const key = `error.${answer.body?.code}`;
  if (current !== "id" && has(key)) return t(key, answer.body);
  if (answer.body?.title) return answer.body.title;
  return answer.status === 0 ? t("common.no_answer") : t("common.failed");
}
