// How this visitor wants the page: language, large letters, contrast, low reach, reading aloud.
//
// Each wish is an attribute of <html> (data-text, data-contrast, data-reach, data-listen) that
// the style sheets follow. All end with the visit: the next visitor finds the plain page.

import { language, setLanguage } from "/shared/text.js";
import { createKept } from "./kept.js";

const WISHES = { text: "large", contrast: "high", reach: "low", listen: "on" };
/** Languages in which slips, calls and the phone page speak; any other reads them in Indonesian. */
const OF_TICKETS = ["id", "en"];

/** The visitor's wishes, kept in `storage` under `name`; `changed()` is called after each change. */
export function createComfort({ storage, name, changed }) {
  const kept = createKept(storage, name);
  let wishes = kept.load("comfort") || {};
  let first = "id"; // the site's own language

  function apply() {
    for (const wish of Object.keys(WISHES)) {
      if (wishes[wish]) document.documentElement.dataset[wish] = WISHES[wish];
      else delete document.documentElement.dataset[wish];
    }
    setLanguage(wishes.language || first) || setLanguage("id");
  }

  function change(next) {
    wishes = next;
    kept.save("comfort", wishes);
    apply();
    changed();
  }

  apply();
  return {
    has: (wish) => Boolean(wishes[wish]),
    toggle: (wish) => change({ ...wishes, [wish]: !wishes[wish] }),
    speak: (code) => change({ ...wishes, language: code }),
    reset: () => change({}),
    /** True while nothing was wished: then a page left alone has nothing to take back. */
    isPlain: () => !Object.keys(WISHES).some((wish) => wishes[wish]) && (wishes.language || first) === first,
    /** Tells the site's own language; the page shows it until another is chosen. */
    settle: (code) => {
      first = code;
      apply();
    },
    /** The language of a ticket taken now. */
    ofTicket: () => (OF_TICKETS.includes(language()) ? language() : "id"),
  };
}
