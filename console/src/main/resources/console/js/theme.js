import { recall, remember } from './memory.js';

const THEMES = ['auto', 'dark', 'light'];

/** The button that switches themes; "auto" is the theme of the system. */
export function startTheme(button) {
  let theme = THEMES.includes(recall('theme')) ? recall('theme') : 'auto';
  const show = () => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    remember('theme', theme === 'auto' ? null : theme);
    show();
  });
  show();
}
