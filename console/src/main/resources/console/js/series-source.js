/** The server's series, asked for again and again: of one window and queue at a time. */

/** 1,000 pages then take two thirds of what the console answers in all, and no bucket is shorter. */
const RHYTHM = 15_000;

/**
 * @param {object} told
 * @param {function(object)} told.series it is another one than before
 * @param {function(string)} told.failed why it could not be read; it is tried again
 * @returns {{show: function(string, string), again: function()}} asks for another one, or for the same at once
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
    let next = RHYTHM;
    try {
      // the browser's own cache would hide that nothing has changed
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

  /** A page that nobody sees asks nothing. */
  function turn() {
    if (document.visibilityState === 'visible') ask();
    else timer = setTimeout(turn, RHYTHM);
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
