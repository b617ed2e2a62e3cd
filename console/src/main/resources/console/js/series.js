import { show } from './cell.js';
import { csvOf } from './csv.js';
import { element, setText } from './dom.js';
import { count, hourAndMinute, seconds } from './format.js';
import { recall, remember } from './memory.js';
import { startSource } from './series-source.js';

/** The series of the window: two charts, and the same numbers as a table. */

const TODAY = 'today';
const ALL = '';
const LENGTHS = { 15: '15 seconds', 60: 'minute', 900: '15 minutes' };

const median = (statistic, why) =>
  statistic
    ? [{ text: seconds(statistic.median) }, { text: `· ${count(statistic.of)}`, look: 'of' }]
    : [{ text: '– none', title: why, look: 'blank' }];

const number = value => [{ text: count(value), look: value ? 'strong' : 'zero' }];

const COLUMNS = [
  { label: 'From', pieces: ({ from }, digits) => [{ text: hourAndMinute(Date.parse(from) / 1000, digits) }] },
  { label: 'First response', pieces: bucket => median(bucket.firstResponse, 'No conversation with a first response ended in this time') },
  { label: 'Response', pieces: bucket => median(bucket.response, 'No conversation with a reply ended in this time') },
  { label: 'Accepted', pieces: ({ accepted }) => number(accepted) },
  { label: 'Waiting', pieces: ({ waiting }) => number(waiting) },
];

const CSV = [
  ['from', ({ from }) => from],
  ['first response median s', ({ firstResponse }) => firstResponse?.median],
  ['first response conversations', ({ firstResponse }) => firstResponse?.of ?? 0],
  ['response median s', ({ response }) => response?.median],
  ['response conversations', ({ response }) => response?.of ?? 0],
  ['accepted', ({ accepted }) => accepted],
  ['waiting', ({ waiting }) => waiting],
];

const happened = ({ firstResponse, response, accepted, waiting }) => Boolean(firstResponse || response || accepted || waiting);

/**
 * @param {Element} section
 * @returns {{show: function(string), queues: function(string[]), again: function(), csv: function(): string}}
 */
export function startSeries(section) {
  const find = selector => section.querySelector(selector);
  const figures = [...section.querySelectorAll('figure')];
  const pick = find('select');
  const details = find('details');
  const source = startSource({ series: take, failed });
  let charts = [];
  let chosen = null;
  let names = [];
  let shown = null;

  makeHead(find('thead tr'));
  queues([]);
  pick.value = recall('series.queue') ?? ALL;
  pick.addEventListener('change', () => {
    remember('series.queue', pick.value || null);
    ask();
  });
  details.addEventListener('toggle', paintTable);
  watchLook(() => charts.forEach(chart => chart.redraw()));
  // loaded later, because the chart library is larger than the page
  import('./chart.js').then(
    ({ Chart }) => {
      charts = figures.map(figure => new Chart(figure, index => point(index)));
      paintCharts();
    },
    failure => failed(failure.message),
  );

  function ask() {
    section.setAttribute('aria-busy', 'true');
    source.show(chosen, pick.value);
  }

  function take(series) {
    section.removeAttribute('aria-busy');
    shown = { ...series, buckets: series.window === TODAY ? fromFirst(series.buckets) : series.buckets };
    setText(find('.per'), `by ${LENGTHS[shown.seconds] ?? `${shown.seconds} seconds`}`);
    const any = shown.buckets.some(happened);
    say(any ? null : 'No task was accepted, waiting or ended in this window yet.');
    find('.charts').hidden = !any;
    details.hidden = !any;
    point(null);
    paintTable();
    paintCharts();
  }

  function failed(why) {
    section.removeAttribute('aria-busy');
    say(`The series could not be loaded: ${why}. Retrying…`);
  }

  function say(text) {
    const note = find('.empty');
    setText(note, text ?? '');
    note.hidden = !text;
  }

  function paintCharts() {
    // a hidden element has no size to draw in
    if (!shown || find('.charts').hidden) return;
    charts.forEach(chart => chart.show(shown));
    describe();
  }

  /** For screen readers. */
  function describe() {
    const of = pick.value ? ` of ${pick.value}` : '';
    const ended = shown.buckets.findLast(({ firstResponse, response }) => firstResponse || response);
    const { accepted, waiting } = shown.buckets.at(-1);
    const words = {
      response: ended ? `Latest: ${medians(ended)}.` : 'No conversation with a reply has ended yet.',
      tasks: `Latest: ${count(accepted)} accepted, ${count(waiting)} waiting.`,
    };
    for (const figure of figures) {
      const name = figure.querySelector('.name').textContent;
      figure.querySelector('.plot').setAttribute('aria-label', `${name}${of}, ${find('.per').textContent}. ${words[figure.dataset.kind]} All numbers are in the table below.`);
    }
  }

  /** Shows the values under the pointer in both charts. */
  function point(index) {
    const bucket = index === null ? null : shown?.buckets[index];
    for (const figure of figures) {
      const readout = figure.querySelector('.readout');
      setText(readout, bucket ? `${time(bucket)} · ${figure.dataset.kind === 'response' ? medians(bucket) : `${count(bucket.accepted)} accepted, ${count(bucket.waiting)} waiting`}` : '');
    }
  }

  function medians({ firstResponse, response }) {
    const parts = [firstResponse && `first response ${seconds(firstResponse.median)}`, response && `response ${seconds(response.median)}`];
    return parts.filter(Boolean).join(', ') || 'nothing ended';
  }

  const time = ({ from }) => hourAndMinute(Date.parse(from) / 1000, shown.seconds);

  /** The latest bucket first; painted only while the table is open. */
  function paintTable() {
    if (!shown || !details.open) return;
    const body = find('tbody');
    while (body.children.length > shown.buckets.length) body.lastElementChild.remove();
    while (body.children.length < shown.buckets.length) body.append(makeRow());
    shown.buckets.toReversed().forEach((bucket, row) =>
      COLUMNS.forEach((column, cell) => show(body.children[row].children[cell], column.pieces(bucket, shown.seconds))));
  }

  /** Updates the options; the chosen queue stays. */
  function queues(known) {
    const wanted = pick.value || recall('series.queue');
    const all = [...new Set(wanted ? [...known, wanted] : known)].sort();
    if (all.length && all.join('\n') === names.join('\n')) return;
    names = all;
    const value = pick.value;
    pick.replaceChildren(element('option', { value: ALL }, 'All queues'), ...names.map(name => element('option', { value: name }, name)));
    pick.value = value;
  }

  return {
    show(window) {
      chosen = window;
      ask();
    },
    queues,
    again: () => chosen && source.again(),
    csv: () => csvOf([CSV.map(([name]) => name), ...(shown?.buckets ?? []).map(bucket => CSV.map(([, of]) => of(bucket)))]),
  };
}

/** Leaves out the empty buckets of the night. */
function fromFirst(buckets) {
  const first = buckets.findIndex(happened);
  return first > 0 ? buckets.slice(first) : buckets;
}

function makeHead(row) {
  row.append(...COLUMNS.map(({ label }, index) => element('th', { scope: 'col', role: 'columnheader', class: index ? 'num' : null }, label)));
}

function makeRow() {
  return element(
    'tr',
    { role: 'row' },
    COLUMNS.map(({ label }, index) =>
      index
        ? element('td', { role: 'cell', class: `num ${index < 3 ? 'stat' : ''}`, 'data-label': label })
        : element('th', { role: 'rowheader', scope: 'row' })),
  );
}

/** The look changes with classes and attributes of the root, or with the theme of the system. */
function watchLook(changed) {
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ['data-theme', 'class'] });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}
