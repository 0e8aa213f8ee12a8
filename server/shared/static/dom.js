// Small helpers that build elements. Text always goes through textContent, never as markup.

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "type", "tabIndex"]);

function apply(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (PROPERTIES.has(name) && name !== "type") node[name] = name === "value" ? "" : false;
    return;
  }
  if (name === "class") node.className = value;
  else if (name === "data") for (const key of Object.keys(value)) setData(node, key, value[key]);
  else if (name === "css") for (const key of Object.keys(value)) node.style.setProperty(key, value[key]);
  else if (name.startsWith("on")) node.addEventListener(name.slice(2).toLowerCase(), value);
  else if (PROPERTIES.has(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

function setData(node, key, value) {
  if (value === null || value === undefined) delete node.dataset[key];
  else node.dataset[key] = String(value);
}

function append(node, child) {
  if (child === null || child === undefined || child === false) return;
  if (Array.isArray(child)) child.forEach((one) => append(node, one));
  else node.append(child instanceof Node ? child : document.createTextNode(String(child)));
}

/**
 * el("button", {class: "go", data: {state: "open"}, css: {"--zone": "#123456"}, onClick: f}, "Text")
 * Props null, undefined or false are left out; `css` sets custom properties (allowed by our CSP).
 */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const name of Object.keys(props || {})) apply(node, name, props[name]);
  append(node, children);
  return node;
}

const HYPHENED = /([^\s(]+-[^\s)]+)/;
const WHOLE_MAX = 10; // letters; a longer word may break at its hyphen

/** A text for `el` in which a short word with a hyphen ("KTP-el") stays on one line; as text it is the same. */
export function whole(text) {
  const isShort = (word, at) => at % 2 && word.length <= WHOLE_MAX;
  return text.split(HYPHENED).map((word, at) => (isShort(word, at) ? el("span", { class: "whole" }, word) : word));
}

/** Replaces all children of `node`, keeping focus on the element with the same data-focus name. */
export function replace(node, ...children) {
  const active = document.activeElement;
  const name = node.contains(active) ? active.dataset.focus : undefined;
  const fragment = document.createDocumentFragment();
  append(fragment, children);
  node.replaceChildren(fragment);
  if (name) findFocus(node, name)?.focus({ preventScroll: true });
  return node;
}

function findFocus(node, name) {
  return Array.from(node.querySelectorAll("[data-focus]")).find((one) => one.dataset.focus === name);
}

/** The element with this id; throws when the template lacks it. */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`the page has no element #${id}`);
  return node;
}

/** The content of a <meta name=...> of the page, or "". */
export function meta(name) {
  return document.querySelector(`meta[name="${name}"]`)?.content || "";
}

/** Sets text only when it differs, so that a live region is not read again. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
