// How large digits must be to be read from where people stand. Pure, ES5.
//
// The rule: a digit spans at least 0.7 degrees at the eye (EN 301 549, 5.1.4): its height is
// 2 * tan(0.35 degrees) of the distance, 12.2 mm for each metre.

var ANGLE = 2 * Math.tan((0.35 * Math.PI) / 180);
var MM_PER_INCH = 25.4;
var DIGIT = 0.668; // height of a digit of our font, in em; of others it is rather more
var ENOUGH = 0.98; // of the rule: pixels are whole

/** Font size in px at which digits span the angle; 0 when distance or size is not known. */
export function digitPx(distance_m, diagonal_in, width, height) {
  if (!distance_m || !diagonal_in) return 0;
  var pxPerMm = Math.sqrt(width * width + height * height) / (diagonal_in * MM_PER_INCH);
  return (distance_m * 1000 * ANGLE * pxPerMm) / DIGIT;
}

/** Whether digits of `font_px` are too small where `least_px` are wanted. */
export function isBelow(font_px, least_px) {
  return font_px < least_px * ENOUGH;
}
