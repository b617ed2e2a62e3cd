import { go, now, stop, synchronize } from './clock.js';
import { TABLES } from './columns.js';
import { save } from './csv.js';
import { setText } from './dom.js';
import { emptyFloor, LISTS, takeFloor, takePatch } from './floor-state.js';
import { running, timeOfDay } from './format.js';
import { rules, targetIs } from './levels.js';
import { recall, remember } from './memory.js';
import { startSeries } from './series.js';
import { startStream } from './stream.js';
import { Table } from './table.js';
import { startTheme } from './theme.js';
import { startTicker } from './ticker.js';
import { makeTiles } from './tiles.js';
import { startWall } from './wall.js';

/** The floor's page: events update the state at once, and the screen in the next frame. */

const WINDOWS = { '5m': 'last 5 minutes', '30m': 'last 30 minutes', today: 'today' };
const DEFAULT_WINDOW = 'today';
/** The time budget of a frame in ms; the browser needs the rest for layout and paint. */
const FRAME = 8;
/** Long enough for somebody who looks up only now and then. */
const GREETING = 10_000;
/** Screen readers speak more slowly than people type. */
const TYPING = 700;

const part = id => document.getElementById(id);

const state = emptyFloor();
const showTiles = makeTiles(part('tiles'));
const tables = Object.fromEntries(LISTS.map(name => [name, new Table(part(name), TABLES[name], schedule)]));
const series = startSeries(part('series'));
let chosen = firstWindow();
let scheduled = false;
let lostAt = null;
let greetUntil = 0;
let busy = 0;

const openStream = startStream({
  floor: floor => take(floor, takeFloor),
  patch: patch => take(patch, takePatch),
  open: connected,
  lost,
});

startTheme(part('theme'));
startWall(part('wall'));
startWindows();
startFilter();
for (const name of LISTS) startTable(name);
part('series').querySelector('.csv').addEventListener('click', () => save(fileName('series'), series.csv()));
showLegend();
showFace(now());
startTicker(showFace);
openStream(chosen);
series.show(chosen);

function take(news, into) {
  synchronize(news.at);
  const changes = into(state, news);
  for (const [name, keys] of Object.entries(changes)) tables[name].take(state.lists[name], keys);
  if (changes.queues) series.queues([...state.lists.queues.rows.values()].map(({ name }) => name));
  if (changes.agents) busy = [...state.lists.agents.rows.values()].filter(agent => agent.open?.length).length;
  if (targetIs(state.tiles?.withinTarget?.seconds)) {
    for (const table of Object.values(tables)) table.repaint();
    showLegend();
  }
  part('main').removeAttribute('aria-busy');
  schedule();
}

function schedule() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    const deadline = performance.now() + FRAME;
    let more = false;
    for (const table of Object.values(tables)) more = table.flush(deadline) || more;
    showFace(now());
    if (more) schedule();
  });
}

/** The part above the tables, which changes with events and with time. */
function showFace(at) {
  showTiles(state.tiles, {
    at,
    busy,
    windowName: WINDOWS[chosen],
    queues: [...state.lists.queues.rows.values()],
    replies: state.lists.replies.order.map(key => state.lists.replies.rows.get(key)),
  });
  showBanner(part('problem'), state.problem);
  showStatus(at);
}

function showStatus(at) {
  const status = part('status');
  const greets = Date.now() < greetUntil;
  const name = lostAt ? 'lost' : state.at ? 'live' : 'connecting';
  if (status.dataset.state !== name) status.dataset.state = name;
  setText(part('status-word'), { lost: 'Not connected', live: greets ? 'Reconnected' : 'Live', connecting: 'Connecting' }[name]);
  setText(part('status-time'), state.at ? timeOfDay(at) : '');
  document.documentElement.classList.toggle('is-stale', Boolean(lostAt && state.at));
  showBanner(part('stale'), !lostAt ? null : state.at
    ? `Connection lost: this is the floor of ${timeOfDay(at)}, ${running((Date.now() - lostAt) / 1000)} old. Reconnecting…`
    : 'No connection to the console. Reconnecting…');
}

function showBanner(banner, text) {
  setText(banner, text ?? '');
  banner.hidden = !text;
}

function connected() {
  if (!lostAt) return;
  lostAt = null;
  go();
  greetUntil = Date.now() + GREETING;
  say('Reconnected');
  series.again();
  schedule();
}

function lost() {
  if (lostAt) return;
  lostAt = Date.now();
  stop();
  say('Connection lost. The page shows the last known state.');
  schedule();
}

function firstWindow() {
  const known = [new URLSearchParams(location.search).get('window'), recall('window')];
  return known.find(name => name in WINDOWS) ?? DEFAULT_WINDOW;
}

function startWindows() {
  for (const input of part('window').querySelectorAll('input')) {
    input.checked = input.value === chosen;
    input.addEventListener('change', () => {
      chosen = input.value;
      remember('window', chosen);
      const url = new URL(location);
      url.searchParams.set('window', chosen);
      history.replaceState(null, '', url);
      part('main').setAttribute('aria-busy', 'true');
      openStream(chosen);
      series.show(chosen);
    });
  }
}

function startFilter() {
  let typing;
  part('filter').addEventListener('input', event => {
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const table of Object.values(tables)) table.filter(words);
    clearTimeout(typing);
    typing = setTimeout(() => {
      const { agents, queues } = tables;
      say(`${agents.counts.shown} of ${agents.counts.all} agents, ${queues.counts.shown} of ${queues.counts.all} queues`);
    }, TYPING);
  });
}

function startTable(name) {
  const table = tables[name];
  table.sort = recall(`sort.${name}`);
  part(name).addEventListener('sorted', ({ detail }) => remember(`sort.${name}`, detail));
  table.csvButton.addEventListener('click', () => save(fileName(name), table.csv()));
}

const fileName = name => `${name}-${new Date(now()).toISOString().slice(0, 19).replaceAll(':', '')}.csv`;

function showLegend() {
  const lines = rules().map(([level, text]) => {
    const line = document.createElement('span');
    const word = document.createElement('b');
    word.dataset.level = level;
    word.textContent = level;
    line.append(word, ` ${text}`);
    return line;
  });
  const statistics = document.createElement('span');
  statistics.textContent = '12.5 s · 98: median, and number of conversations';
  part('legend').replaceChildren(...lines, statistics);
}

/** For screen readers. */
function say(text) {
  part('said').textContent = text;
}
