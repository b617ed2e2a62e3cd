const SVG = 'http://www.w3.org/2000/svg';

/** Creates an element with attributes and children; null values are left out. */
export function element(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function drawn(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== ''));
  return node;
}

/** A table with a visible caption; the first cell of a row is its header. */
export function tableOf(caption, heads, rows, className = '') {
  return element(
    'div',
    { class: `scroll ${className}`, tabindex: 0, role: 'region', 'aria-label': caption },
    element(
      'table',
      null,
      element('caption', null, caption),
      element('thead', null, element('tr', null, heads.map(head => element('th', { scope: 'col' }, head)))),
      element(
        'tbody',
        null,
        rows.map(({ look, cells }) =>
          element(
            'tr',
            { class: look },
            cells.map((cell, index) => (index ? element('td', null, cell) : element('th', { scope: 'row' }, cell))),
          ),
        ),
      ),
    ),
  );
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
