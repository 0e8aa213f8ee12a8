// The hall's own colour and logo, as every view tells them: put where the sheets look for them, so that
// high contrast still wins. A page shows the logo where it has an element with class "brand-logo".

import { meta } from "./dom.js";

const TONES = { "--brand": "color", "--brand-dark": "dark", "--brand-soft": "soft" };

/** Dresses the page as `site.brand` says; a page without one keeps the house's own look. */
export function dress(site) {
  const brand = site?.brand;
  if (!brand) return;
  const root = document.documentElement;
  for (const name of Object.keys(TONES)) put(root, name, brand[TONES[name]]);
  put(root, "--brand-logo", brand.logo && `url("${brand.logo}")`);
  root.toggleAttribute("data-brand", Boolean(brand.color));
  root.toggleAttribute("data-logo", Boolean(brand.logo));
}

/** Before any view, and on a page that follows none: as the page itself tells. */
if (meta("brand")) dress({ brand: JSON.parse(meta("brand")) });

function put(root, name, value) {
  if (root.style.getPropertyValue(name) === (value || "")) return;
  if (value) root.style.setProperty(name, value);
  else root.style.removeProperty(name);
}
