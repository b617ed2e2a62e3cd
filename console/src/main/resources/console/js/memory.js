/** Settings in the browser's storage. If storage is disabled, they are lost on reload. */

const PREFIX = 'flexmetry.';

export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // ignored: the setting is lost on reload
  }
}
