/** Tables as files. */

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** @param {Array<Array<?string|?number>>} lines the names of the columns first */
export function csvOf(lines) {
  return lines.map(line => line.map(field).join(',')).join('\r\n') + '\r\n';
}

function field(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const harmless = FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Hands a file to the person, without any server. */
export function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // the browser has taken it once it comes back to the event loop
  setTimeout(() => URL.revokeObjectURL(url));
}
