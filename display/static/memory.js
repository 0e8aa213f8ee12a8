// What this screen has dealt with. It survives a reload, not a new browser; another epoch is
// another history, where the same ids mean other calls. ES5.

var KEEP_MAX = 1000; // far more than a view ever carries

/** A bounded set of numbers that remembers the order in which they came. */
function createIds(from) {
  var order = from.slice(-KEEP_MAX), held = {};
  order.forEach(function (id) { held[id] = true; });
  return {
    list: function () { return order.slice(); },
    has: function (id) { return held[id] === true; },
    add: function (id) {
      if (held[id]) return;
      held[id] = true;
      order.push(id);
      if (order.length > KEEP_MAX) delete held[order.shift()];
    },
    drop: function (id) {
      if (!held[id]) return;
      delete held[id];
      order = order.filter(function (one) { return one !== id; });
    },
  };
}

/**
 * Kept in `storage` under `name`; storage that fails is done without. `done`: calls that were dealt with;
 * `owed`: those of them that this screen showed while another was to speak, and that nobody is known to have spoken.
 */
export function createMemory(storage, name) {
  var epoch = null, command = null, done = createIds([]), owed = createIds([]);
  try {
    var kept = JSON.parse(storage.getItem(name));
    if (kept && typeof kept.epoch === "string") {
      epoch = kept.epoch;
      done = createIds(kept.ids);
      owed = createIds(kept.owed || []);
      command = typeof kept.command === "number" ? kept.command : null;
    }
  } catch (nothing) {
    // nothing kept, or not ours
  }

  function save() {
    try {
      storage.setItem(name, JSON.stringify({ epoch: epoch, ids: done.list(), owed: owed.list(), command: command }));
    } catch (refused) {
      // a full or forbidden storage must not stop the calls
    }
  }

  return {
    /** Forgets all when `next` is another epoch; true when it did. */
    reset: function (next) {
      if (next === epoch) return false;
      epoch = next;
      command = null;
      done = createIds([]);
      owed = createIds([]);
      save();
      return true;
    },
    has: function (id) { return done.has(id); },
    /** The call is over here; `isOwed`: another was to speak it. */
    add: function (id, isOwed) {
      done.add(id);
      if (isOwed) owed.add(id);
      else owed.drop(id);
      save();
    },
    owes: function (id) { return owed.has(id); },
    /** Somebody spoke it. */
    settle: function (id) {
      if (!owed.has(id)) return;
      owed.drop(id);
      save();
    },
    /** Of these commands ({id}) those that are to be done now: none twice, and none from before the first view ever. */
    due: function (commands) {
      var last = command, newest = last === null ? 0 : last;
      commands.forEach(function (one) { newest = Math.max(newest, one.id); });
      if (newest !== last) {
        command = newest;
        save();
      }
      return last === null ? [] : commands.filter(function (one) { return one.id > last; });
    },
    size: function () { return done.list().length + owed.list().length; },
  };
}
