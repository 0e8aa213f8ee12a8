// One voice for the page. Which voice speaks is decided here and nowhere else: the browser's own
// when it has one of the language, else sound that the server makes (when the page names where,
// <meta name="speech">), else nobody, which the page says in words.

import { meta } from "/shared/dom.js";

/** Spoken like this language where no voice is known: Kupang Malay by an Indonesian one. */
const LIKE = { mkn: "id" };
const VOICES_WAIT_MS = 1000; // browsers load their voices late
const SPEED = 0.95;
const TEXT_MAX = 600; // the server's limit

const tongue = (language) => LIKE[language] || language;

function voiceOf(language) {
  const voices = window.speechSynthesis?.getVoices() || [];
  return voices.find((one) => one.lang.toLowerCase().replace("_", "-").split("-")[0] === tongue(language)) || null;
}

function byBrowser(text, voice) {
  return new Promise((resolve) => {
    const words = new SpeechSynthesisUtterance(text);
    [words.voice, words.lang, words.rate] = [voice, voice.lang, SPEED];
    words.onend = () => resolve("done");
    words.onerror = () => resolve("stopped");
    window.speechSynthesis.speak(words);
  });
}

function byServer(text, language, sound) {
  sound.src = `${meta("speech")}?lang=${tongue(language)}&text=${encodeURIComponent(text.slice(0, TEXT_MAX))}`;
  return new Promise((resolve) => {
    sound.onended = () => resolve("done");
    sound.onerror = () => resolve("none");
    // Not `onabort`: the browser tells it of the sound before, after this one has begun.
    sound.play().catch((why) => resolve(why.name === "AbortError" ? "stopped" : "none"));
  });
}

/** {say(text, language), stop(), ready(language)}: a new word always ends the one before. */
export function createSpeaker() {
  const sound = new Audio();

  function stop() {
    window.speechSynthesis?.cancel();
    sound.pause();
  }

  /** Resolves to whether somebody can speak `language`; waits a moment for late voices. */
  function ready(language) {
    if (voiceOf(language) || meta("speech")) return Promise.resolve(true);
    return new Promise((resolve) => {
      const look = () => resolve(voiceOf(language) !== null);
      window.speechSynthesis?.addEventListener("voiceschanged", look, { once: true });
      setTimeout(look, VOICES_WAIT_MS);
    });
  }

  /** Resolves to "done", "stopped", or "none" when nobody can speak. */
  function say(text, language) {
    stop();
    const voice = voiceOf(language);
    if (voice) return byBrowser(text, voice);
    return meta("speech") ? byServer(text, language, sound) : Promise.resolve("none");
  }

  return { say, stop, ready };
}
