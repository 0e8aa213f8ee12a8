// The set of calls this screen has dealt with. It survives a reload, not a new browser; another
// epoch is another history, where the same ids mean other calls.

const KEEP_MAX = 1000; // far more than a view ever carries

/** {reset, has, add, ids}: kept in `storage` under `name`; storage that fails is done without. */
export function createMemory(storage, name) {
  let epoch = null;
  let ids = new Set();
  try {
    const kept = JSON.parse(storage.getItem(name));
    if (kept && typeof kept.epoch === "string") [epoch, ids] = [kept.epoch, new Set(kept.ids)];
  } catch {
    // nothing kept, or not ours
  }

  function save() {
    try {
      storage.setItem(name, JSON.stringify({ epoch, ids: [...ids] }));
    } catch {
      // a full or forbidden storage must not stop the calls
    }
  }

  return {
    /** Forgets all when `next` is another epoch; true when it did. */
    reset(next) {
      if (next === epoch) return false;
      [epoch, ids] = [next, new Set()];
      save();
      return true;
    },
    has: (id) => ids.has(id),
    add(id) {
      ids.add(id);
      if (ids.size > KEEP_MAX) ids.delete(ids.values().next().value);
      save();
    },
    ids: () => new Set(ids),
  };
}
