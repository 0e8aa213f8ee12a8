// The last hour beside the usual one: asked once a minute, for it is counted from past days too and in no view.

import { API, get } from "/shared/http.js";
import { t } from "/shared/text.js";

const EVERY_MS = 60_000;

/** Calls `onHour(answer)` now and once a minute; what cannot be had leaves what was. */
export function followHour(onHour) {
  const ask = async () => {
    const answer = await get(`${API}/floor/last-hour`);
    if (answer.ok && answer.body) onHour(answer.body);
  };
  ask();
  return setInterval(ask, EVERY_MS);
}

/** "Satu jam terakhir: 42 datang (biasanya 38) · 40 selesai (biasanya 41)". */
export function hourWords(hour) {
  if (!hour) return "";
  const usual = (name) => (hour.usual ? t("supervisor.usually", { n: hour.usual[name] }) : t("supervisor.usually_unknown"));
  return t("supervisor.last_hour", { arrivals: hour.arrivals, served: hour.served,
    usual_arrivals: usual("arrivals"), usual_served: usual("served") });
}
