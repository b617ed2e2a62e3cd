/** The server-sent events, for as long as the page is open. */

const FIRST_RETRY = 1_000;
const LAST_RETRY = 30_000;

/**
 * @param {object} handlers
 * @param {function(object)} handlers.floor
 * @param {function(object)} handlers.patch
 * @param {function()} handlers.open
 * @param {function()} handlers.lost
 * @returns {function(string)} opens the stream of a window and closes the previous one
 */
export function startStream({ floor, patch, open, lost }) {
  let source = null;
  let url = null;
  let retry = FIRST_RETRY;
  let timer;

  function connect() {
    clearTimeout(timer);
    source?.close();
    const own = new EventSource(url);
    source = own;
    own.addEventListener('open', () => {
      retry = FIRST_RETRY;
      open();
    });
    own.addEventListener('floor', event => floor(JSON.parse(event.data)));
    own.addEventListener('patch', event => patch(JSON.parse(event.data)));
    own.addEventListener('error', () => {
      lost();
      // the browser itself reopens a lost connection, with the last id; after an error answer it gives up
      if (own !== source || own.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, retry);
      retry = Math.min(2 * retry, LAST_RETRY);
    });
  }

  addEventListener('offline', lost);
  addEventListener('online', () => url && connect());

  return name => {
    url = `/api/stream?window=${encodeURIComponent(name)}`;
    connect();
  };
}
