import { count, decimal, moment, percent, score, seconds, short } from './format.js';
import { mosLevel, shareLevel, waitLevel } from './levels.js';

/** The columns of each table of the floor. */

const NOT_REPORTED = 'There is no data yet';

/** An empty cell has a word with the reason, and a title with the full explanation. */
const blank = (word, why) => [{ text: `– ${word}`, title: why, look: 'blank' }];

const text = (value, word, why) => (value ? [{ text: value, title: value }] : blank(word, why));

const number = (id, label, hint, look = 'num') => ({
  id,
  label,
  hint,
  look,
  numeric: true,
  pieces: row => [{ text: count(row[id] ?? 0), look: row[id] ? 'strong' : 'zero' }],
  value: row => row[id] ?? 0,
  csv: [[label.toLowerCase(), row => row[id] ?? 0]],
});

/** A median of durations, with the number of conversations. */
const median = (id, label, hint) => ({
  id,
  label,
  hint: `${hint}: median, and number of conversations`,
  look: `num stat ${id === 'response' ? 'second' : ''}`,
  numeric: true,
  pieces: row =>
    row[id]
      ? [
          { text: seconds(row[id].median), level: waitLevel(row[id].median), title: medianTitle(row[id]) },
          { text: `· ${count(row[id].of)}`, look: 'of', title: medianTitle(row[id]) },
        ]
      : blank('no reply', 'No conversation with a reply in this window'),
  value: row => row[id]?.median,
  csv: [
    [`${label.toLowerCase()} median s`, row => row[id]?.median],
    [`${label.toLowerCase()} 90 % within s`, row => row[id]?.p90],
    [`${label.toLowerCase()} conversations`, row => row[id]?.of ?? 0],
  ],
});

const medianTitle = ({ median, p90, of }) =>
  `Median ${seconds(median)} of ${count(of)} ${of === 1 ? 'conversation' : 'conversations'}` +
  (p90 === null || p90 === undefined ? '' : `; nine of ten within ${seconds(p90)}`);

const taskLink = (sid, more = {}) => ({ text: short(sid), href: taskPath(sid), title: `Explains the numbers of ${sid}`, ...more });

const taskPath = sid => `/tasks/${encodeURIComponent(sid)}`;

const task = {
  id: 'task',
  label: 'Task',
  hint: 'Opens the explanation of its numbers',
  look: 'sid',
  pieces: row => [taskLink(row.taskSid)],
  value: row => row.taskSid,
  csv: [
    ['task', row => row.taskSid],
    ['reservation', row => row.key],
  ],
};

const agent = {
  id: 'agent',
  label: 'Agent',
  pieces: row => text(row.agent, 'no name', 'The name of the worker is not known yet'),
  value: row => row.agent,
  csv: [['agent', row => row.agent]],
};

const queue = {
  id: 'queue',
  label: 'Queue',
  pieces: row => text(row.queue, 'no queue', 'The queue of the task is not known'),
  value: row => row.queue,
  csv: [['queue', row => row.queue]],
};

const longest = (get, word, why) => row => (get(row) ? [{ since: get(row), wait: true }] : blank(word, why));

/** The share in time, with the number of conversations. */
const inTarget = (id, label, hint, target, missing, look) => ({
  id,
  label,
  hint,
  look: `num stat ${look}`,
  numeric: true,
  pieces: row =>
    row[id]
      ? [
          {
            text: percent(row[id].share),
            level: shareLevel(row[id]),
            title: `${target} within ${row[id].seconds ? `${row[id].seconds} s` : 'its target'}, of ${count(row[id].of)} conversations`,
          },
          { text: `· ${count(row[id].of)}`, look: 'of' },
        ]
      : blank(...missing(row)),
  value: row => row[id]?.share,
  csv: [
    [`${label.toLowerCase()} share`, row => row[id]?.share],
    [`${label.toLowerCase()} within s`, row => row[id]?.seconds],
    [`${label.toLowerCase()} conversations`, row => row[id]?.of ?? 0],
  ],
});

/** Negative, so that the longest duration is the largest value. */
const age = since => (since ? -Date.parse(since) : null);

const queues = {
  name: 'Queues',
  caption: 'Queues: waiting customers, and response times in this window',
  empty: 'No queue is known yet.',
  words: row => [row.name, row.key],
  columns: [
    {
      id: 'name',
      label: 'Queue',
      pieces: row => [{ text: row.name, title: row.name }],
      value: row => row.name,
      csv: [['queue', row => row.name]],
    },
    number('waiting', 'Waiting', 'Customers whom nobody has accepted yet'),
    {
      id: 'longest',
      label: 'Longest wait',
      hint: 'The longest wait of a customer in the queue',
      look: 'num',
      numeric: true,
      pieces: longest(row => row.longestWaitSince, 'nobody', 'Nobody waits in this queue'),
      value: row => age(row.longestWaitSince),
      csv: [['longest wait since', row => row.longestWaitSince]],
    },
    number('active', 'Active', 'Tasks that an agent has accepted', 'num'),
    number('wrapping', 'Wrap-up', 'Tasks in wrap-up', 'num third'),
    number('handled', 'Handled', 'Conversations in this window', 'num second'),
    median('firstResponse', 'First response', 'From acceptance to the first reply'),
    median('response', 'Response', 'The average wait for a reply in a conversation'),
    inTarget('withinTarget', 'In target', 'Conversations whose first response came in time', 'First response', row =>
      row.firstResponse
        ? ['no target', 'No target is set for this queue']
        : ['no reply', 'No conversation with a reply in this window'], 'third'),
    inTarget('waitingWithinTarget', 'Accepted', 'Tasks that were accepted in time', 'Acceptance', () =>
      ['none', 'This queue has no target for waiting, or none of its tasks was accepted in this window'], 'fourth'),
  ],
};

const STAGES = { offered: 'offered', assigned: '', wrapping: 'wrap-up' };

/** One open task: channel, stage, and whether the customer waits for a reply. */
function openTask({ taskSid, channel, queue: name, stage, since, waitingSince }, onScreen) {
  const what = [channel || 'task', waitingSince ? 'waits' : STAGES[stage] ?? stage].filter(Boolean).join(' ');
  const full = [
    `${channel || 'Task'}${name ? ` of ${name}` : ''}`,
    waitingSince ? 'the customer waits for a reply' : stage,
    onScreen ? 'on screen' : '',
    taskSid,
  ];
  return {
    href: taskPath(taskSid),
    look: ['chip', stage, onScreen && 'on-screen'].filter(Boolean).join(' '),
    title: full.filter(Boolean).join(', '),
    parts: [{ text: what }, { since: waitingSince || since, wait: Boolean(waitingSince) }],
  };
}

function onScreen({ open = [], focus }) {
  if (!focus) return blank('nothing', 'None of the tasks is on screen, or the agent’s browser reports nothing');
  const held = open.find(({ reservationSid }) => reservationSid === focus.reservationSid);
  return [
    { text: held?.queue || held?.channel || short(focus.reservationSid), title: 'The task on the agent’s screen, and for how long' },
    { since: focus.since, look: 'dim' },
  ];
}

const agents = {
  name: 'Agents',
  caption: 'Agents: their current tasks, and their response times in this window',
  empty: 'No agent is known yet.',
  words: row => [row.name, row.key, row.activity, ...(row.open ?? []).map(held => held.queue)],
  columns: [
    {
      id: 'name',
      label: 'Agent',
      pieces: row =>
        row.name
          ? [{ text: row.name, title: `${row.name}, ${row.key}` }]
          : [{ text: short(row.key), title: `${row.key}: the name of this worker is not known yet`, look: 'sid' }],
      value: row => row.name ?? row.key,
      csv: [
        ['agent', row => row.name],
        ['worker', row => row.key],
      ],
    },
    {
      id: 'activity',
      label: 'Activity',
      hint: 'Current activity, and for how long',
      pieces: row =>
        row.activity
          ? [{ text: row.activity, title: row.activity }, ...(row.activitySince ? [{ since: row.activitySince, look: 'dim' }] : [])]
          : blank('unknown', 'The activity of this worker is not known yet'),
      value: row => row.activity,
      csv: [
        ['activity', row => row.activity],
        ['activity since', row => row.activitySince],
      ],
    },
    {
      id: 'open',
      label: 'Tasks',
      hint: 'Open tasks, and for how long; sorted by their number',
      numeric: true,
      pieces: row =>
        row.open?.length
          ? row.open.map(held => openTask(held, held.reservationSid === row.focus?.reservationSid))
          : blank('no task', 'The agent has no open task'),
      value: row => row.open?.length ?? 0,
      csv: [
        ['open tasks', row => row.open?.length ?? 0],
        ['tasks', row => (row.open ?? []).map(held => held.taskSid).join(' ')],
      ],
    },
    {
      id: 'screen',
      label: 'On screen',
      hint: 'The task on the agent’s screen',
      look: 'second',
      pieces: onScreen,
      value: row => age(row.focus?.since),
      csv: [
        ['on screen', row => row.focus?.reservationSid],
        ['on screen since', row => row.focus?.since],
      ],
    },
    {
      id: 'focusShare',
      label: 'Focus',
      hint: 'Share of the time of conversations in which they were on screen',
      look: 'num third',
      numeric: true,
      pieces: ({ focusShare: share }) =>
        share === null || share === undefined
          ? blank('no data', 'No focus time in this window: no conversation, or the agent’s browser reports nothing')
          : [{ text: '', look: 'meter', share, title: percent(share) }, { text: percent(share) }],
      value: row => row.focusShare,
      csv: [['focus share', row => row.focusShare]],
    },
    number('handled', 'Handled', 'Conversations in this window', 'num second'),
    median('firstResponse', 'First response', 'From acceptance to the first reply'),
    median('response', 'Response', 'The average wait for a reply in a conversation'),
  ],
};

const KINDS = {
  waiting: ['accept', 'Acceptance of the task'],
  firstResponse: ['first reply', 'First response'],
  response: ['reply', 'Response'],
};

const breaches = {
  name: 'About to breach',
  caption: 'Waits that are close to their target or over it, the least time left first',
  empty: 'No target is about to be missed.',
  words: row => [row.agent, row.queue, row.channel, row.taskSid],
  columns: [
    {
      id: 'kind',
      label: 'Target',
      hint: 'What the customer waits for',
      pieces: ({ kind, seconds: within }) => {
        const [word, title] = KINDS[kind] ?? [kind, kind];
        return [{ text: word, title: `${title} within ${seconds(within)}` }];
      },
      value: row => row.kind,
      csv: [
        ['target', row => row.kind],
        ['within s', row => row.seconds],
        ['waiting since', row => row.since],
      ],
    },
    queue,
    {
      ...agent,
      look: 'second',
      pieces: row =>
        row.kind === 'waiting' ? blank('nobody', 'Nobody has accepted the task') : agent.pieces(row),
    },
    {
      id: 'left',
      label: 'Time left',
      hint: 'Until the target is missed, or since it was',
      look: 'num',
      numeric: true,
      pieces: row => [{ until: row.breachAt }],
      value: row => Date.parse(row.breachAt),
      csv: [['breach at', row => row.breachAt]],
    },
    task,
  ],
};

const replies = {
  name: 'Waiting for a reply',
  caption: 'Customers who wait for a reply of their agent, the longest wait first',
  empty: 'Nobody waits for a reply.',
  words: row => [row.agent, row.queue, row.taskSid],
  columns: [
    { ...agent, look: '' },
    queue,
    {
      id: 'waited',
      label: 'Waits',
      hint: 'Time since the first message without a reply',
      look: 'num',
      numeric: true,
      pieces: longest(row => row.waitingSince, 'not known', NOT_REPORTED),
      value: row => age(row.waitingSince),
      csv: [['waiting since', row => row.waitingSince]],
    },
    task,
  ],
};

const calls = {
  name: 'Calls with bad quality',
  caption: 'Calls in this window with a low mean opinion score, the worst first',
  empty: 'No call in this window had bad quality.',
  words: row => [row.agent, row.queue, row.taskSid],
  columns: [
    agent,
    queue,
    {
      id: 'mos',
      label: 'Score',
      hint: 'Mean opinion score, 1 to 5, and the number of samples',
      look: 'num stat',
      numeric: true,
      pieces: ({ mos, samples }) => [
        { text: score(mos), level: mosLevel(mos), title: `Mean opinion score ${decimal(mos)}` },
        samples
          ? { text: `· ${count(samples)}`, look: 'of', title: `${count(samples)} samples, one every ten seconds` }
          : { text: '· whole', look: 'of', title: 'The score of the whole call: there are no samples' },
      ],
      value: row => row.mos,
      csv: [
        ['score', row => row.mos],
        ['samples', row => row.samples],
      ],
    },
    task,
  ],
};

const isCall = ({ channel, mos }) => channel === 'voice' || typeof mos === 'number';

/** A number of a conversation, or why there is none. */
const measured = (id, label, hint, show, missing, look = '') => ({
  id,
  label,
  hint,
  look: `num ${look}`,
  numeric: true,
  pieces: row => (typeof row[id] === 'number' ? [show(row[id])] : blank(...missing(row))),
  value: row => row[id],
  csv: [[`${label.toLowerCase()}${id === 'mos' ? '' : ' s'}`, row => row[id]]],
});

const noReply = row =>
  isCall(row)
    ? ['call', 'Calls have no messages']
    : row.state === 'running'
      ? ['not yet', 'The agent has not replied yet']
      : ['no reply', 'The agent sent no reply that counts'];

const WRITTEN = {
  written: ['on the task', 'good', 'The numbers are on the task'],
  unchanged: ['on the task', 'good', 'The task had these numbers already'],
  linked: ['linked task', 'good', 'The numbers came after the task’s end and are on a linked task'],
  late: ['late', 'watch', 'The task had ended before the numbers could be written'],
  gone: ['task gone', 'watch', 'The task no longer exists'],
  refused: ['refused', 'late', 'Twilio refused to change the task'],
  'gave-up': ['gave up', 'late', 'Twilio did not answer in time'],
};

const recent = {
  name: 'Recent conversations',
  caption: 'The last conversations, the newest first',
  empty: 'No conversation in this window yet.',
  words: row => [row.agent, row.queue, row.channel, row.taskSid],
  columns: [
    task,
    {
      id: 'acceptedAt',
      label: 'Accepted',
      look: 'num second',
      numeric: true,
      pieces: row => [{ text: moment(row.acceptedAt), title: row.acceptedAt }],
      value: row => Date.parse(row.acceptedAt),
      csv: [
        ['accepted at', row => row.acceptedAt],
        ['closed at', row => row.closedAt],
      ],
    },
    agent,
    queue,
    {
      id: 'channel',
      label: 'Channel',
      look: 'third',
      pieces: row => text(row.channel, 'unknown', 'The channel of the task is not known'),
      value: row => row.channel,
      csv: [['channel', row => row.channel]],
    },
    {
      id: 'length',
      label: 'Length',
      hint: 'From acceptance to wrap-up or end; for an open one until now',
      look: 'num second',
      numeric: true,
      pieces: row =>
        row.closedAt
          ? [{ text: seconds((Date.parse(row.closedAt) - Date.parse(row.acceptedAt)) / 1000), title: `Closed at ${moment(row.closedAt)}` }]
          : [{ text: 'open', look: 'tag' }, { since: row.acceptedAt }],
      value: row => (row.closedAt ? Date.parse(row.closedAt) - Date.parse(row.acceptedAt) : Number.MAX_SAFE_INTEGER),
      csv: [['state', row => row.state]],
    },
    measured('firstResponse', 'First response', 'From acceptance to the first reply',
      value => ({ text: seconds(value), level: waitLevel(value) }), noReply),
    measured('response', 'Response', 'How long the customer waited for a reply, on average',
      value => ({ text: seconds(value), level: waitLevel(value) }), noReply),
    measured('focus', 'Focus', 'How long it was on the agent’s screen',
      value => ({ text: seconds(value) }),
      () => ['no data', 'The agent’s browser reported nothing for this conversation'], 'third'),
    measured('mos', 'Score', 'Call quality: mean opinion score, 1 to 5',
      value => ({ text: score(value), level: mosLevel(value) }),
      row => !isCall(row)
        ? ['no call', 'Only calls have a score']
        : row.state === 'running'
          ? ['not yet', 'The score comes after the call']
          : ['no score', 'Twilio has no score for this call, or not yet'], 'third'),
    {
      id: 'writeBack',
      label: 'Written',
      hint: 'Whether the numbers are on the task',
      look: 'second',
      pieces: ({ state, writeBack }) => {
        if (!writeBack) return blank('not yet', state === 'running' ? 'The conversation is open' : 'Not written yet');
        const [word, level, title] = WRITTEN[writeBack] ?? [writeBack, '', writeBack];
        return [{ text: word, level, title }];
      },
      value: row => row.writeBack,
      csv: [['written', row => row.writeBack]],
    },
  ],
};

export const TABLES = { queues, agents, breaches, replies, calls, recent };
