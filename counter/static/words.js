// Words that several parts of the officer's page use.

import { has, t } from "/shared/text.js";

/** A priority's name: "Lansia". An unknown code is shown as it is. */
export function priorityWords(code) {
  return has(`priority.${code}`) ? t(`priority.${code}`) : code;
}

/** The short mark of a priority in a list, with its state in words for a reader. */
export function priorityMark(priority) {
  if (!priority || priority.state === "removed") return "";
  return priority.state === "confirmed" ? `${priorityWords(priority.code)} ✓` : priorityWords(priority.code);
}
