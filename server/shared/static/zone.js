// A zone is never told by colour alone: its colour always comes with its name.

import { el } from "./dom.js";

const HEX = /^#[0-9a-f]{6}$/i;
const FALLBACK = "#44546a";

const channel = (hex, at) => {
  const part = parseInt(hex.slice(at, at + 2), 16) / 255;
  return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};

/** The relative luminance of "#rrggbb", 0 to 1 (WCAG 2.2). */
export function luminance(hex) {
  return 0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);
}

/** Black or white, whichever reads better on this background. */
export function inkOn(hex) {
  return luminance(hex) > 0.179 ? "#000000" : "#ffffff";
}

/** Custom properties --zone and --zone-ink for a zone's colour, for el(..., {css}). */
export function zoneCss(color) {
  const safe = HEX.test(color || "") ? color : FALLBACK;
  return { "--zone": safe, "--zone-ink": inkOn(safe) };
}

/** A chip with the zone's name on its colour; null without a name. */
export function zoneChip(name, color) {
  return name ? el("span", { class: "zone-chip", css: zoneCss(color) }, name) : null;
}
