// What stands on a slip: its lines as text, how they look on paper, and what is wrong with them, line by line.

import { confirm } from "/shared/ask.js";
import { el } from "/shared/dom.js";
import { post } from "/shared/http.js";
import { problem, t } from "/shared/text.js";
import { API, asked, small } from "./part.js";

const URL = `${API}/slip-template`;
const PICTURE_MS = 45000;
const CHOICES = { width_mm: [58, 80], language: ["id", "en"], copy: [0, 1] };

// One node for as long as the page lives: what is typed, the caret and Ctrl-Z survive every redraw.
const area = el("textarea", { id: "slip-lines", class: "field lines", rows: 22, spellcheck: "false", data: { focus: "lines" },
  onInput: () => { state.isTyped = true; } });
const state = { isTyped: false, base: null, shown: null, wrong: [], isShowing: false };
const wish = { width_mm: 80, language: "id", copy: 0 };

export async function load() {
  return { slip: await asked("/slip-template") };
}

export function draw({ slip, off }, page) {
  if (!state.isTyped) {
    area.value = slip.template;
    state.base = null;
  }
  state.base ??= slip.version;
  return [
    el("h1", {}, t("admin.slip")),
    el("p", {}, t(slip.own ? "admin.slip_own" : "admin.slip_standard"), " ", t("admin.slip_why")),
    el("div", { class: "slip" }, writing(slip, off, page), paper(page)),
  ];
}

function writing(slip, off, page) {
  return el("div", { class: "entry", data: { field: "template" } },
    el("label", { for: "slip-lines" }, t("admin.slip_lines")), area,
    el("div", { role: "alert" }, state.wrong.length > 0 && el("ul", { class: "wrongs" }, state.wrong.map(({ line, message }) => el("li", { class: "mistake" },
      line ? el("button", { type: "button", class: "small", data: { line }, onClick: () => point(line) }, t("admin.slip_line", { line })) : null, message)))),
    el("div", { class: "presses" },
      el("button", { type: "button", data: { kind: "main", focus: "save" }, disabled: off, onClick: () => save(page) }, t("admin.save")),
      small("admin.slip_reset", "reset", off, () => reset(slip, page))),
    el("details", { class: "archived" }, el("summary", {}, t("admin.slip_help")),
      slip.help.map((words) => el("p", {}, words))));
}

function paper(page) {
  const { shown, isShowing } = state;
  return el("div", { class: "entry", "aria-busy": String(isShowing) },
    el("div", { class: "presses" }, Object.keys(CHOICES).map((name) => pick(name, page))),
    el("button", { type: "button", disabled: isShowing, data: { focus: "show" }, onClick: () => show(page) },
      t(isShowing ? "admin.slip_showing" : "admin.slip_show")),
    shown && el("img", { class: "paper", css: { "--mm": shown.width_mm }, src: `data:image/png;base64,${shown.png}`, alt: t("admin.slip_picture") }),
    shown && !shown.qr ? el("p", { class: "quiet" }, t("admin.slip_no_qr")) : null);
}

function pick(name, page) {
  const list = el("select", { class: "field", data: { focus: name }, onChange: () => {
    wish[name] = typeof wish[name] === "number" ? Number(list.value) : list.value;
    if (state.shown) show(page);
  } }, CHOICES[name].map((value) => el("option", { value: String(value) }, name === "width_mm" ? `${value} mm` : t(`admin.slip_${name}.${value}`))));
  list.value = String(wish[name]);
  return el("label", { class: "pick" }, t(`admin.slip_${name}`), list);
}

/** Puts the caret on the line and marks it. */
function point(line) {
  const before = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(before, before + (area.value.split("\n")[line - 1] || "").length);
}

/** What an answer says is wrong; nothing after a good one. */
function mistakes(answer) {
  if (answer.ok) return [];
  if (answer.status === 409) return [{ message: t("admin.slip_late") }];
  return answer.body?.errors || [{ message: problem(answer) }];
}

async function show(page) {
  if (state.isShowing) return;
  const asking = { ...wish };
  state.isShowing = true;
  page.again();
  const answer = await post(`${URL}/preview`, { template: area.value, ...asking }, { timeout_ms: PICTURE_MS });
  state.isShowing = false;
  state.wrong = mistakes(answer);
  state.shown = answer.ok ? { ...answer.body, width_mm: asking.width_mm } : null; // never the picture of other lines
  page.again();
  document.querySelector(".wrongs li")?.scrollIntoView({ block: "center" });
}

async function save(page) {
  const answer = await page.act(`slip:${area.value}`, URL, { template: area.value, version: state.base }, t("admin.done.slip"));
  if (!answer) return;
  state.wrong = mistakes(answer);
  if (answer.ok) state.isTyped = false;
  if (answer.status === 409) state.base = null; // the next press is about what is there now
  page.again();
}

async function reset(slip, page) {
  if (!await confirm(t("admin.slip_reset"), t("admin.slip_reset_why"), t("admin.slip_reset"))) return;
  const answer = slip.own ? await page.act(`slip:none:${slip.version}`, URL, { template: null, version: slip.version }, t("admin.done.slip")) : { ok: true };
  if (!answer) return;
  state.wrong = mistakes(answer);
  if (answer.ok) Object.assign(state, { isTyped: false, shown: null });
  page.again();
}
