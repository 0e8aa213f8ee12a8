// A hall in virtual time: displays of one sound group running the page's own order.js and report.js,
// a server that gives the turn as server/domain/speaking.py does, and a network that delays,
// repeats, reorders, folds and cuts. All chance comes from one seed. Run by test_display_order.py.

export async function hallOf(seed, plan) {
  const { createOrder, LEASE_MS } = await import("/display/-/order.js");
  const { createMemory } = await import("/display/-/memory.js");
  const { createReport } = await import("/display/-/report.js");
  let state = seed * 2654435761 % 4294967296;
  const random = () => (state = (state * 1664525 + 1013904223) % 4294967296) / 4294967296;
  const between = (low, high) => low + random() * (high - low);
  const now = () => Date.now();
  const start_ms = now();
  const calls = [];
  const log = []; // {call, by, at, end}: one announcement, cut or whole
  const written = new Set();
  const screens = ["TV1", "TV2", "TV3"].slice(0, plan.displays).map(screen);
  const heard = new Map(screens.map((one) => [one.code, { at: -1e9, audio: "ok", well: 0 }]));
  let speaks = "TV1", may = "TV1", version = 0, isUp = true, trouble = { sounding: 0 };

  function screen(code) {
    const one = { code, isAlive: true, isLinked: true, isFrozen: false, audio: "ok", playing: null, held: 0, live: false, from: 0, sizes: [] };
    const frozen = (act) => (...given) => (one.isFrozen ? one.later.push(() => act(...given)) : act(...given));
    one.later = [];
    one.open = () => {
      one.memory = createMemory(one.storage, "x");
      one.order = createOrder({
        memory: one.memory, now, begin: () => {}, idle: () => {}, command: (what, done) => done(),
        play: (call, isShort, done) => play(one, call, isShort, done),
        end: (call, ended, isHeard) => (one.isAlive ? (isHeard ? one.report.spoken(call) : one.report.send()) : undefined),
      });
      one.report = createReport({
        now, at: () => String(now()), answered: (asked, answer) => one.order.leave(asked, answer.speaks),
        state: () => ({ epoch: one.isAlive ? "e" : null, audio: one.audio, shown_seq: one.held, visible: true }),
        post: (body, done) => send(one, body, done),
      });
      one.report.every(1);
    };
    one.storage = { kept: null, getItem: () => one.storage.kept, setItem: (_, text) => (one.storage.kept = text) };
    one.frozen = frozen;
    one.open();
    return one;
  }

  function play(one, call, isShort, done) {
    if (one.audio !== "ok") return setTimeout(() => done(one.audio), 50), () => {};
    const row = { call: call.call_id, by: one.code, at: now(), end: null, isWhole: false };
    log.push(row);
    const endless = random() < plan.endless;
    const timer = setTimeout(one.frozen(() => {
      row.end = now();
      row.isWhole = !endless;
      one.playing = null;
      if (one.isAlive) done(endless ? "error" : "ok");
    }), endless ? 9000 : isShort ? 2500 : 5500);
    one.playing = () => {
      clearTimeout(timer);
      row.end = now();
      one.playing = null;
    };
    return () => one.playing?.();
  }

  function send(one, body, done) {
    const isLost = !one.isLinked || !isUp || !one.isAlive || random() < plan.lost;
    if (isLost) return setTimeout(() => done(null), 3000);
    setTimeout(() => {
      const known = heard.get(one.code);
      if (now() - known.at > 3500 || body.audio !== "ok") known.well = now();
      [known.at, known.audio] = [now(), body.audio];
      if (body.audio !== "ok" && may === one.code) may = null;
      body.spoken.forEach((row) => written.add(row.call_id));
      const answer = { written: body.spoken.map((row) => row.call_id), unknown: [], speaks: may === one.code };
      setTimeout(one.frozen(() => done(one.isLinked ? answer : null)), between(5, 200));
    }, between(5, 200));
  }

  /** As speaking.turn: silence, trouble, and back when it is well and nothing is unheard. */
  function look() {
    if (!isUp) return;
    const silent = (code) => now() - heard.get(code).at;
    const fit = (code) => heard.get(code).audio === "ok" && silent(code) <= 3500;
    const first = screens.map((one) => one.code).find((code) => code !== speaks && fit(code));
    const well = screens.map((one) => one.code).find((code) => code < speaks && fit(code) && now() - heard.get(code).well >= 5000);
    const unheard = calls.some((call) => now() - Date.parse(call.at) < 60000 && !written.has(call.call_id));
    let next = speaks;
    if (silent(speaks) > 3500 || heard.get(speaks).audio !== "ok") next = first ?? speaks;
    else if (well && !unheard) next = well;
    if (next !== speaks) {
      speaks = next;
      publish();
    }
    may = speaks;
  }

  function viewFor(code) {
    return { epoch: "e", version, data: {
      calls: calls.slice(-40).map((call) => ({ ...call, spoken: written.has(call.call_id) })),
      display: { speaks: speaks === code, shared: screens.length > 1, commands: [] } } };
  }

  function deliver(one, view, live) {
    if (!one.isAlive || !one.isLinked || view.version <= one.held) return;
    one.held = view.version;
    one.order.take(view, { live, now_ms: now(), rate: 1 });
  }

  function publish() {
    version += 1;
    for (const one of screens) {
      const view = structuredClone(viewFor(one.code));
      for (let copies = random() < 0.2 ? 2 : 1; copies; copies -= 1) {
        if (random() < plan.loss) continue; // folded into the next, or asked for at the pulse
        setTimeout(one.frozen(() => isUp && deliver(one, view, true)), between(2, 400));
      }
    }
  }

  setInterval(look, 500);
  // What live.js does: a screen behind the pulse, or back from a cut, asks.
  setInterval(() => screens.forEach((one) => isUp && !one.isFrozen && deliver(one, structuredClone(viewFor(one.code)), one.isLinked && one.isAlive)), 2000);
  return { start_ms, calls, log, screens, written, LEASE_MS, between, random,
    call: () => {
      calls.push({ call_id: (version += 1), number: "B-001", at: new Date(now()).toISOString(), spoken: false });
      publish();
    },
    set: (up) => (isUp = up), turn: () => speaks,
    kill: (one) => ((one.isAlive = false), one.playing?.()),
    thaw: (one) => ((one.isFrozen = false), one.later.splice(0).forEach((act) => act())) };
}
