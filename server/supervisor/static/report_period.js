// The periods of reports: which there are, when they end, and how they are called.

import { language, t } from "/shared/text.js";

const MONTHS_BACK = 13;
const MONTHS_OF = { monthly: 1, quarterly: 3, halfyearly: 6, yearly: 12 };
const ROMAN = ["I", "II", "III", "IV"];

/** The periods that may be asked for on this date ('2026-11-03'), newest first: [form, period]. */
export function periods(date) {
  const [year, month] = date.split("-").map(Number);
  const back = (count, months, write) => Array.from({ length: count }, (_, n) => {
    const at = Math.floor((year * 12 + month - 1) / months) * months - n * months;
    return write(Math.floor(at / 12), Math.floor((at % 12) / months) + 1);
  });
  return [
    ...back(MONTHS_BACK, 1, (y, part) => ["monthly", `${y}-${String(part).padStart(2, "0")}`]),
    ...back(5, 3, (y, part) => ["quarterly", `${y}-T${part}`]),
    ...back(3, 6, (y, part) => ["halfyearly", `${y}-S${part}`]),
    ...back(2, 12, (y) => ["yearly", String(y)]),
  ];
}

/** The last month of a period: ("quarterly", "2026-T4") -> [2026, 12]. */
function endOf(form, code) {
  const [year, part = "1"] = code.split("-");
  return [Number(year), Number(part.replace(/\D/, "")) * MONTHS_OF[form]];
}

/** Its last date, "2026-12-31". */
export function lastOf(form, code) {
  const [year, month] = endOf(form, code);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/** "Oktober 2026", "Triwulan IV 2026", "Semester II 2026", "Tahun 2026". */
export function periodWords(form, code) {
  const [year, month] = endOf(form, code);
  const part = form === "monthly" ? monthName(month) : ROMAN[month / MONTHS_OF[form] - 1];
  return t(`supervisor.report_name.${form}`, { part, year });
}

function monthName(month) {
  const locale = language() === "en" ? "en-GB" : "id-ID";
  return new Intl.DateTimeFormat(locale, { timeZone: "UTC", month: "long" }).format(Date.UTC(2000, month - 1, 1));
}
