// How many rows of digits a place holds. Pure.

export const WIDE = 0.66; // room for a digit or letter of a number, in em
const LEAST_PX = 22; // without a distance, no smaller than this
const ROW = 1.6; // height of a board's loket, in em of its number: the label stands above it
const GAP_PX = 24; // around a loket's number
const LABEL_PX = 20; // and its label is no lower than this

/**
 * How a board of `count` lokets stands in a place: {font, columns, rows, pages}. All at once as large as that goes;
 * if the digits were then smaller than `least` (px of font), only as many as fit at that size, page by page.
 */
export function boardFit({ width, height, count, chars, least }) {
  const high = (font) => Math.max(ROW * font, font + 2 * LABEL_PX);
  const held = (font) => [Math.floor(width / (chars * WIDE * font + GAP_PX)), Math.floor(height / high(font))];
  const holds = (font) => held(font).every((n) => n >= 1);
  const biggest = Math.floor(Math.min(height / ROW, (width - GAP_PX) / (chars * WIDE)));
  let font = biggest;
  while (font > LEAST_PX && !(holds(font) && held(font)[0] * held(font)[1] >= count)) font -= 1;
  if (font < least) font = Math.min(least, biggest);
  while (font > 1 && !holds(font)) font -= 1; // a place too small for the rule gets what it can hold
  const [columns, most] = held(font).map((n) => Math.max(1, n));
  const pages = Math.max(1, Math.ceil(count / (columns * most)));
  const rows = Math.max(1, Math.min(most, pages > 1 ? most : Math.ceil(count / columns)));
  return { font: Math.floor(font), columns: Math.min(columns, Math.max(1, Math.ceil(count / rows))), rows, pages };
}

/** How many earlier calls stand below each other in `height`, at most `most`, with digits of `least` px of font. */
export function rowsFor(height, least, most) {
  return Math.max(1, Math.min(most, Math.floor(height / Math.max(1, least * 1.18))));
}
