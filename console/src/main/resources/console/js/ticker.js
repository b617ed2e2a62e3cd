import { now } from './clock.js';
import { setText } from './dom.js';
import { running } from './format.js';
import { leftLevel, waitLevel } from './levels.js';

/** A live collection: elements that are removed leave it without further ado. */
const elements = document.getElementsByClassName('since');

/**
 * Shows the duration since `element.since`, with a level if `element.wait`; or the time left until `element.until`, and
 * then the time since.
 */
export function tick(element, at = now()) {
  if (element.until) {
    countDown(element, (element.until - at) / 1000);
    return;
  }
  const seconds = (at - element.since) / 1000;
  const text = running(seconds);
  setText(element, text);
  if (!element.wait) return;
  const level = waitLevel(seconds);
  if ((element.dataset.level || '') !== level) setLevel(element, level);
}

function countDown(element, left) {
  const text = left > 0 ? `${running(Math.ceil(left))} left` : `${running(-left)} over`;
  setText(element, text);
  const level = leftLevel(left);
  if (element.dataset.level !== level) setLevel(element, level);
}

export function setLevel(element, level) {
  if (level) element.dataset.level = level;
  else delete element.dataset.level;
}

/** Updates all durations of the page once a second, and calls `others`. */
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
