// What a visitor left in the browser's session storage, for a reload: old things are somebody else's.

const KEEP_MS = 5 * 60 * 1000;

/** {load(part), save(part, value)} under `name`; load gives null when there is nothing fresh. */
export function createKept(storage, name) {
  function all() {
    try {
      const kept = JSON.parse(storage.getItem(name));
      const age_ms = Date.now() - kept.at;
      if (age_ms >= 0 && age_ms < KEEP_MS) return kept;
    } catch {
      // nothing kept, or not ours
    }
    return {};
  }
  return {
    load: (part) => all()[part] ?? null,
    save: (part, value) => storage.setItem(name, JSON.stringify({ ...all(), [part]: value, at: Date.now() })),
  };
}
