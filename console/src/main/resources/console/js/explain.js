import { REASONS } from './calls.js';
import { element, tableOf } from './dom.js';
import { count, moment, seconds, short } from './format.js';
import { GROUPS, others } from './metrics.js';
import { startTheme } from './theme.js';
import { timeline } from './timeline.js';

/** The page of one task: its numbers, the writes to the task, and the explanation. */

const part = id => document.getElementById(id);
const taskSid = decodeURIComponent(location.pathname.split('/').filter(Boolean).at(-1) ?? '');

startTheme(part('theme'));
part('again').addEventListener('click', () => read().then(() => say('Reloaded')));
part('task').textContent = `Task ${taskSid}`;
document.title = `Task ${short(taskSid)} · Flexmetry`;
read();

async function read() {
  part('main').setAttribute('aria-busy', 'true');
  const path = `/api/tasks/${encodeURIComponent(taskSid)}`;
  const [task, explained] = await Promise.all([fetchJson(path), fetchJson(`${path}/explain`)]);
  if (task.error) {
    part('lead').textContent = task.error;
    part('reservations').replaceChildren();
    part('ledger').replaceChildren();
  } else {
    const { rows = [], ledger = null } = task.json;
    part('lead').textContent = rows.length
      ? `${count(rows.length)} ${rows.length === 1 ? 'reservation' : 'reservations'}: each agent’s work on the task is measured separately.`
      : 'There are no numbers for this task: nobody has accepted it, or it is too old.';
    part('reservations').replaceChildren(...rows.map(reservation));
    part('ledger').replaceChildren(ledgerOf(ledger));
  }
  const names = new Map((task.json?.rows ?? []).map(row => [row.reservationSid, row.workerName]));
  part('timeline').replaceChildren(explained.error ? unexplained(explained.error) : timeline(named(explained.json, names)));
  part('main').removeAttribute('aria-busy');
}

/** The server's answer, or an error message. */
async function fetchJson(path) {
  try {
    const response = await fetch(path, { headers: { Accept: 'application/json' } });
    const json = await response.json().catch(() => null);
    if (response.ok && json) return { json };
    return { error: json?.error ?? `The console answered ${response.status}.` };
  } catch {
    return { error: 'The console does not answer. Is there a connection?' };
  }
}

const named = (explained, names) => {
  const withName = one => ({ workerName: names.get(one.reservationSid), ...one });
  return {
    ...explained,
    reservations: (explained.reservations ?? []).map(withName),
    calls: (explained.calls ?? []).map(withName),
  };
};

const unexplained = error =>
  element('section', null, element('h2', null, 'Explanation'), element('p', { class: 'note' }, error));

function reservation(row) {
  const { values = {}, messages, writeBack, voice } = row;
  return element(
    'article',
    { class: 'panel reservation' },
    element(
      'header',
      null,
      element('h2', null, row.workerName || short(row.workerSid ?? row.reservationSid)),
      element('span', { class: `tag ${row.state}` }, row.state),
      element('span', { class: 'dim' }, `revision ${row.revision}`),
    ),
    facts([
      ['Queue', row.queueName, 'unknown'],
      ['Channel', row.channel, 'unknown'],
      ['Accepted', row.acceptedAt && moment(row.acceptedAt), 'unknown'],
      ['Wrap-up', row.wrapUpAt && moment(row.wrapUpAt), row.endedAt ? 'none' : 'not yet'],
      ['Ended', row.endedAt && moment(row.endedAt), 'not yet'],
      ['Closed by', row.closedBy, 'not by Flexmetry'],
    ]),
    element('div', { class: 'groups' }, GROUPS.map(group => groupOf(group, row)), rest(values)),
    element('ul', { class: 'remarks' }, [messageRemark(messages), writeBackRemark(writeBack), voiceRemark(voice)].flat().map(text => element('li', null, text))),
    element('p', { class: 'sids' }, [row.reservationSid, row.workerSid, row.conversationSid].filter(Boolean).join(' · ')),
  );
}

function facts(pairs) {
  return element(
    'dl',
    { class: 'facts' },
    pairs.map(([name, value, missing]) =>
      element('div', null, element('dt', null, name), element('dd', value ? null : { class: 'blank' }, value || `– ${missing}`))),
  );
}

function groupOf({ name, metrics }, { values = {}, voice, messages }) {
  const isCall = Boolean(voice) || 'mos' in values;
  // a call has no messages and a chat has no call quality: a group of blanks would be useless
  const applies = { Call: isCall, Messages: Boolean(messages) || 'agentMessages' in values, Answering: Boolean(messages) || !isCall }[name] ?? true;
  const shown = metrics.filter(({ key, main }) => key in values || (main && applies));
  if (!shown.length) return null;
  return element(
    'section',
    { class: 'group' },
    element('h3', null, name),
    element('dl', null, shown.map(metric => measured(metric, values[metric.key], voice))),
  );
}

function measured({ key, name, show, hint, main, level }, value, voice) {
  const exists = value !== null && value !== undefined;
  const [word, why] = exists ? [] : key === 'mos' && voice ? noScore(voice) : (main ?? []);
  return element(
    'div',
    { title: `${key}: ${exists ? hint : why}` },
    element('dt', null, name),
    exists
      ? element('dd', null, element('span', { class: 'mark', 'data-level': markLevel(level?.(value)) }, show(value)))
      : element('dd', { class: 'blank' }, `– ${word}`),
    element('dd', { class: 'hint' }, exists ? hint : why),
  );
}

const noScore = ({ reason }) =>
  reason ? [reason.replaceAll('-', ' '), REASONS[reason] ?? reason] : ['not yet', 'The score comes after the call'];

/** Good values get no mark. */
const markLevel = level => (level === 'good' ? null : level || null);

function rest(values) {
  const keys = others(values);
  if (!keys.length) return null;
  return element(
    'section',
    { class: 'group' },
    element('h3', null, 'Others'),
    element('dl', null, keys.map(key => element('div', null, element('dt', null, key), element('dd', null, String(values[key]))))),
  );
}

const ENDS = {
  asked: 'Twilio was asked for the newest one.',
  trusted: 'Twilio was not asked for the newest one, or has not answered.',
};

function messageRemark(messages) {
  if (!messages) return 'Messages of this reservation are not measured.';
  const remarks = [
    messages.complete
      ? `Messages are complete. ${ENDS[messages.end] ?? 'The reservation is still open.'}`
      : `Messages are missing${messages.missing?.length ? `: ${messages.missing.map(index => `#${index}`).join(', ')}` : ''}. ${ENDS[messages.end] ?? ''}`,
  ];
  if (messages.waitingSince) remarks.push(`The first message without a reply was sent at ${moment(messages.waitingSince)}.`);
  return remarks;
}

function writeBackRemark(writeBack) {
  if (!writeBack) return 'Nothing has been written to the task yet.';
  return `Last write to the task: ${writeBack.status} at ${moment(writeBack.at)}${writeBack.detail ? ` (${writeBack.detail})` : ''}.`;
}

function voiceRemark(voice) {
  if (!voice) return [];
  const where = [voice.edge, voice.region].filter(Boolean).join(', ');
  if (voice.reason) return `The call ${voice.callSid ?? ''} has no score: ${voice.reason}${voice.detail ? ` (${voice.detail})` : ''}.`;
  if (!voice.source) return `The score of the call ${voice.callSid ?? ''} is pending.`;
  return `The score of the call ${voice.callSid ?? ''}${where ? ` at ${where}` : ''} came from ${voice.source}${voice.knownAt ? ` at ${moment(voice.knownAt)}` : ''}.`;
}

function ledgerOf(ledger) {
  const entries = ledger?.entries ?? [];
  if (!entries.length) {
    return element('section', null, element('h2', null, 'What was written'), element('p', { class: 'note' }, 'Nothing was written to this task, or it is too old.'));
  }
  const heads = ['Decided', 'What', 'Keys', 'Result', 'Settled', 'After wrap-up', 'Tries', 'Due by', 'Reservation'];
  const rows = entries.map(({ decidedAt, action, set = {}, clear = [], settlement, dueBy, reservationSid }) => ({
    cells: [
      moment(decidedAt),
      action,
      keys(set, clear, settlement?.dropped),
      settlement ? result(settlement) : '– in flight',
      settlement ? moment(settlement.at) : '– in flight',
      typeof settlement?.afterWrapUp === 'number' ? seconds(settlement.afterWrapUp) : '– before wrap-up',
      settlement ? count(settlement.attempts) : '',
      dueBy ? moment(dueBy) : '– never',
      short(reservationSid),
    ],
  }));
  return element(
    'section',
    null,
    element('h2', null, 'What was written'),
    tableOf('Writes to the task, the oldest first', heads, rows),
    ledger.left > 0 ? element('p', { class: 'note' }, `${count(ledger.left)} older writes are not kept.`) : null,
  );
}

const BAD = new Set(['refused', 'gave-up']);
const POOR = new Set(['late', 'gone']);

const result = ({ result: word, detail, revision }) =>
  element(
    'span',
    { class: 'mark', 'data-level': BAD.has(word) ? 'late' : POOR.has(word) ? 'watch' : null },
    [word, detail ?? (revision && `version ${revision}`)].filter(Boolean).join(', '),
  );

function keys(set, clear, dropped = []) {
  const words = [
    ...Object.entries(set).map(([key, value]) => `${key} = ${value}`),
    ...clear.map(key => `${key} removed`),
    ...dropped.map(key => `no room for ${key}`),
  ];
  return words.length ? element('ul', { class: 'keys' }, words.map(word => element('li', null, word))) : '– none';
}

function say(text) {
  part('said').textContent = text;
}
