/**
 * Which addresses a link may have, as docs_app/content/links.py has it for the server: http, https, mailto and tel, or one
 * without a scheme. Characters that browsers skip inside a scheme do not help to hide another.
 */

const SAFE = new Set(["http", "https", "mailto", "tel"]);
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what a browser skips
const SKIPPED = /[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u2028-\u202f\ufeff]+/g;
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
const LOOKS_LIKE_A_HOST = /^[^\s/@:?#]+\.[a-z]{2,}([/:?#]|$)/i;
const LOOKS_LIKE_MAIL = /^[^\s/@:]+@[^\s/@:]+\.[a-z]{2,}$/i;

export function isSafeAddress(address: string): boolean {
  const bare = address.replace(SKIPPED, "");
  if (!bare || /[\r\n]/.test(address)) return false;
  const scheme = SCHEME.exec(bare)?.[1];
  if (scheme) return SAFE.has(scheme.toLowerCase());
  const colon = bare.indexOf(":");
  return colon < 0 || /[/?#]/.test(bare.slice(0, colon));
}

/** What somebody typed as an address, made whole; "" when it is none that a link may have. */
export function addressFrom(typed: string): string {
  const address = typed.trim();
  if (LOOKS_LIKE_MAIL.test(address)) return `mailto:${address}`;
  if (LOOKS_LIKE_A_HOST.test(address)) return `https://${address}`;
  return isSafeAddress(address) ? address : "";
}

const OWN_FILE = /^\/files\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether this is the address of an upload of this site: the only ones that images and files may have. */
export function isOwnFile(address: unknown): address is string {
  return typeof address === "string" && OWN_FILE.test(address);
}
