// What became of a slip, in words.

import { has, t } from "./text.js";

/** Why a slip did not come out: a printer's state in words, else as the print host told it; "" unknown. */
export function causeWords(cause) {
  if (!cause) return "";
  return has(`printer.${cause}`) ? t(`printer.${cause}`).toLowerCase() : cause;
}

/** "Gagal dicetak: kertas habis". */
export function slipWords({ state, cause }) {
  const why = causeWords(cause);
  return why ? `${t(`print.${state}`)}: ${why}` : t(`print.${state}`);
}
