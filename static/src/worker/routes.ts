/**
 * What the service worker answers, and how: a few addresses of our own. Everything else (forms, the API, the admin site,
 * share links, signing in) goes to the server as if there were no worker.
 */

import { documentOf } from "../kept/pages";

/** Files whose names change with their content: Django's hash, or esbuild's. */
const HASHED = /^\/static\/(.+\.[0-9a-f]{12}|lazy\/.+-[A-Z0-9]{8})\.\w+$/;

/** `page` the list or a document, `static` a file for ever, `file` a picture or file in a document. */
export type Route = "page" | "static" | "file" | "";

export function routeOf({ method, mode, url }: Pick<Request, "method" | "mode" | "url">, origin: string): Route {
  const { pathname, origin: theirs } = new URL(url);
  if (method !== "GET" || theirs !== origin) return "";
  if (mode === "navigate") return pathname === "/" || documentOf(url) ? "page" : "";
  if (HASHED.test(pathname)) return "static";
  return pathname.startsWith("/files/") ? "file" : "";
}
