// Waits for the server, then goes to the kiosk's page, whose address stands after the #.
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

if (/^https?:\/\/[^/]+\/kiosk\/[^/]+$/.test(page)) ask();
else state.textContent = "Alamat kios belum ditulis. Jalankan: start.sh http://NAMA-SERVER:8080/kiosk/KODE";
