/** Addresses of documents of this site, which are shown by their titles. */

const PATH = /^\/d\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/?$/;
/** Milliseconds after which the address has to do. */
const PATIENCE = 1500;

export function isOwnDocument(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url?.origin === location.origin && PATH.test(url.pathname);
}

/** Null for what this person may not read, or not in time. */
export async function titleOf(address: string): Promise<string | null> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok || answer.redirected) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("#document-title h1")?.textContent?.trim() || null;
  } catch {
    return null;
  }
}
