import { setLevel, tick } from './ticker.js';

/**
 * The content of a cell, in pieces.
 *
 * @typedef {object} Piece
 * @property {string} [text]
 * @property {Piece[]} [parts] instead of a text
 * @property {string} [since] instead of a text: the duration since this time
 * @property {boolean} [wait] the duration is somebody's wait
 * @property {string} [until] instead of a text: the duration until this time
 * @property {string} [href]
 * @property {string} [title]
 * @property {string} [level]
 * @property {string} [look] class names
 * @property {number} [share] 0 to 1, drawn as a bar
 */

/**
 * Updates only the elements that differ, so that keyboard focus is kept.
 *
 * @param {Element} parent
 * @param {Piece[]} pieces
 */
export function show(parent, pieces) {
  const signature = JSON.stringify(pieces);
  if (parent.signature === signature) return;
  parent.signature = signature;
  pieces.forEach((piece, index) => {
    const name = piece.href ? 'A' : piece.since || piece.until ? 'TIME' : 'SPAN';
    const present = parent.children[index];
    const element = present?.tagName === name ? present : document.createElement(name);
    if (!present) parent.append(element);
    else if (present !== element) present.replaceWith(element);
    paint(element, piece);
  });
  while (parent.children.length > pieces.length) parent.lastElementChild.remove();
}

function paint(element, { text, parts, since, wait, until, href, title, level, look, share }) {
  setAttribute(element, 'class', [(since || until) && 'since', look].filter(Boolean).join(' '));
  setAttribute(element, 'href', href);
  setAttribute(element, 'title', title);
  setAttribute(element, 'datetime', since ?? until);
  if (share !== undefined) element.style.setProperty('--share', share);
  if (since || until) {
    element.since = Date.parse(since);
    element.wait = wait;
    element.until = until && Date.parse(until);
    if (!wait && !until) setLevel(element, '');
    tick(element);
    return;
  }
  setLevel(element, level);
  if (parts) {
    show(element, parts);
  } else if (element.textContent !== text) {
    element.signature = undefined;
    element.textContent = text;
  }
}

function setAttribute(element, name, value) {
  if (!value) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
