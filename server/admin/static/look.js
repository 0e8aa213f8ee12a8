// How the hall looks: its name and address, one colour that stays readable, a logo.

import { confirm } from "/shared/ask.js";
import { el } from "/shared/dom.js";
import { t } from "/shared/text.js";
import { color, picture, text } from "./fields.js";
import { askForm } from "./form.js";
import { API, asked, small } from "./part.js";

const HOUSE_COLOR = "#0b4f5e";
const SITE = [["name", 80, true], ["short", 24, true], ["address", 160], ["phone", 160], ["complaint", 160], ["front_desk", 160]];

export async function load() {
  const [brand, address, plan] = await Promise.all([asked("/branding"), asked("/branding/address"), asked("/plan")]);
  return { brand, address, site: plan.site };
}

export function draw({ brand, address, site, off }, page) {
  return [
    el("h1", {}, t("admin.look")),
    el("h2", {}, t("admin.identity")),
    el("dl", { class: "facts" }, SITE.map(([name]) => [el("dt", {}, t(`admin.site.${name}`)), el("dd", { data: { site: name } }, site[name] || "–")])),
    small("admin.change", "change-site", off, () => changeSite(site, page)),
    el("h2", {}, t("admin.address")),
    el("p", { data: { address: address.url || "" } }, address.url || t("admin.address_none"), " ",
      address.url && el("span", { class: "quiet" }, t(address.own ? "admin.address_own" : "admin.address_settings"))),
    el("div", { class: "presses" }, small("admin.change", "change-address", off, () => changeAddress(address, page)),
      address.own ? small("admin.address_remove", "remove-address", off, () => removeAddress(address, page)) : null),
    el("h2", {}, t("admin.color")),
    el("p", { class: "swatch", css: { "--swatch": brand.color || HOUSE_COLOR }, data: { color: brand.color || "" } },
      brand.color ? t("admin.color_own", { color: brand.color }) : t("admin.color_house")),
    el("div", { class: "presses" }, small("admin.change", "change-color", off, () => changeColor(brand, page)),
      brand.color ? small("admin.color_back", "back-color", off, () => page.act("color:none", `${API}/branding`, { color: null, version: brand.version }, t("admin.done.look"))) : null),
    el("h2", {}, t("admin.logo")),
    brand.logo ? el("img", { class: "logo", src: brand.logo, alt: t("admin.logo") }) : el("p", { class: "quiet" }, t("admin.no_logo")),
    el("div", { class: "presses" }, small(brand.logo ? "admin.logo_change" : "admin.logo_add", "change-logo", off, () => changeLogo(brand, page)),
      brand.logo ? small("admin.logo_remove", "remove-logo", off, () => removeLogo(brand, page)) : null),
  ];
}

async function changeSite(site, page) {
  const answer = await askForm({
    title: t("admin.identity"), yes: t("admin.save"), url: `${API}/site`,
    fields: SITE.map(([name, max, required = false]) => text(name, t(`admin.site.${name}`), { value: site[name] || "", max, required })),
    body: (values) => ({ ...values, version: site.version }),
  });
  if (answer) page.done(t("admin.done.look"));
}

/** Where this page itself was opened, if phones could open it too: a fair proposal, never more. */
function proposal() {
  const { hostname, origin } = window.location;
  return /^(localhost|127\.|0\.|\[)/.test(hostname) || hostname.endsWith(".localhost") ? "" : origin;
}

async function changeAddress(address, page) {
  const answer = await askForm({
    title: t("admin.address"), why: t("admin.address_why"), yes: t("admin.save"), url: `${API}/branding/address`,
    fields: [text("url", t("admin.address_url"), { value: address.url || proposal(), max: 200, required: true, hint: t("admin.address_hint") })],
    body: (values) => ({ ...values, version: address.version }),
  });
  if (answer) page.done(t("admin.done.look"));
}

async function removeAddress(address, page) {
  if (!await confirm(t("admin.address_remove"), t("admin.address_remove_why"), t("admin.address_remove"))) return;
  await page.act(`address:${address.version}`, `${API}/branding/address`, { url: null, version: address.version }, t("admin.done.look"));
}

async function changeColor(brand, page) {
  const answer = await askForm({
    title: t("admin.color"), why: t("admin.color_why"), yes: t("admin.save"), url: `${API}/branding`,
    fields: [color("color", t("admin.color"), { value: brand.color || HOUSE_COLOR })], beside: { low_contrast: "color" },
    body: (values) => ({ ...values, version: brand.version }),
  });
  if (answer) page.done(t("admin.done.look"));
}

async function changeLogo(brand, page) {
  const answer = await askForm({
    title: t("admin.logo"), yes: t("admin.save"), url: `${API}/branding/logo`,
    fields: [picture("image", t("admin.logo_file"), { hint: t("admin.logo_hint"), required: true })],
    beside: { bad_image: "image", too_large: "image" }, body: (values) => ({ ...values, version: brand.version }),
  });
  if (answer) page.done(t("admin.done.look"));
}

async function removeLogo(brand, page) {
  if (!await confirm(t("admin.logo_remove"), t("admin.logo_remove_why"), t("admin.logo_remove"))) return;
  await page.act(`logo:${brand.logo}`, `${API}/branding/logo/remove`, { version: brand.version }, t("admin.done.look"));
}
