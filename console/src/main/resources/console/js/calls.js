import { element, tableOf } from './dom.js';
import { count, decimal, moment, percent, score, short } from './format.js';

/** The calls of each agent, and the sums from which their numbers are computed. */

const SOURCES = { metrics: 'looked up', 'event-streams': 'sent by Twilio' };

/** Texts for the server's reasons; other reasons are shown as they are. */
export const REASONS = {
  'no-call-yet': 'The task has named no call of the agent yet.',
  'no-agent-call': 'The task named no call of the agent.',
  'call-lasts': 'The call is looked up when the agent has finished.',
  'look-up-later': 'Twilio has no samples yet; the look-up is repeated.',
  'look-up-under-way': 'The look-up is in flight.',
  'not-an-sdk-leg': 'The agent used a phone, not the browser.',
  'call-too-short': 'The call was shorter than ten seconds: there are no samples.',
  'not-enabled': 'Voice Insights Advanced Features are not enabled.',
  'no-samples': 'Twilio had no samples of the call.',
  refused: 'Twilio refused the request.',
  'gave-up': 'Twilio did not answer in time.',
  forgotten: 'The data of the call has expired, or has not arrived yet.',
};

/** @param {object[]} calls of `/api/tasks/…/explain` */
export function callTables(calls, nameOf) {
  return [
    tableOf('Calls', ['Agent', 'Call', 'Named by the task', 'Status'], calls.map(call => ({ cells: cellsOf(call, nameOf) }))),
    sumTable(calls, nameOf),
  ];
}

function cellsOf(call, nameOf) {
  const { callSid, named = [], why, sound } = call;
  return [
    nameOf(call),
    callSid ? short(callSid) : '– none',
    named.length ? lines(named.map(one => namedText(one, call))) : '– never',
    lines([reasonOf(why ?? sound?.why, sound?.detail), ...(sound ? soundTexts(sound) : [])]),
  ];
}

const namedText = ({ callSid, at, belongsTo }, { reservationSid }) =>
  `${short(callSid)} at ${moment(at)}${belongsTo === reservationSid ? '' : ', another agent’s'}`;

const reasonOf = (why, detail) =>
  why ? `${REASONS[why] ?? why.replaceAll('-', ' ')}${detail ? ` (${detail})` : ''}` : null;

function soundTexts({ edge, call, lookups, nextLookupAt, giveUpAt, settledAt }) {
  return [
    `Measured at ${edge}.`,
    call && `Twilio’s summary: ${[call.type, typeof call.durationSeconds === 'number' && `${count(call.durationSeconds)} s`, call.region].filter(Boolean).join(', ')}.`,
    lookups ? `${count(lookups)} ${lookups === 1 ? 'look-up' : 'look-ups'}.` : null,
    nextLookupAt && `Next look-up at ${moment(nextLookupAt)}.`,
    settledAt ? `Settled at ${moment(settledAt)}.` : giveUpAt && `Look-ups end at ${moment(giveUpAt)}.`,
  ];
}

const lines = texts => element('ul', { class: 'keys' }, texts.filter(Boolean).map(text => element('li', null, text)));

function sumTable(calls, nameOf) {
  const rows = calls.flatMap(call => [
    ...(call.sound?.samples ?? []).map(samples => ({
      look: samples.counted ? null : 'aside',
      cells: [
        nameOf(call),
        SOURCES[samples.source] ?? samples.source,
        directionsOf(samples.directions),
        mean(samples.scores, score),
        typeof samples.minimum === 'number' ? decimal(samples.minimum) : '– none',
        samples.scores?.count ? part(samples.low, samples.scores.count) : '– none',
        mean(samples.jitter, decimal),
        mean(samples.roundTripTime, decimal),
        samples.packets ? part(samples.packetsLost, samples.packets) : '– none',
        counts(samples),
      ],
    })),
    ...summaryRow(call, nameOf),
  ]);
  if (!rows.length) return null;
  return tableOf(
    'Call quality: sums over all samples',
    ['Agent', 'Samples', 'Directions', 'Score', 'Lowest', 'Below 3.5', 'Jitter, ms', 'Round trip, ms', 'Packets lost', 'Counts'],
    rows,
  );
}

function summaryRow({ sound, ...call }, nameOf) {
  const summary = sound?.summary;
  if (!summary) return [];
  const counted = !(sound.samples ?? []).some(samples => samples.counted);
  const numberOf = (value, show) => (typeof value === 'number' ? show(value) : '– none');
  return [{
    look: counted ? null : 'aside',
    cells: [
      nameOf(call), 'summary of the call', '– whole call', numberOf(summary.mos, decimal), '– none', '– none',
      numberOf(summary.jitter, decimal), '– none', numberOf(summary.packetLoss, percent), counts({ counted, why: 'samples-are-better' }),
    ],
  }];
}

const counts = ({ counted, why }) => (counted ? '✓ yes' : `– no${why ? `: ${why.replaceAll('-', ' ')}` : ''}`);

/** Example: 12.5 / 3 = 4.2 */
const mean = (sum, show) => (sum?.count ? `${decimal(sum.sum)} / ${count(sum.count)} = ${show(sum.sum / sum.count)}` : '– none');

const part = (some, all) => `${count(some)} / ${count(all)} = ${percent(some / all)}`;

function directionsOf(directions) {
  const counted = Object.entries(directions ?? {}).filter(([, number]) => number > 0);
  return counted.length ? counted.map(([direction, number]) => `${count(number)} ${direction}`).join(', ') : '– unknown';
}
