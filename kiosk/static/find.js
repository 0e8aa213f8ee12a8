// Finding a service or a gerai by what a visitor types: forgiving, and pure.
//
// Both sides are folded (spellings that sound alike in Indonesian are one), a typed word may be
// the beginning or a part of a word, and one letter in four may be wrong.

const FOLDS = [[/[^a-z0-9]+/g, " "], [/oe/g, "u"], [/dj/g, "j"], [/tj/g, "c"], [/s[yj]/g, "s"], [/kh|q/g, "k"],
  [/ph|[fv]/g, "p"], [/x/g, "ks"], [/z/g, "s"], [/([a-z])\1+/g, "$1"]];

/** The words of a text as they sound: "Sertifikat" and "sertipikat" are one. */
export function soundsOf(text) {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return FOLDS.reduce((folded, [from, to]) => folded.replace(from, to), plain).split(" ").filter(Boolean);
}

/** The fewest letters to change so that `typed` becomes a beginning of `word`. */
function slips(typed, word) {
  let row = Array.from({ length: word.length + 1 }, (_, at) => at);
  for (let i = 1; i <= typed.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= word.length; j += 1) {
      const change = row[j - 1] + (typed[i - 1] === word[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return Math.min(...row);
}

/** How well `typed` names `word`: 4 whole, 3 its beginning, 2 a part, 1 mistyped, 0 not at all. */
export function likeness(typed, word) {
  if (word === typed) return 4;
  if (word.startsWith(typed)) return 3;
  if (typed.length >= 3 && word.includes(typed)) return 2;
  return typed.length >= 4 && slips(typed, word) <= Math.floor(typed.length / 4) ? 1 : 0;
}

function score(typed, words) {
  const found = typed.map((one) => Math.max(0, ...words.map((word) => likeness(one, word))));
  return found.every(Boolean) ? found.reduce((sum, one) => sum + one, 0) / found.length : 0;
}

/** Other names people use: "akte=akta;kk=kartu keluarga" -> [[words said, words they stand for]]. */
export function otherNames(list) {
  return list.split(";").map((pair) => pair.split("=")).map(([said, meant]) => [soundsOf(said), soundsOf(meant)]);
}

function wordsOf(texts, others) {
  const words = texts.flatMap((text) => soundsOf(text || ""));
  return [...words, ...others.filter(([, meant]) => meant.every((one) => words.includes(one))).flatMap(([said]) => said)];
}

const spoken = (name) => (typeof name === "string" ? [name] : Object.values(name || {}));

/**
 * What `query` may mean, best first: {service} or {gerai} of a kiosk's view. A gerai is found by
 * its own names, a service by its names and, more weakly, by its gerai's.
 */
export function find(query, data, others = []) {
  const typed = soundsOf(query);
  if (!typed.length) return [];
  const names = new Map(data.gerai.map((gerai) => [gerai.code, wordsOf([gerai.short, gerai.name, gerai.agency], others)]));
  const places = data.gerai.map((gerai) => ({ gerai, points: score(typed, names.get(gerai.code)) }));
  const services = data.services.map((service) => {
    const own = wordsOf(spoken(service.name), others);
    const mixed = score(typed, [...own, ...(names.get(service.gerai) || [])]) / 2;
    return { service, points: Math.max(score(typed, own), mixed) };
  });
  const rank = (one) => one.points * 1000 + (one.service?.popular || 0);
  return [...services, ...places].filter((one) => one.points > 0).sort((a, b) => rank(b) - rank(a));
}
