/** From when on something needs a look. A level is '', 'good', 'watch' or 'late'. */

const DEFAULT_TARGET = 30;
/** Twilio's own bounds: above 4 most are content, below 3.5 many are not. */
const GOOD_MOS = 4;
const FAIR_MOS = 3.5;
/** Where several targets are taken together, no share of all of them is wanted. */
const USUAL_SHARE = 0.9;
const FAIR_MISS = 0.1;

let target = DEFAULT_TARGET;

/**
 * In how many seconds a customer should have an answer: the server tells it, with the first statistics.
 *
 * @returns {boolean} whether it is another one than before
 */
export function targetIs(seconds) {
  const changed = seconds > 0 && seconds !== target;
  if (changed) target = seconds;
  return changed;
}

/** Of somebody who waits, and of how long people waited. */
export const waitLevel = seconds => (seconds > 2 * target ? 'late' : seconds > target ? 'watch' : '');

/** Of a target whose time runs out: nobody tells of it before three quarters of the time are over. */
export const leftLevel = seconds => (seconds > 0 ? 'watch' : 'late');

export function shareLevel({ share, wanted }) {
  const enough = wanted ?? USUAL_SHARE;
  return share >= enough ? 'good' : share >= enough - FAIR_MISS ? 'watch' : 'late';
}

export const mosLevel = mos => (mos >= GOOD_MOS ? 'good' : mos >= FAIR_MOS ? 'watch' : 'late');

/** For the legend. */
export const rules = () => [
  ['watch', `longer than the target of ${target} s, three quarters of a target used up, fewer in target than wanted, a call below 4.0`],
  ['late', `longer than ${2 * target} s, a target missed, ten points fewer in target, a call below 3.5`],
];
