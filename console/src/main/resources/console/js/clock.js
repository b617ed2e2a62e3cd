/** An estimate of the server's clock. All times on the page use it. */

const SAMPLES = 20;

let offsets = [];
let stoppedAt = null;

/** Adds a time that the server has sent. */
export function synchronize(at) {
  const offset = Date.parse(at) - Date.now();
  if (Number.isNaN(offset)) return;
  offsets.push(offset);
  if (offsets.length > SAMPLES) offsets.shift();
}

/** Messages arrive late: the largest offset of the recent ones has the shortest delay. */
export const now = () => stoppedAt ?? running();

const running = () => Date.now() + (offsets.length ? Math.max(...offsets) : 0);

/** Without a connection nobody knows whether a wait is over, so waits stop growing. */
export function stop() {
  stoppedAt ??= running();
}

export function go() {
  stoppedAt = null;
}
