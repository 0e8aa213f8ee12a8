// Why nobody may take a number, in the words of who closed it: the same sentence on every screen.

import { has, t } from "./text.js";

/** The sentence for {reason, why}; "" where nobody closed anything, or said why. */
export function closedBy({ reason, why }) {
  return why && has(`closed.${reason}`) ? t(`closed.${reason}`, { why }) : "";
}

/** The sentence when the whole hall is closed, for {reason, why}; "" as above. */
export function hallClosedBy({ reason, why }) {
  return closedBy({ reason: reason === "gerai_closed" ? "site_closed" : reason, why });
}
