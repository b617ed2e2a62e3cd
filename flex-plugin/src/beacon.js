/**
 * Sends which task is on screen. It sends facts only; the server interprets them. Nothing here delays Flex, and nothing
 * throws into Flex.
 */

const PREFIX = 'flexmetry.beacon.';
const HEARTBEAT = 15_000;
const MOST_AGE = 3_600_000;
const MOST_EVENTS = 200;
const FIRST_RETRY = 1_000;
const LAST_RETRY = 60_000;
/** The queue of a tab that has not saved it for this long is taken over. */
const ORPHANED = 120_000;

/**
 * Starts the beacon of this page.
 *
 * @param {object} options
 * @param {string} options.url of ingest's /beacon/focus
 * @param {function(): string} options.token returns the current Flex token
 * @param {function(): {reservationSid: ?string, taskSid: ?string}} options.selected returns what is on screen now
 * @param {number} [options.heartbeat] milliseconds; the server must have the same setting
 * @returns {{changed: function(), stop: function()}} to call after a selection and before a logout
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

  // the wall clock may be set back and the monotonic clock may stop while a computer sleeps: the larger age is right in
  // both cases
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
      // text/plain needs no CORS preflight, which is impossible while a page unloads
      headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
      body: body(tab, events),
      keepalive: true,
      credentials: 'omit',
    });
    // a refused batch would be refused again; all other errors may pass
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

  /** Sends what earlier pages could not. The server ignores duplicates. */
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

  function tell(kind) {
    push(kind);
    flush();
  }

  function changed() {
    const { reservationSid = null } = selected() || {};
    if (reservationSid === last) return;
    last = reservationSid;
    tell(reservationSid ? 'select' : 'deselect');
  }

  const beat = setInterval(guarded(() => {
    if (document.visibilityState === 'visible') tell('heartbeat');
    adopt().catch(warn);
  }), heartbeat);

  const onVisibility = guarded(() => tell(document.visibilityState === 'visible' ? 'visible' : 'hidden'));
  const onUnload = guarded(() => {
    push('unload');
    // kept until the next page has sent it again, because the result of sendBeacon is unknown
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
    // storage is full or disabled: events in memory are sent anyway
    warn(e);
  }
}

/** Errors must not reach Flex. */
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
