// What was typed into a form that came second: kept on this page, and put back when the same form is opened again.

const kept = new Map(); // address of the form -> field name -> what its controls held
const KEPT_MAX = 20;

/** The controls of a field; a chosen file cannot be put back. */
const controls = (field) => [...field.node.querySelectorAll("input:not([type=file]), select, textarea")];
const held = (field) => controls(field).map((one) => (one.type === "checkbox" ? one.checked : one.value));

/** How the fields stand now. */
export function standing(fields) {
  return new Map(fields.map((one) => [one.name, held(one)]));
}

/** Keeps what differs from how the form was opened: the rest is for the newest to say. */
export function keep(url, fields, opened) {
  const typed = fields.filter((one) => String(held(one)) !== String(opened.get(one.name)));
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(url, new Map(typed.map((one) => [one.name, held(one)])));
}

/** Puts back what was kept, once; true when there was something. */
export function putBack(url, fields) {
  const typed = kept.get(url);
  kept.delete(url);
  const found = fields.filter((one) => typed?.has(one.name));
  found.forEach((one) => controls(one).forEach((control, n) => {
    control[control.type === "checkbox" ? "checked" : "value"] = typed.get(one.name)[n];
    ["input", "change"].forEach((name) => control.dispatchEvent(new Event(name)));
  }));
  return found.length > 0;
}
