/** Addresses of documents of this site, which become mentions: their titles are shown to who may know them. */

const PATH = /^\/d\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/;

/** The id of the document that is there; null for any other address, and for a place within a document. */
export function documentAt(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.origin !== location.origin || url.hash || url.search) return null;
  return PATH.exec(url.pathname)?.[1] ?? null;
}
