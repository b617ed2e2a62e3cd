import { callTables } from './calls.js';
import { drawn, element, tableOf } from './dom.js';
import { count, moment, running, seconds, short } from './format.js';

/** The facts, as a drawing and as tables. */

const LANE = 44;
const TOP = 30;
const TICKS = 4;

const CHANGES = { message: 'Message', reservation: 'Reservation', task: 'Task', participant: 'Participant' };
const SIDES = { customer: 'up', agent: 'down' };

/** @param {object} explained of `/api/tasks/…/explain` */
export function timeline(explained) {
  const { facts = [], focus = [], reservations = [], calls = [], mayLag = [] } = explained;
  const parts = [element('h2', null, 'Explanation')];
  if (mayLag.length) parts.push(element('p', { class: 'note' }, lagText(mayLag)));
  const span = spanOf(facts, focus, reservations);
  if (span) parts.push(drawing(span, facts, focus, reservations));
  if (reservations.some(({ waits }) => waits?.length)) parts.push(waitTable(reservations));
  if (calls.length) parts.push(...callTables(calls, nameOf).filter(Boolean));
  if (facts.length) parts.push(factTable(facts, reservations));
  else if (!calls.length) parts.push(element('p', { class: 'note' }, 'The facts of this task are no longer stored.'));
  if (focus.length) parts.push(focusTable(focus, reservations));
  return element('section', { class: 'story' }, parts);
}

const PARTS = { task: 'task', conversation: 'messages', focus: 'focus', calls: 'call quality' };

const lagText = parts =>
  `This data comes from a standby replica, because the active instance does not answer: ${parts.map(part => PARTS[part] ?? part).join(', ')}. The newest events may be missing.`;

const runs = ({ why }) => why === 'running';

function spanOf(facts, focus, reservations) {
  const moments = [
    ...(reservations.some(({ waits = [] }) => waits.some(runs)) ? [new Date().toISOString()] : []),
    ...facts.map(({ at }) => at),
    ...focus.flatMap(({ from, to }) => [from, to]),
    ...reservations.flatMap(({ acceptedAt, closedAt }) => [acceptedAt, closedAt]),
  ]
    .map(at => Date.parse(at))
    .filter(at => !Number.isNaN(at));
  if (!moments.length) return null;
  const from = Math.min(...moments);
  return { from, to: Math.max(...moments, from + 1000) };
}

function drawing(span, facts, focus, reservations) {
  const x = at => `${round((100 * (Date.parse(at) - span.from)) / (span.to - span.from))}%`;
  const width = (from, to) =>
    `${round(Math.max(0, (100 * ((to ? Date.parse(to) : span.to) - Date.parse(from))) / (span.to - span.from)))}%`;
  const height = TOP + LANE * (1 + reservations.length) + 4;
  const shapes = ticks(span, height);

  const middle = TOP + LANE / 2;
  shapes.push(drawn('text', { x: 0, y: TOP + 10, class: 'lane-name' }, 'Messages'));
  shapes.push(drawn('line', { x1: 0, x2: '100%', y1: middle + 6, y2: middle + 6, class: 'axis' }));
  for (const fact of facts.filter(({ what }) => what === 'message')) shapes.push(dot(fact, x, middle + 6));

  reservations.forEach((reservation, index) => {
    const y = TOP + LANE * (index + 1);
    const { acceptedAt, closedAt, waits = [] } = reservation;
    shapes.push(drawn('text', { x: 0, y: y + 10, class: 'lane-name' }, nameOf(reservation)));
    if (acceptedAt) {
      shapes.push(drawn('rect', { x: x(acceptedAt), width: width(acceptedAt, closedAt), y: y + 16, height: 18, rx: 3, class: 'held' }));
    }
    for (const interval of focus.filter(({ reservationSid }) => reservationSid === reservation.reservationSid)) {
      shapes.push(titled(
        drawn('rect', { x: x(interval.from), width: width(interval.from, interval.to), y: y + 16, height: 11, rx: 2, class: 'in-focus' }),
        `On screen from ${moment(interval.from)} to ${interval.to ? moment(interval.to) : 'now'}`));
    }
    for (const wait of waits) {
      shapes.push(titled(
        drawn('rect', { x: x(wait.from), width: width(wait.from, wait.to), y: y + 29, height: 5, class: runs(wait) ? 'waited runs' : wait.counted ? 'waited' : 'waited not' }),
        waitText(wait)));
    }
  });
  const words = `${count(facts.filter(({ what }) => what === 'message').length)} messages and ${count(focus.length)} times on screen, from ${moment(span.from)} to ${moment(span.to)}. The tables below have the same data.`;
  return element(
    'figure',
    { class: 'drawing' },
    drawn('svg', { role: 'img', 'aria-label': words, width: '100%', height }, shapes),
    element('figcaption', null, legend()),
  );
}

function ticks({ from, to }, height) {
  const shapes = [];
  for (let i = 0; i <= TICKS; i++) {
    const at = from + ((to - from) * i) / TICKS;
    const x = `${(100 * i) / TICKS}%`;
    const anchor = i === 0 ? 'start' : i === TICKS ? 'end' : 'middle';
    shapes.push(drawn('line', { x1: x, x2: x, y1: 18, y2: height, class: 'tick' }));
    shapes.push(drawn('text', { x, y: 12, 'text-anchor': anchor, class: i % 2 ? 'time between' : 'time' }, moment(at)));
  }
  return shapes;
}

/** Customers are circles above the line, agents squares below it, others small dots on it. */
function dot(fact, x, y) {
  const side = SIDES[fact.role];
  const at = x(fact.at);
  const shape =
    side === 'up'
      ? drawn('circle', { cx: at, cy: y - 7, r: 5, class: 'said customer' })
      : side === 'down'
        ? drawn('rect', { x: at, y: y + 3, width: 9, height: 9, class: 'said agent' })
        : drawn('circle', { cx: at, cy: y, r: 3, class: 'said other' });
  return titled(shape, `${moment(fact.at)} ${fact.role ?? ''} ${fact.who ?? ''}`);
}

function legend() {
  const key = (look, text) => element('span', null, element('i', { class: `key ${look}`, 'aria-hidden': 'true' }), text);
  return [
    key('customer', 'customer'),
    key('agent', 'agent'),
    key('other', 'bot, system or supervisor'),
    key('held', 'accepted to closed'),
    key('in-focus', 'on screen'),
    key('waited', 'counted wait'),
    key('not', 'wait that is not counted'),
    key('runs', 'wait in progress'),
  ];
}

function titled(shape, text) {
  shape.append(drawn('title', null, text));
  return shape;
}

const round = number => Math.round(number * 100) / 100;

const nameOf = ({ workerName, workerSid, reservationSid }) => workerName || short(workerSid || reservationSid || '');

const KINDS = { 'first-response': 'first response', response: 'response' };

function waitText(wait) {
  const { from, to, seconds: length, counted } = wait;
  if (runs(wait)) return `Waiting since ${moment(from)}, not in any average yet`;
  const until = to ? `to ${moment(to)}, ${typeof length === 'number' ? seconds(length) : ''}` : 'until the end';
  return `Waited from ${moment(from)} ${until}${counted ? '' : ', not counted'}`;
}

/** By this browser's clock. */
const sinceText = from => `${running((Date.now() - Date.parse(from)) / 1000)} so far`;

function waitTable(reservations) {
  const rows = reservations.flatMap(reservation =>
    (reservation.waits ?? []).map(wait => ({
      look: runs(wait) ? 'runs' : wait.counted ? null : 'aside',
      cells: [
        moment(wait.from),
        wait.to ? moment(wait.to) : runs(wait) ? element('span', { class: 'tag running' }, 'running') : 'never replied',
        typeof wait.seconds === 'number' ? seconds(wait.seconds) : runs(wait) ? sinceText(wait.from) : '– no end',
        KINDS[wait.kind] ?? wait.kind ?? '– unknown',
        wait.counted ? '✓ yes' : runs(wait) ? '– not yet: in progress' : `– no${reason(wait)}`,
        [indexText(wait.fromIndex), indexText(wait.toIndex)].filter(Boolean).join(' → ') || '– none',
        nameOf(reservation),
      ],
    })));
  return tableOf('Waits of the customer', ['From', 'To', 'How long', 'For', 'Counts', 'Messages', 'Agent'], rows);
}

/** Why something does not count, as the server sends it. */
const reason = ({ why }) => (why ? `: ${why.replaceAll('-', ' ')}` : '');

const indexText = index => (typeof index === 'number' ? `#${index}` : '');

function factTable(facts, reservations) {
  const names = new Map(reservations.map(reservation => [reservation.reservationSid, nameOf(reservation)]));
  const rows = facts.map(fact => ({
    look: `fact ${fact.role ?? ''}`,
    cells: [
      moment(fact.at),
      [CHANGES[fact.what] ?? fact.what, indexText(fact.index), fact.change].filter(Boolean).join(' '),
      fact.who ?? '– nobody',
      fact.role ? element('span', { class: `role ${fact.role}` }, fact.role) : '– none',
      fact.evidence || (fact.role ? '– unknown' : '– no role'),
      typeof fact.length === 'number' ? count(fact.length) : fact.what === 'message' ? '– no text' : '',
      fact.belongsTo
        ? names.get(fact.belongsTo) ?? short(fact.belongsTo)
        : fact.what === 'message' ? `– nobody’s${reason(fact)}` : '',
    ],
  }));
  return tableOf('Facts', ['At', 'What', 'Who', 'Role', 'Evidence', 'Length', 'Belongs to'], rows);
}

function focusTable(focus, reservations) {
  const names = new Map(reservations.map(reservation => [reservation.reservationSid, nameOf(reservation)]));
  const rows = focus.map(({ reservationSid, from, to }) => ({
    cells: [
      moment(from),
      to ? moment(to) : 'still',
      to ? seconds((Date.parse(to) - Date.parse(from)) / 1000) : '– in progress',
      names.get(reservationSid) ?? short(reservationSid),
    ],
  }));
  return tableOf('On screen', ['From', 'To', 'How long', 'Agent'], rows);
}
