/**
 * What every page of the site does about what this device keeps: whoever is here now finds nothing of somebody else's, a
 * sign-out is made complete, and there is a service worker for people with an account.
 *
 * The page says who is here (<meta name="person">, "" for nobody; none on a page that does not know) and where the worker
 * is (<meta name="worker">; none when the site does without).
 */

import { openDatabase } from "./database";
import { withKeptPages } from "./pages";
import { forgetPerson, type Kept, keptCopies, tidyFor } from "./shelf";

/** Who has agreed to leave nothing here. It is there until the server has let them go, also if this tab is closed. */
const LEAVING = "scriptorium/leaving";

/** The content of <meta name="…">, null when there is none. */
function said(name: string): string | null {
  return document.querySelector<HTMLMetaElement>(`meta[name=${name}]`)?.content ?? null;
}

/** Whether this page is one that the device has kept, as no server has answered; since when, in milliseconds. */
export function keptAt(): number {
  return Number(document.documentElement.dataset.kept ?? 0);
}

/** Who is here, and what of theirs (of anybody's, when it is nobody) the server does not have. Null: not known. */
export async function unsavedHere(): Promise<{ person: string; kept: Kept[] } | null> {
  const person = said("person");
  if (person === null) return null;
  const kept = await withDatabase((database) => keptCopies(database));
  const isTheirs = ({ copy, unsaved }: Kept) => unsaved > 0 && (person === "" || copy.principal === person);
  return { person, kept: (kept ?? []).filter(isTheirs) };
}

export function beginToLeave(): void {
  try {
    localStorage.setItem(LEAVING, said("person") ?? "");
  } catch {
    // Where this is refused, nothing else was kept either.
  }
}

/** Deletes what somebody has left unsaved. */
export async function forget(person: string): Promise<void> {
  await withDatabase((database) => forgetPerson(database, person));
}

/** Lets go what is not for whoever is here. */
export async function tidy(): Promise<void> {
  const person = said("person");
  if (person === null) return;
  await withKeptPages((pages) => pages.leave(person));
  await withDatabase(async (database) => {
    const leaving = localStorage.getItem(LEAVING);
    if (leaving && leaving !== person) await forgetPerson(database, leaving);
    await tidyFor(database, person);
    localStorage.removeItem(LEAVING);
  });
}

/** The worker for those who have an account; guests' browsers may be anybody's. */
export async function attendToWorker(): Promise<void> {
  const person = said("person");
  const address = said("worker");
  if (person === null || !navigator.serviceWorker) return; // without https there is none
  try {
    if (!address) await endWorkers();
    else if (person.startsWith("user:")) await startWorker(address);
  } catch {
    // This browser refuses it, or there is no connection just now: the site works without.
  }
}

async function startWorker(address: string): Promise<void> {
  const { serviceWorker } = navigator;
  await serviceWorker.register(address, { updateViaCache: "none" });
  const { active } = await serviceWorker.ready;
  if (!serviceWorker.controller) active?.postMessage(location.href);
}

async function endWorkers(): Promise<void> {
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  await withKeptPages((pages) => pages.clear());
}

/** Undefined in a browser that keeps nothing. */
async function withDatabase<T>(work: (database: IDBDatabase) => Promise<T>): Promise<T | undefined> {
  const database = await openDatabase();
  if (!database) return undefined;
  try {
    return await work(database);
  } finally {
    database.close();
  }
}
