import { arrange } from './arrange.js';
import { show } from './cell.js';
import { csvOf } from './csv.js';
import { setText } from './dom.js';
import { count } from './format.js';

/**
 * A table of keyed rows.
 *
 * @typedef {object} Column
 * @property {string} id
 * @property {string} label
 * @property {string} [hint] its meaning
 * @property {string} [look] classes of its cells
 * @property {function(object): import('./cell.js').Piece[]} pieces
 * @property {function(object): ?(number|string)} value to sort by; absent values come last
 * @property {Array<[string, function(object)]>} csv
 */
export class Table {
  #definition;
  #list = { rows: new Map(), order: [] };
  #rows = new Map();
  #dirty = new Set();
  #unordered = false;
  #sort = null;
  #words = [];
  #parts;

  /**
   * @param {Element} section
   * @param {object} definition
   * @param {function()} schedule requests a {@link flush} in the next frame
   */
  constructor(section, definition, schedule) {
    this.#definition = definition;
    this.schedule = schedule;
    this.#parts = build(section, definition);
    this.#parts.buttons.forEach((button, id) => button.addEventListener('click', () => this.#sortBy(id)));
  }

  get csvButton() {
    return this.#parts.csv;
  }

  /** The sort order: "column" ascending or "-column" descending; null is the server's order. */
  get sort() {
    return this.#sort && (this.#sort.down ? '-' : '') + this.#sort.column.id;
  }

  set sort(name) {
    const column = name && this.#definition.columns.find(({ id }) => id === name.replace(/^-/, ''));
    this.#sort = column ? { column, down: name.startsWith('-') } : null;
    this.#parts.heads.forEach((head, id) => {
      const sorted = this.#sort?.column.id === id;
      if (sorted) head.setAttribute('aria-sort', this.#sort.down ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    this.#unordered = true;
    this.schedule();
  }

  /** Takes new rows: those of `keys` are new or have changed, others may have gone or moved. */
  take(list, keys) {
    this.#list = list;
    for (const key of keys) this.#dirty.add(key);
    this.#unordered = true;
    this.schedule();
  }

  /** Repaints all rows, after a change of the thresholds. */
  repaint() {
    this.take(this.#list, this.#list.order);
  }

  /** Shows only rows that contain all these words. */
  filter(words) {
    this.#words = words;
    for (const row of this.#rows.values()) this.#hide(row);
    this.#tellCount();
  }

  /** The number of all rows and of those shown. */
  get counts() {
    return { all: this.#rows.size, shown: [...this.#rows.values()].filter(({ element }) => !element.hidden).length };
  }

  /**
   * Paints until the deadline: a floor of a thousand agents takes several short frames instead of a long one.
   *
   * @param {number} deadline by `performance.now()`
   * @returns {boolean} whether another frame is needed
   */
  flush(deadline) {
    if (!this.#unordered && !this.#dirty.size) return false;
    for (const [key, { element }] of this.#rows) {
      if (this.#list.rows.has(key)) continue;
      element.remove();
      this.#rows.delete(key);
    }
    for (const key of this.#dirty) {
      this.#dirty.delete(key);
      if (this.#list.rows.has(key)) this.#paint(key, this.#list.rows.get(key));
      if (performance.now() > deadline) break;
    }
    this.#arrange();
    this.#tellCount();
    return this.#dirty.size > 0;
  }

  /** The rows shown, in the same order. */
  csv() {
    const fields = this.#definition.columns.flatMap(column => column.csv);
    const shown = this.#order().filter(key => !this.#rows.get(key).element.hidden);
    return csvOf([
      fields.map(([name]) => name),
      ...shown.map(key => fields.map(([, of]) => of(this.#list.rows.get(key)))),
    ]);
  }

  #paint(key, row) {
    let shown = this.#rows.get(key);
    if (!shown) {
      shown = makeRow(this.#definition.columns);
      this.#rows.set(key, shown);
    }
    this.#definition.columns.forEach((column, index) => show(shown.cells[index], column.pieces(row)));
    shown.words = this.#definition.words(row).filter(Boolean).join(' ').toLowerCase();
    this.#hide(shown);
  }

  #hide({ element, words }) {
    const hidden = !this.#words.every(word => words.includes(word));
    if (element.hidden !== hidden) element.hidden = hidden;
  }

  #arrange() {
    const { body } = this.#parts;
    const focused = body.contains(document.activeElement) ? document.activeElement : null;
    arrange(body, this.#order().map(key => this.#rows.get(key).element));
    this.#unordered = false;
    if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
  }

  #order() {
    const known = this.#list.order.filter(key => this.#rows.has(key));
    if (!this.#sort) return known;
    const { column, down } = this.#sort;
    const values = new Map(known.map(key => [key, column.value(this.#list.rows.get(key))]));
    return known.sort((one, other) => compare(values.get(one), values.get(other), down));
  }

  /**
   * The first click sorts in the useful direction, the second in the opposite one, the third restores the server's
   * order.
   */
  #sortBy(id) {
    const first = this.#definition.columns.find(column => column.id === id).numeric ? `-${id}` : id;
    const second = first.startsWith('-') ? id : `-${id}`;
    this.sort = this.sort === first ? second : this.sort === second ? null : first;
    this.#parts.buttons.get(id).dispatchEvent(new CustomEvent('sorted', { bubbles: true, detail: this.sort }));
  }

  #tellCount() {
    const { all, shown } = this.counts;
    const { number, empty } = this.#parts;
    const text = shown === all ? count(all) : `${count(shown)} of ${count(all)}`;
    setText(number, text);
    const why = shown ? '' : all ? 'None of them matches the filter.' : this.#definition.empty;
    setText(empty, why);
    empty.hidden = !why;
  }
}

function compare(one, other, down) {
  const missing = (one === null || one === undefined) - (other === null || other === undefined);
  if (missing || one === other || one === null || one === undefined) return missing;
  const order = typeof one === 'string' ? one.localeCompare(other, 'en', { numeric: true }) : one - other;
  return down ? -order : order;
}

function makeRow(columns) {
  const element = document.createElement('tr');
  element.setAttribute('role', 'row');
  const cells = columns.map((column, index) => {
    const cell = document.createElement(index ? 'td' : 'th');
    cell.setAttribute('role', index ? 'cell' : 'rowheader');
    if (!index) cell.scope = 'row';
    cell.className = `c-${column.id} ${column.look ?? ''}`;
    cell.dataset.label = column.label;
    return cell;
  });
  element.append(...cells);
  return { element, cells, words: '' };
}

function build(section, { name, caption, columns }) {
  section.append(document.getElementById('panel').content.cloneNode(true));
  const find = selector => section.querySelector(selector);
  find('h2').textContent = name;
  find('h2').id = `${section.id}-name`;
  find('.csv .unseen').textContent = ` of ${name}`;
  find('.scroll').setAttribute('aria-labelledby', `${section.id}-name`);
  find('caption').textContent = caption;
  const heads = new Map();
  const buttons = new Map();
  for (const column of columns) {
    const head = document.createElement('th');
    head.scope = 'col';
    head.setAttribute('role', 'columnheader');
    head.className = `c-${column.id} ${column.look ?? ''}`;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = column.label;
    if (column.hint) button.title = column.hint;
    head.append(button);
    find('thead tr').append(head);
    heads.set(column.id, head);
    buttons.set(column.id, button);
  }
  return { body: find('tbody'), number: find('.count'), csv: find('.csv'), empty: find('.empty'), heads, buttons };
}
