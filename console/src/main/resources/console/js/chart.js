import uPlot from '../uplot/uplot.js';
import { count, hourAndMinute, seconds } from './format.js';

/** Charts of a series. Canvas does not use CSS: colours and type are read from elements that do. */

const DURATIONS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const DASH = [6, 4];
const TEXT = 0.75;
/** Width of the labels "12:05 min" and "10,000", in letters. */
const GUTTER = { response: 5.5, tasks: 3.5 };

const bars = uPlot.paths.bars({ size: [0.75, 48] });

/**
 * @typedef {object} Line
 * @property {string} id class of the swatch with its colour
 * @property {function(object): ?number} of value of a bucket
 * @property {boolean} [dashed]
 * @property {boolean} [bars]
 */

/** @type {Object<string, {lines: Line[], steps: number[], least: number, label: function(number): string}>} */
const KINDS = {
  response: {
    lines: [
      { id: 'first', of: bucket => bucket.firstResponse?.median ?? null },
      { id: 'reply', of: bucket => bucket.response?.median ?? null, dashed: true },
    ],
    steps: DURATIONS,
    least: 10,
    label: seconds,
  },
  tasks: {
    lines: [
      { id: 'accepted', of: bucket => bucket.accepted, bars: true },
      { id: 'waiting', of: bucket => bucket.waiting },
    ],
    steps: COUNTS,
    least: 4,
    label: count,
  },
};

/**
 * A chart in a figure.
 *
 * @param {Element} figure contains an element to draw in, and a swatch for each line
 * @param {function(?number)} pointed called with the index of the bucket under the pointer
 */
export class Chart {
  #figure;
  #place;
  #kind;
  #pointed;
  #plot = null;
  #data = null;
  #range = [0, 1];

  constructor(figure, pointed) {
    this.#figure = figure;
    this.#place = figure.querySelector('.plot');
    this.#kind = KINDS[figure.dataset.kind];
    this.#pointed = pointed;
    new ResizeObserver(() => this.#fit()).observe(this.#place);
  }

  /** @param {{buckets: object[], seconds: number}} series */
  show({ buckets, seconds: length }) {
    const starts = buckets.map(({ from }) => Date.parse(from) / 1000);
    this.#range = [starts[0], starts.at(-1) + length];
    this.#data = [starts.map(start => start + length / 2), ...this.#kind.lines.map(({ of }) => buckets.map(of))];
    if (this.#plot) this.#plot.setData(this.#data);
    else this.redraw();
  }

  /** Draws from scratch, after a change of colours or type. */
  redraw() {
    if (!this.#data) return;
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(), this.#data, this.#place);
  }

  #fit() {
    const { clientWidth: width, clientHeight: height } = this.#place;
    if (this.#plot && width && height) this.#plot.setSize({ width, height });
  }

  #options() {
    const { label, least, lines, steps } = this.#kind;
    const look = getComputedStyle(this.#figure);
    const size = parseFloat(look.fontSize) * TEXT;
    const grid = { stroke: look.borderTopColor, width: 1 };
    const axis = { stroke: look.color, font: `${size}px ${look.fontFamily}`, grid, ticks: { ...grid, size: 4 }, gap: 4 };
    return {
      width: Math.max(1, this.#place.clientWidth),
      height: Math.max(1, this.#place.clientHeight),
      padding: [size, 2.5 * size, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: {
        x: { time: true, range: () => this.#range },
        y: { range: (plot, min, max) => [0, Math.max(least, (max ?? 0) * 1.1)] },
      },
      axes: [
        { ...axis, size: 2 * size + 4, space: 5 * size, values: (plot, times) => times.map(time => hourAndMinute(time)) },
        {
          ...axis,
          size: GUTTER[this.#figure.dataset.kind] * size + 8,
          space: 2.2 * size,
          incrs: steps,
          values: (plot, values) => values.map(value => label(value)),
        },
      ],
      series: [{}, ...lines.map(line => this.#line(line))],
      hooks: { setCursor: [plot => this.#pointed(plot.cursor.idx ?? null)] },
    };
  }

  #line({ id, dashed, bars: asBars }) {
    const { color, backgroundColor } = getComputedStyle(this.#figure.querySelector(`.swatch.${id}`));
    return asBars
      ? { stroke: color, fill: backgroundColor, width: 1, paths: bars, points: { show: false } }
      : { stroke: color, width: 2, dash: dashed ? DASH : undefined, points: { show: true, size: 5, fill: color } };
  }
}
