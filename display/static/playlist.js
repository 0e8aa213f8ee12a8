// Which media of a playlist are due, and which comes next. Pure: a place in the week in, a medium out.

/** Whether a medium is shown now: `weekday` 1 (Monday) to 7, `minute` after midnight, site time. */
export function isDue(one, { weekday, minute }) {
  return one.days.includes(String(weekday)) && one.from_min <= minute && minute < one.to_min;
}

/**
 * The medium after the one with id `last`, among those due and not in `failed` (a Set of ids); when all have failed, the
 * one that failed longest ago is tried again. Null when none is due.
 */
export function nextOf(items, last, moment, failed) {
  const due = items.filter((one) => isDue(one, moment));
  const at = items.findIndex((one) => one.id === last);
  const after = (list) => list.find((one) => items.indexOf(one) > at) || list[0] || null;
  const well = due.filter((one) => !failed.has(one.id));
  if (well.length) return after(well);
  const oldest = [...failed].find((id) => due.some((one) => one.id === id));
  return due.find((one) => one.id === oldest) || null;
}
