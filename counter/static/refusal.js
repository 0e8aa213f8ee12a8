// What was refused, why and who is behind it; and what was done.

import { refused } from "/shared/send.js";
import { t } from "/shared/text.js";
import { fingerprint } from "./picture.js";

/** The server's sentence, with the officer or the number it is about. */
export function refusal(answer, data) {
  const facts = answer.body || {};
  const officer = data?.counters.find((one) => one.officer?.username === facts.officer)?.officer?.name;
  const who = [officer || facts.officer, facts.number].filter((one) => typeof one === "string").join(", ");
  const sentence = refused(answer);
  return who ? `${sentence} (${who})` : sentence;
}

/** The fingerprint of my counter once the view shows this answer. */
export function seenPrint(answer) {
  return fingerprint(answer.body?.counter?.state === "closed" ? null : answer.body?.counter);
}

/** What a press has done, in words; "" where the page shows it anyway. */
export function doneWords(id, number) {
  return ["finish", "no_show", "hold", "put_back", "transfer", "give_back", "reprint"].includes(id)
    ? t(`counter.done.${id}`, { number }) : "";
}
