/** The thresholds of levels. A level is '', 'good', 'watch' or 'late'. */

const DEFAULT_TARGET = 30;
/** Twilio's own thresholds: above 4 most people are satisfied, below 3.5 many are not. */
const GOOD_MOS = 4;
const FAIR_MOS = 3.5;
/** The wanted share if several targets are combined. */
const USUAL_SHARE = 0.9;
const FAIR_MISS = 0.1;

let target = DEFAULT_TARGET;

/**
 * Sets the target in seconds, which the server sends with the statistics.
 *
 * @returns {boolean} whether it has changed
 */
export function targetIs(seconds) {
  const changed = seconds > 0 && seconds !== target;
  if (changed) target = seconds;
  return changed;
}

/** The level of a wait or a response time. */
export const waitLevel = seconds => (seconds > 2 * target ? 'late' : seconds > target ? 'watch' : '');

/** The level of the time left: the server sends a target only after three quarters of its time. */
export const leftLevel = seconds => (seconds > 0 ? 'watch' : 'late');

export function shareLevel({ share, wanted }) {
  const enough = wanted ?? USUAL_SHARE;
  return share >= enough ? 'good' : share >= enough - FAIR_MISS ? 'watch' : 'late';
}

export const mosLevel = mos => (mos >= GOOD_MOS ? 'good' : mos >= FAIR_MOS ? 'watch' : 'late');

/** For the legend. */
export const rules = () => [
  ['watch', `longer than the target of ${target} s, three quarters of a target used up, share in target below the goal, a call below 4.0`],
  ['late', `longer than ${2 * target} s, a target missed, share in target ten points below the goal, a call below 3.5`],
];
