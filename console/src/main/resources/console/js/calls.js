import { element, tableOf } from './dom.js';
import { count, decimal, moment, percent, score, short } from './format.js';

/** Whose call is which, and the sums that its numbers are worked out from. */

const SOURCES = { metrics: 'asked for', 'event-streams': 'sent by Twilio' };

/** Why there is no number, or no call, in words; others are told as the server has them. */
const REASONS = {
  'no-call-yet': 'The task has named no call of the agent yet.',
  'no-agent-call': 'The task named no call of the agent.',
  'call-lasts': 'The agent’s work on the call is not over: Twilio is asked after that.',
  'look-up-later': 'Twilio has no samples yet and is asked again.',
  'look-up-under-way': 'Twilio has been asked and has not answered yet.',
  'not-an-sdk-leg': 'The agent used a phone and not the browser.',
  'call-too-short': 'The call was shorter than ten seconds: there is no sample.',
  'not-enabled': 'Voice Insights Advanced Features are not enabled.',
  'no-samples': 'Twilio knows the call and had no samples.',
  refused: 'Twilio refused the request.',
  'gave-up': 'Twilio did not answer in time.',
  forgotten: 'Nothing of the call is known any more, or yet.',
};

/** @param {object[]} calls of `/api/tasks/…/explain` */
export function callTables(calls, nameOf) {
  return [
    tableOf('Calls', ['Agent', 'Call', 'Named by the task', 'What is known'], calls.map(call => ({ cells: cellsOf(call, nameOf) }))),
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
    call && `Twilio says: ${[call.type, typeof call.durationSeconds === 'number' && `${count(call.durationSeconds)} s`, call.region].filter(Boolean).join(', ')}.`,
    lookups ? `Asked ${count(lookups)} ${lookups === 1 ? 'time' : 'times'}.` : null,
    nextLookupAt && `Asked next at ${moment(nextLookupAt)}.`,
    settledAt ? `Settled at ${moment(settledAt)}.` : giveUpAt && `Waited for until ${moment(giveUpAt)}.`,
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
    'How calls sounded: sums over all samples',
    ['Agent', 'Samples', 'Directions', 'Score', 'Lowest', 'Below 3.5', 'Jitter, ms', 'Round trip, ms', 'Packets lost', 'Counts'],
    rows,
  );
}

function summaryRow({ sound, ...call }, nameOf) {
  const summary = sound?.summary;
  if (!summary) return [];
  const counted = !(sound.samples ?? []).some(samples => samples.counted);
  const told = (value, show) => (typeof value === 'number' ? show(value) : '– none');
  return [{
    look: counted ? null : 'aside',
    cells: [
      nameOf(call), 'summary of the call', '– the whole', told(summary.mos, decimal), '– none', '– none',
      told(summary.jitter, decimal), '– none', told(summary.packetLoss, percent), counts({ counted, why: 'samples-are-better' }),
    ],
  }];
}

const counts = ({ counted, why }) => (counted ? '✓ yes' : `– no${why ? `: ${why.replaceAll('-', ' ')}` : ''}`);

/** 12.5 / 3 = 4.2 */
const mean = (sum, show) => (sum?.count ? `${decimal(sum.sum)} / ${count(sum.count)} = ${show(sum.sum / sum.count)}` : '– none');

const part = (some, all) => `${count(some)} / ${count(all)} = ${percent(some / all)}`;

function directionsOf(directions) {
  const told = Object.entries(directions ?? {}).filter(([, number]) => number > 0);
  return told.length ? told.map(([direction, number]) => `${count(number)} ${direction}`).join(', ') : '– not told';
}
