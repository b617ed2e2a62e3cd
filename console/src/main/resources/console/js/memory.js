/** What this browser remembers. A browser that keeps nothing forgets, and nothing else happens. */

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
    // it was only a convenience
  }
}
