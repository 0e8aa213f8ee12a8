// Backups: when the last one was made, here and elsewhere, and whether its restore was tried.

import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { row } from "./machines.js";

/** The plain data from which the list is drawn; a server that keeps none has none. */
export function backupsPicture({ backups = [] }) {
  return { backups };
}

/** One line each: what, in words how it is, and the time of the last that was good. */
export function backupsList({ backups }) {
  if (!backups.length) return [];
  return [
    el("h2", {}, t("supervisor.backups")),
    el("ul", { class: "rows", data: { list: "backups" } }, backups.map((one) => row(
      t(`supervisor.backup.${one.what}`), one.place, [one.cause && t(`backup.cause.${one.cause}`)],
      t(`supervisor.backup.state.${one.state}`), `keep-${one.state}`, one.at, "supervisor.backup.at"))),
  ];
}
