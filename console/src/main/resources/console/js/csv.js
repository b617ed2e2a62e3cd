/** Tables as files. */

/** Values that spreadsheets interpret as formulas. */
const FORMULA = /^[=+\-@\t\r]/;

/** @param {Array<Array<?string|?number>>} lines the first line has the names of the columns */
export function csvOf(lines) {
  return lines.map(line => line.map(field).join(',')).join('\r\n') + '\r\n';
}

function field(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const harmless = FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Saves a file without a server. */
export function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // after this task the browser has started the download
  setTimeout(() => URL.revokeObjectURL(url));
}
