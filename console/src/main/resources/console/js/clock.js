/** The server's clock, as far as it is known here. Everything that runs on the page runs by it. */

const SAMPLES = 20;

let offsets = [];
let stoppedAt = null;

/** The server has said what time it is. */
export function told(at) {
  const offset = Date.parse(at) - Date.now();
  if (Number.isNaN(offset)) return;
  offsets.push(offset);
  if (offsets.length > SAMPLES) offsets.shift();
}

/** What was said was under way for a while: the least late of the last ones is the best. */
export const now = () => stoppedAt ?? running();

const running = () => Date.now() + (offsets.length ? Math.max(...offsets) : 0);

/** Without news nobody knows whether somebody still waits, so no wait goes on growing. */
export function stop() {
  stoppedAt ??= running();
}

export function go() {
  stoppedAt = null;
}
