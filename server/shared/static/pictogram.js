// Our own line drawings: one file of symbols, a name for each, coloured by the text around them.

import { meta } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const NAME = /^[a-z0-9-]+$/;

/** A decorative pictogram (the word always stands beside it); a name that cannot be one shows "info". */
export function pictogram(name, className = "") {
  const picture = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  picture.setAttribute("class", `pictogram ${className}`.trim());
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("focusable", "false");
  use.setAttribute("href", `${meta("pictograms") || "/shared/pictograms.svg"}#${NAME.test(name || "") ? name : "info"}`);
  picture.append(use);
  return picture;
}
