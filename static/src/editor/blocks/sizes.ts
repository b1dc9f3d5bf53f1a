/** Numbers of bytes as people say them, in powers of 1000; docs_app/content/render_html.py says them the same way. */

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

export function sizeInWords(size: number): string {
  const rank = Math.min(Math.floor((String(size).length - 1) / 3), UNITS.length - 1);
  const number = size / 1000 ** rank;
  return `${number.toFixed(rank > 0 && number < 10 ? 1 : 0)} ${UNITS[rank]}`;
}
