import { setText } from './dom.js';
import { count, percent, running, score, seconds } from './format.js';
import { mosLevel, shareLevel, waitLevel } from './levels.js';
import { setLevel } from './ticker.js';

/** The tiles: totals that can be read from across the room. */

const WORDS = { late: 'late', watch: 'watch', good: 'good' };

/**
 * @typedef {object} Face content of a tile
 * @property {string} value
 * @property {?string} [of] number of conversations
 * @property {string} note
 * @property {string} [level]
 * @property {number} [share] 0 to 1, drawn as a bar
 * @property {boolean} [blank]
 */

const waits = (number, since, at, nobody, where) => {
  if (!since) return { value: count(number), note: nobody };
  const length = (at - Date.parse(since)) / 1000;
  return { value: count(number), note: `longest ${running(length)}${where ? ` · ${where}` : ''}`, level: waitLevel(length) };
};

const median = (statistic, missing) =>
  statistic
    ? {
        value: seconds(statistic.median),
        of: statistic.of,
        note: statistic.p90 === null || statistic.p90 === undefined ? 'median' : `90 % within ${seconds(statistic.p90)}`,
        level: waitLevel(statistic.median),
      }
    : { value: '–', blank: true, note: missing };

const inTarget = (reached, missing) =>
  reached
    ? {
        value: percent(reached.share),
        of: reached.of,
        note: reached.seconds ? `within ${reached.seconds} s` : 'several targets',
        level: shareLevel(reached),
        share: reached.share,
      }
    : { value: '–', blank: true, note: missing };

/** The queue with the longest wait. */
const queueOf = (rows, since) => rows.find(row => row.longestWaitSince === since)?.name;

/** @type {Array<{id: string, label: string, hint: string, face: function(object, object): Face}>} */
const TILES = [
  {
    id: 'waiting',
    label: 'In queue',
    hint: 'Customers whom nobody has accepted yet',
    face: (tiles, { at, queues }) =>
      waits(tiles.waiting, tiles.longestWaitSince, at, 'nobody waits', queueOf(queues, tiles.longestWaitSince)),
  },
  {
    id: 'replies',
    label: 'Wait for a reply',
    hint: 'Customers whose agent has not answered their last message',
    face: (tiles, { at, replies }) =>
      waits(tiles.waitingForReply, tiles.longestReplySince, at, 'nobody waits', replies[0]?.agent),
  },
  {
    id: 'active',
    label: 'Active tasks',
    hint: 'Tasks that an agent has accepted',
    face: tiles => ({ value: count(tiles.active), note: `${count(tiles.wrapping)} in wrap-up` }),
  },
  {
    id: 'agents',
    label: 'Agents',
    hint: 'Known agents',
    face: (tiles, { busy }) => ({ value: count(tiles.agents), note: `${count(busy)} with a task` }),
  },
  {
    id: 'handled',
    label: 'Handled',
    hint: 'Conversations in this window',
    face: (tiles, { windowName }) => ({ value: count(tiles.handled), note: windowName }),
  },
  {
    id: 'first',
    label: 'First response',
    hint: 'From acceptance to the first reply, median of conversations',
    face: tiles => median(tiles.firstResponse, 'no reply in this window'),
  },
  {
    id: 'response',
    label: 'Response',
    hint: 'How long customers wait for a reply, median of conversations',
    face: tiles => median(tiles.response, 'no reply in this window'),
  },
  {
    id: 'target',
    label: 'Answered in time',
    hint: 'Conversations whose first response came in time',
    face: ({ firstResponse, withinTarget }) =>
      inTarget(withinTarget, firstResponse ? 'no target is set' : 'no reply in this window'),
  },
  {
    id: 'accepted',
    label: 'Accepted in time',
    hint: 'Tasks that were accepted in time',
    face: ({ waitingWithinTarget }) => inTarget(waitingWithinTarget, 'no target, or no task'),
  },
  {
    id: 'sound',
    label: 'Call quality',
    hint: 'Mean opinion score, 1 to 5, median of calls',
    face: ({ mos }) =>
      mos
        ? { value: score(mos.median), of: mos.of, note: 'of 5', level: mosLevel(mos.median) }
        : { value: '–', blank: true, note: 'no call with a score' },
  },
];

/** @returns {function(?object, object)} shows the tiles */
export function makeTiles(list) {
  const parts = TILES.map(({ id, label, hint }) => {
    const tile = make('div', 'tile');
    tile.id = `tile-${id}`;
    tile.title = hint;
    const parts = {
      tile,
      value: make('span', 'value'),
      of: make('span', 'of'),
      note: make('dd', 'note'),
      word: make('dd', 'word'),
      bar: make('span', 'gauge'),
    };
    const name = make('dt', 'label');
    name.textContent = label;
    const big = make('dd', 'big');
    parts.bar.hidden = true;
    big.append(parts.value, parts.of, parts.bar);
    tile.append(name, big, parts.note, parts.word);
    list.append(tile);
    return parts;
  });
  return (tiles, floor) =>
    parts.forEach((part, index) =>
      show(part, tiles ? TILES[index].face(tiles, floor) : { value: '–', blank: true, note: 'no data yet' }));
}

function show({ tile, value, of, note, word, bar }, face) {
  setText(value, face.value);
  setText(of, face.of === undefined || face.of === null ? '' : `· ${count(face.of)}`);
  setText(note, face.note);
  setText(word, WORDS[face.level] ?? '');
  setLevel(tile, face.level);
  tile.classList.toggle('is-blank', Boolean(face.blank));
  bar.hidden = face.share === undefined;
  if (!bar.hidden) bar.style.setProperty('--share', face.share);
}

function make(name, className) {
  const element = document.createElement(name);
  element.className = className;
  return element;
}
