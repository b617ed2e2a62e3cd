/** Polls the series of one window and queue. */

/** With this interval 1,000 pages use two thirds of the console's rate limit; no bucket is shorter. */
const INTERVAL_MS = 15_000;

/**
 * @param {object} handlers
 * @param {function(object)} handlers.series called if the series has changed
 * @param {function(string)} handlers.failed called with the reason of a failure, which is retried
 * @returns {{show: function(string, string), again: function()}} requests another series, or the same at once
 */
export function startSource({ series, failed }) {
  let url = null;
  let tag = null;
  let asked = new AbortController();
  let timer;

  async function ask() {
    clearTimeout(timer);
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    let next = INTERVAL_MS;
    try {
      // the browser's own cache would hide the 304
      const response = await fetch(url, { signal, cache: 'no-store', headers: tag ? { 'If-None-Match': tag } : {} });
      if (response.ok) {
        const news = await response.json();
        if (signal.aborted) return;
        tag = response.headers.get('ETag');
        series(news);
      } else if (response.status !== 304) {
        next = Math.max(next, 1000 * Number(response.headers.get('Retry-After') ?? 0));
        failed(`the console answers ${response.status}`);
      }
    } catch (failure) {
      if (signal.aborted) return;
      failed(failure.message);
    }
    if (!signal.aborted) timer = setTimeout(turn, next);
  }

  /** A page in the background does not poll. */
  function turn() {
    if (document.visibilityState === 'visible') ask();
    else timer = setTimeout(turn, INTERVAL_MS);
  }

  return {
    show(window, queue) {
      const query = new URLSearchParams(queue ? { window, queue } : { window });
      url = `/api/series?${query}`;
      tag = null;
      ask();
    },
    again: ask,
  };
}
