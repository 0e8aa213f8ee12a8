// Waits for the server, then goes to the kiosk's or display's page, whose address stands after the #.
// The question is a small picture of the server: a page from the disk may load a picture from
// anywhere, and an error page, a proxy's or a starting server's, is no picture.
"use strict";

const AGAIN_MS = 3000;
const ANSWER_MS = 5000;

const page = decodeURIComponent(location.hash.slice(1));
const state = document.getElementById("state");

function ask() {
  const picture = new Image();
  let over = false;
  const end = (answered) => {
    if (over) return;
    over = true;
    picture.src = "";
    if (answered) location.replace(page);
    else setTimeout(ask, AGAIN_MS);
  };
  picture.onload = () => end(true);
  picture.onerror = () => end(false);
  setTimeout(() => end(false), ANSWER_MS);
  picture.src = new URL("/shared/icon.svg", page).href + "?" + Date.now();
}

const [, kind] = page.match(/^https?:\/\/[^/]+\/(kiosk|display)\/[^/]+$/) || [];
if (kind === "display") {
  document.title = "Layar panggilan";
  document.querySelector("h1").textContent = "Layar panggilan sedang disiapkan";
  document.querySelectorAll("h1 ~ p:not(#state)").forEach((node) => node.remove());
}
if (kind) ask();
else state.textContent = "Alamat kios belum ditulis. Jalankan: start.sh http://NAMA-SERVER:8080/kiosk/KODE";
