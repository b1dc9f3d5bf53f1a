/**
 * The service worker: lists and documents open without the server. A new one takes over at once: pages come from the server
 * first and files have hashes in their names, so an old worker, or an old file, is never in the way of a new page.
 *
 * The server writes what this build is made of (BUILD) before the script.
 */

import { KeptPages } from "../kept/pages";
import { Answers, type Build } from "./answers";
import { routeOf } from "./routes";

declare const BUILD: Build;

interface Lasting extends Event {
  waitUntil(done: Promise<unknown>): void;
}

interface Fetching extends Lasting {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", then: (event: Lasting) => void): void;
  addEventListener(kind: "fetch", then: (event: Fetching) => void): void;
  addEventListener(kind: "message", then: (event: Lasting & MessageEvent<string>) => void): void;
}

const worker = globalThis as unknown as Worker;
const answers = new Answers({
  caches,
  pages: new KeptPages(caches),
  build: BUILD,
  fetch: (...asked) => fetch(...asked),
});

worker.addEventListener("install", (event) => {
  event.waitUntil(answers.install().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => event.waitUntil(activate()));

worker.addEventListener("fetch", (event) => {
  const { request, preloadResponse } = event;
  const route = routeOf(request, location.origin);
  if (route === "page") event.respondWith(answers.page(request, (work) => event.waitUntil(work), preloadResponse));
  else if (route) event.respondWith(answers[route](request));
});

// A page that was loaded before there was a worker.
worker.addEventListener("message", (event) => {
  if (routeOf({ method: "GET", mode: "navigate", url: event.data }, location.origin) === "page")
    event.waitUntil(answers.fetchPage(event.data));
});

async function activate(): Promise<void> {
  // The browser asks the server for a page while the worker still wakes up.
  await worker.registration.navigationPreload?.enable();
  await answers.tidy();
  await worker.clients.claim();
}
