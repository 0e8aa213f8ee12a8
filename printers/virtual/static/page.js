const REFRESH_MS = 1000;
const NAMES = {
  ok: "Normal", paper_low: "Kertas hampir habis", paper_out: "Kertas habis", out_after: "Kertas habis di tengah",
  cover_open: "Penutup terbuka", error: "Pemotong macet", offline: "Luring",
  refuse: "Menolak sambungan", stall: "Macet", reset_after: "Putus di tengah",
};
const byId = (id) => document.getElementById(id);
const shown = new Map();

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function slipCard(slip) {
  const at = new Date(slip.at).toLocaleTimeString("id-ID");
  const facts = element("p", { className: "facts" }, `${slip.number ?? "tanpa nomor"} · ${at}`);
  if (slip.mark) facts.append(` · ${slip.mark}`);
  if (!slip.cut) facts.append(element("span", { className: "torn" }, " · tidak terpotong"));
  const picture = element("img", { src: slip.png, alt: `Karcis ${slip.number ?? ""}`.trim() });
  const words = element("pre", { textContent: slip.text });
  const text = element("details", {}, element("summary", { textContent: "Teks" }), words);
  return element("li", {}, picture, facts, text);
}

function drawSlips(slips) {
  const list = byId("slips");
  const keys = new Set(slips.map((slip) => `${slip.id} ${slip.at}`));
  for (const [key, card] of shown) {
    if (!keys.has(key)) { card.remove(); shown.delete(key); }
  }
  for (const slip of [...slips].reverse()) {
    const key = `${slip.id} ${slip.at}`;
    if (shown.has(key)) continue;
    const card = slipCard(slip);
    shown.set(key, card);
    list.prepend(card);
  }
  byId("empty").hidden = slips.length > 0;
}

function drawState(facts) {
  const state = byId("state");
  const waiting = facts.waiting_bytes ? ` · ${facts.waiting_bytes} bita menunggu` : "";
  state.textContent = `${NAMES[facts.mode]} · kertas ${facts.width_mm} mm${waiting}`;
  state.classList.toggle("bad", facts.mode !== "ok");
  for (const button of document.querySelectorAll("[data-mode]")) {
    button.setAttribute("aria-pressed", String(button.dataset.mode === facts.mode));
  }
  byId("errors").hidden = facts.errors.length === 0;
  byId("error-list").replaceChildren(...facts.errors.map(({ at, text }) =>
    element("li", { textContent: `${new Date(at).toLocaleTimeString("id-ID")} ${text}` })));
}

function drawLost() {
  const state = byId("state");
  state.textContent = "Pencetak maya tidak menjawab.";
  state.classList.add("bad");
}

async function json(path, options) {
  const answer = await fetch(path, { ...options, signal: AbortSignal.timeout(5000) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function refresh() {
  try {
    drawState(await json("/control"));
    drawSlips(await json("/slips"));
  } catch {
    drawLost();
  }
  setTimeout(refresh, REFRESH_MS);
}

const behaviour = (mode) => ({
  mode, bytes: Number(byId("bytes").value) || 0, late_s: Number(byId("late").value) || 0, lies: byId("lies").checked,
  answers: [...document.querySelectorAll("[name=answers]:checked")].map((box) => box.value),
});

const pressed = () => document.querySelector("[data-mode][aria-pressed=true]")?.dataset.mode ?? "ok";

async function control(wish) {
  const body = JSON.stringify(wish);
  try {
    drawState(await json("/control", { method: "POST", headers: { "Content-Type": "application/json" }, body }));
  } catch {
    drawLost();
  }
}

for (const button of document.querySelectorAll("[data-mode]")) {
  button.addEventListener("click", () => control(behaviour(button.dataset.mode)));
}
byId("power").addEventListener("click", () => control({ power: "lost" }));
byId("forget").addEventListener("click", () => control({ graphics: "lost" }));
byId("answers").addEventListener("change", () => control(behaviour(pressed())));
refresh();
