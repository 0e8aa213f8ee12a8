// The switches of /styleguide, and the samples' colours and sizes (a page may hold no inline style).

import { zoneCss } from "/shared/zone.js";

const root = document.documentElement;

function paint(selector, properties) {
  for (const node of document.querySelectorAll(selector)) {
    const wanted = properties(node.dataset);
    for (const name of Object.keys(wanted)) node.style.setProperty(name, wanted[name]);
  }
}

paint("[data-color]", (data) => ({ "--sample": `var(--${data.color})` }));
paint("[data-ground]", (data) => ({ "--sample": `var(--${data.ground})`, "--sample-ink": `var(--${data.ink})` }));
paint("[data-size]", (data) => ({ "--sample-size": `var(--${data.size})` }));
paint("[data-space]", (data) => ({ "--sample": `var(--${data.space})` }));
paint("[data-zone]", (data) => zoneCss(data.zone));

for (const button of document.querySelectorAll("[data-attribute]")) {
  button.addEventListener("click", () => {
    const { attribute, wish } = button.dataset;
    const isOn = root.dataset[attribute] !== wish;
    if (isOn) root.dataset[attribute] = wish;
    else delete root.dataset[attribute];
    button.setAttribute("aria-pressed", String(isOn));
  });
}

document.getElementById("scale").addEventListener("change", (event) => {
  document.body.className = event.target.value;
});
