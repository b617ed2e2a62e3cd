// A plain script, since modules run after the first paint.
(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem('flexmetry.theme');
    if (theme === 'dark' || theme === 'light') root.dataset.theme = theme;
  } catch {
    // storage is switched off: the system's theme it is
  }
  if (new URLSearchParams(location.search).get('view') === 'wall') root.classList.add('wall');
})();
