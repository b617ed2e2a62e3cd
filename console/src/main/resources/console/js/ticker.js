import { now } from './clock.js';
import { running } from './format.js';
import { leftLevel, waitLevel } from './levels.js';

/** The browser keeps this list itself, so nobody has to sign off. */
const elements = document.getElementsByClassName('since');

/**
 * Shows how long it is since `element.since`; as a wait, if `element.wait`, also whether that is long. Or how long it still is until
 * `element.until`, and then how long that is over.
 */
export function tick(element, at = now()) {
  if (element.until) {
    countDown(element, (element.until - at) / 1000);
    return;
  }
  const seconds = (at - element.since) / 1000;
  const text = running(seconds);
  if (element.textContent !== text) element.textContent = text;
  if (!element.wait) return;
  const level = waitLevel(seconds);
  if ((element.dataset.level || '') !== level) setLevel(element, level);
}

function countDown(element, left) {
  const text = left > 0 ? `${running(Math.ceil(left))} left` : `${running(-left)} over`;
  if (element.textContent !== text) element.textContent = text;
  const level = leftLevel(left);
  if (element.dataset.level !== level) setLevel(element, level);
}

export function setLevel(element, level) {
  if (level) element.dataset.level = level;
  else delete element.dataset.level;
}

/** All durations of the page, once a second; `others` with them. */
export function startTicker(others) {
  const all = () => {
    const at = now();
    for (const element of elements) tick(element, at);
    others(at);
  };
  const next = () => setTimeout(() => {
    requestAnimationFrame(all);
    next();
  }, 1000 - (Date.now() % 1000));
  next();
}
