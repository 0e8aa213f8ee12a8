// The kinds of fields a form may have. Each is {name, node, read(), says(text), focus()}: read() gives
// the value as the API takes it (null: nothing), says() writes a sentence below it or takes it away.

import { dateOf } from "/shared/clock.js";
import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";

/** Label, control, hint and the place for a mistake, tied together for readers of the screen. */
function framed(name, label, control, { hint = null, read, required = false } = {}) {
  const mistake = el("p", { id: `${name}-mistake`, class: "mistake" });
  const note = hint ? el("p", { id: `${name}-hint`, class: "quiet hint" }, hint) : null;
  control.id = name;
  control.setAttribute("aria-describedby", note ? `${name}-hint ${name}-mistake` : `${name}-mistake`);
  const node = el("div", { class: "entry", data: { field: name } }, el("label", { for: name }, label), control, note, mistake);
  const says = (text) => {
    mistake.textContent = text || "";
    control.setAttribute("aria-invalid", String(Boolean(text)));
  };
  return { name, node, read, says, required, focus: () => control.focus() };
}

/** One line of text. */
export function text(name, label, { value = "", max = 80, type = "text", none = false, ...more } = {}) {
  const input = el("input", { name, class: "field", type, maxlength: max, autocomplete: "off", spellcheck: "false", value });
  const read = () => (input.value.trim() === "" && none ? null : input.value.trim());
  return framed(name, label, input, { ...more, read });
}

/** Several lines: a list with one thing a line. */
export function lines(name, label, { value = [], rows = 4, ...more } = {}) {
  const area = el("textarea", { name, class: "field", rows, value: value.join("\n") });
  const read = () => area.value.split("\n").map((one) => one.trim()).filter(Boolean);
  return framed(name, label, area, { ...more, read });
}

/** A whole number, or nothing. What is no whole number goes to the server as typed, which says so. */
export function number(name, label, { value = null, min = 0, max = 9999, ...more } = {}) {
  const input = el("input", { name, class: "field short", type: "text", inputmode: "numeric", autocomplete: "off",
    maxlength: 6, value: value === null ? "" : String(value), data: { min, max } });
  const read = () => (input.value.trim() === "" ? null : /^-?\d+$/.test(input.value.trim()) ? Number(input.value) : input.value.trim());
  return framed(name, label, input, { ...more, read });
}

/** One of several; `options` are [value, words]. */
export function choice(name, label, options, { value = "", empty = null, ...more } = {}) {
  const list = empty === null ? options : [["", empty], ...options];
  const select = el("select", { name, class: "field" }, list.map(([code, words]) => el("option", { value: code }, words)));
  select.value = value ?? "";
  const field = framed(name, label, select, { ...more, read: () => select.value || null });
  return { ...field, onChange: (act) => select.addEventListener("change", act) };
}

/** Any of several, as boxes to tick. */
export function several(name, label, options, { value = [], ...more } = {}) {
  const boxes = options.map(([code, words]) => [el("input", { type: "checkbox", value: code, checked: value.includes(code) }), words]);
  const group = el("div", { class: "ticks", role: "group", "aria-label": label, tabindex: "-1" },
    boxes.map(([box, words]) => el("label", { class: "check" }, box, words)));
  return framed(name, label, group, { ...more, read: () => boxes.filter(([box]) => box.checked).map(([box]) => box.value) });
}

/** A date of the calendar as 2026-11-03, or nothing. */
export function day(name, label, { value = "", ...more } = {}) {
  const input = el("input", { name, class: "field short", type: "date", value: value ?? "" });
  const field = framed(name, label, input, { ...more, read: () => input.value || null });
  // A browser writes dates in its own country's order; the words below leave no doubt.
  const words = el("p", { class: "date-words" });
  const tell = () => (words.textContent = input.value ? dateOf(`${input.value}T12:00:00Z`) : "");
  input.addEventListener("input", tell);
  tell();
  input.after(words);
  return field;
}

const SPAN = /^([01]?\d|2[0-3])[.:]([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]|24)[.:]([0-5]\d)$/;

/** "08.00-12.00, 13.00-15.30" as [["08:00", "12:00"], ["13:00", "15:30"]]; null when it cannot be read. */
export function spansOf(words) {
  const found = words.split(/[,;]/).map((one) => one.trim()).filter(Boolean).map((one) => SPAN.exec(one));
  if (found.includes(null)) return null;
  return found.map(([, a, b, c, d]) => [`${a.padStart(2, "0")}:${b}`, `${c.padStart(2, "0")}:${d}`]);
}

/** Spans as people write them. */
export function spanWords(spans) {
  return spans.map(([from, to]) => `${from}–${to}`.replaceAll(":", ".")).join(", ");
}

/** Hours of one day; `wrong` says that they cannot be read, before anything is sent. */
export function hours(name, label, { value = [], ...more } = {}) {
  const input = el("input", { name, class: "field", type: "text", maxlength: 60, autocomplete: "off", value: spanWords(value) });
  const field = framed(name, label, input, { ...more, read: () => spansOf(input.value) });
  const put = (spans) => (input.value = spanWords(spans));
  return { ...field, put, wrong: () => (spansOf(input.value) === null ? t("admin.hours_form") : "") };
}

/** A box that is ticked or not. */
export function tick(name, label, { value = false, ...more } = {}) {
  const box = el("input", { name, type: "checkbox", checked: value });
  const node = el("div", { class: "entry", data: { field: name } }, el("label", { class: "check" }, box, label));
  return { name, node, read: () => box.checked, says: () => {}, focus: () => box.focus(), box, ...more };
}

/** A colour like #0b4f5e. */
export function color(name, label, { value, ...more }) {
  const input = el("input", { name, class: "field short", type: "color", value });
  return framed(name, label, input, { ...more, read: () => input.value });
}

const FILE_MAX_BYTES = 500000; // the server's own limit

/** A picture file as base64; too large a one is told before anything is sent. */
export function picture(name, label, more) {
  const input = el("input", { name, class: "field", type: "file", accept: "image/png,image/jpeg" });
  let held = null;
  input.addEventListener("change", async () => {
    const file = input.files[0];
    held = file && file.size <= FILE_MAX_BYTES ? await base64(file) : null;
  });
  const field = framed(name, label, input, { ...more, read: () => held });
  return { ...field, wrong: () => (input.files[0]?.size > FILE_MAX_BYTES ? t("admin.logo_large") : "") };
}

function base64(file) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.split(",")[1] || null));
    reader.addEventListener("error", () => resolve(null));
    reader.readAsDataURL(file);
  });
}
