/**
 * Reports to the server which task is on screen. It sends facts only; the server interprets them. It never blocks Flex and never
 * throws into it.
 */

const PREFIX = 'flexmetry.beacon.';
const HEARTBEAT = 15_000;
const MOST_AGE = 3_600_000;
const MOST_EVENTS = 200;
const FIRST_RETRY = 1_000;
const LAST_RETRY = 60_000;
/** A tab counts as closed when it has not saved its queue for this long, in milliseconds. */
const ORPHANED = 120_000;

/**
 * Starts the beacon of this page.
 *
 * @param {object} options
 * @param {string} options.url URL of ingest's /beacon/focus
 * @param {function(): string} options.token returns the current Flex token
 * @param {function(): {reservationSid: ?string, taskSid: ?string}} options.selected what is on screen now
 * @param {number} [options.heartbeat] milliseconds; must equal the server's focus.heartbeat
 * @returns {{changed: function(), stop: function()}} call changed after a selection, stop before a logout
 */
export function startBeacon({ url, token, selected, heartbeat = HEARTBEAT }) {
  const tabId = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now();
  let queue = [];
  let sequence = 0;
  let sending = false;
  let retry = FIRST_RETRY;
  let timer;
  let last;

  const mono = () => performance.now();

  function push(kind) {
    const { reservationSid = null, taskSid = null } = selected() || {};
    const event = { seq: sequence++, kind, wall: Date.now(), mono: mono() };
    if (reservationSid && kind !== 'deselect') Object.assign(event, { reservationSid, taskSid: taskSid || undefined });
    queue = queue.concat(event).filter(e => event.wall - e.wall < MOST_AGE);
    save(tabId, queue);
  }

  // the monotonic clock may stop while the computer sleeps, the wall clock may be set back: the longer age is right
  const age = e => Math.max(Date.now() - e.wall, e.mono === undefined ? 0 : mono() - e.mono, 0);

  function body(tab, events) {
    const sentAt = Date.now();
    return JSON.stringify({
      token: token(),
      tabId: tab,
      sentAt,
      events: events.map(e => ({
        seq: e.seq,
        at: Math.round(sentAt - age(e)),
        kind: e.kind,
        reservationSid: e.reservationSid,
        taskSid: e.taskSid,
      })),
    });
  }

  async function post(tab, events) {
    const answer = await fetch(url, {
      method: 'POST',
      // text/plain needs no CORS preflight, which a page that unloads could not send
      headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
      body: body(tab, events),
      keepalive: true,
      credentials: 'omit',
    });
    // an invalid batch stays invalid; every other failure is retried
    if (answer.status === 400 || answer.status === 413) warn(new Error('Ingest refused ' + events.length + ' events'));
    else if (!answer.ok) throw new Error('Ingest answered ' + answer.status);
  }

  async function flush() {
    if (sending || !queue.length) return;
    sending = true;
    clearTimeout(timer);
    try {
      const batch = queue.slice(0, MOST_EVENTS);
      await post(tabId, batch);
      queue = queue.filter(e => e.seq > batch[batch.length - 1].seq);
      save(tabId, queue);
      retry = FIRST_RETRY;
      if (queue.length) timer = setTimeout(guarded(flush), 0);
    } catch (e) {
      warn(e);
      timer = setTimeout(guarded(flush), retry * (0.5 + Math.random() / 2));
      retry = Math.min(LAST_RETRY, retry * 2);
    } finally {
      sending = false;
    }
  }

  /** Sends what earlier pages could not send. The server ignores duplicates. */
  async function adopt() {
    for (const key of Object.keys(localStorage).filter(k => k.startsWith(PREFIX) && k !== PREFIX + tabId)) {
      const kept = JSON.parse(localStorage.getItem(key)) || {};
      const closed = kept.closed || Date.now() - kept.savedAt > ORPHANED;
      const events = (kept.events || []).filter(e => Date.now() - e.wall < MOST_AGE);
      if (!closed) continue;
      for (let i = 0; i < events.length; i += MOST_EVENTS) await post(key.slice(PREFIX.length), events.slice(i, i + MOST_EVENTS));
      localStorage.removeItem(key);
    }
  }

  function report(kind) {
    push(kind);
    flush();
  }

  function changed() {
    const { reservationSid = null } = selected() || {};
    if (reservationSid === last) return;
    last = reservationSid;
    report(reservationSid ? 'select' : 'deselect');
  }

  const beat = setInterval(guarded(() => {
    if (document.visibilityState === 'visible') report('heartbeat');
    adopt().catch(warn);
  }), heartbeat);

  const onVisibility = guarded(() => report(document.visibilityState === 'visible' ? 'visible' : 'hidden'));
  const onUnload = guarded(() => {
    push('unload');
    // sendBeacon has no answer, so the events are kept until the next page has sent them again
    save(tabId, queue.map(({ mono: dropped, ...e }) => e), true);
    navigator.sendBeacon(url, body(tabId, queue.slice(-MOST_EVENTS)));
  });
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('pagehide', onUnload);
  guarded(changed)();
  adopt().catch(warn);

  return {
    changed: guarded(changed),
    stop: guarded(() => {
      clearInterval(beat);
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('pagehide', onUnload);
      onUnload();
    }),
  };
}

function save(tabId, events, closed = false) {
  try {
    if (events.length) localStorage.setItem(PREFIX + tabId, JSON.stringify({ savedAt: Date.now(), closed, events }));
    else localStorage.removeItem(PREFIX + tabId);
  } catch (e) {
    // storage is full or forbidden: events in memory are still sent
    warn(e);
  }
}

/** A failure of the beacon must not fail Flex. */
function guarded(f) {
  return (...args) => {
    try {
      const result = f(...args);
      if (result && result.catch) result.catch(warn);
    } catch (e) {
      warn(e);
    }
  };
}

let warned = 0;

function warn(e) {
  if (warned++ < 5) console.warn('Flexmetry beacon:', e && e.message);
}
