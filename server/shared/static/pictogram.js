// Our own line drawings, one SVG file per name, coloured by the text around them.

import { el } from "./dom.js";

const NAME = /^[a-z0-9-]+$/;

/** A decorative pictogram (the word always stands beside it); an unknown name shows "info". */
export function pictogram(name, className = "") {
  const safe = NAME.test(name || "") ? name : "info";
  const url = `url("/shared/pictograms/${safe}.svg")`;
  return el("span", { class: `pictogram ${className}`.trim(), "aria-hidden": "true", css: { "--drawing": url } });
}
