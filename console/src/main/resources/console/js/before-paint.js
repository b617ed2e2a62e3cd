// A classic script, because modules run after the first paint.
(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem('flexmetry.theme');
    if (theme === 'dark' || theme === 'light') root.dataset.theme = theme;
  } catch {
    // no storage: the theme of the system applies
  }
  if (new URLSearchParams(location.search).get('view') === 'wall') root.classList.add('wall');
})();
