// Against burn-in: what stands for hours moves by a few pixels, a step a minute, unseen by people.

const STEP_MS = 60000;
const FAR_PX = 4; // the page keeps an edge of this width free
const PATH = [[0, 0], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]];

/** The shift at a step, [x, y] in px. */
export function shiftAt(step) {
  return PATH[step % PATH.length].map((way) => way * FAR_PX);
}

/** Moves `node` from now on. */
export function keepMoving(node) {
  let step = 0;
  setInterval(() => {
    step += 1;
    const [x, y] = shiftAt(step);
    node.style.setProperty("transform", `translate(${x}px, ${y}px)`);
  }, STEP_MS);
}
