// What a form still wants, in the words of the page: a browser says it in its own language, which may be another.

import { t } from "./text.js";

export const NOT_BLANK = ".*\\S.*"; // a pattern: spaces alone fill nothing

function say({ target }) {
  const { valueMissing, patternMismatch } = target.validity;
  target.setCustomValidity(t(valueMissing || patternMismatch ? "staff.fill_in" : "staff.not_like_this"));
}

function believe({ target }) {
  target.setCustomValidity?.("");
}

/** What a page itself puts into a field tells nobody: each press (Enter is one) asks all fields of the form anew. */
function askAnew({ target }) {
  for (const field of target.closest?.("button")?.form?.elements ?? []) field.setCustomValidity?.("");
}

/** From now on every field of the page says so itself when it is not filled as wished. */
export function sayWhatIsMissing() {
  document.addEventListener("invalid", say, true);
  document.addEventListener("input", believe, true);
  document.addEventListener("click", askAnew, true);
}
