/** What attributes of blocks may hold. Anybody's client wrote them, so nothing is taken on trust. */

import { isOwnFile } from "../addresses";

export const SIDES = ["left", "center", "right"] as const;

export type Side = (typeof SIDES)[number];

export const CALLOUTS = ["note", "tip", "important", "warning", "caution"] as const;

export type Callout = (typeof CALLOUTS)[number];

/** Pixels of an image's width. */
export const NARROWEST = 24;
export const WIDEST = 4000;

export function sideOf(value: unknown): Side | null {
  return SIDES.find((side) => side === value) ?? null;
}

export function widthOf(value: unknown): number | null {
  const width = Number(value);
  return Number.isInteger(width) && width >= NARROWEST && width <= WIDEST ? width : null;
}

export function word(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** A principal: whose account is mentioned. */
export function personOf(value: unknown): string | null {
  return typeof value === "string" && /^user:[1-9][0-9]{0,18}$/.test(value) ? value : null;
}

/** A document's id. */
export function documentOf(value: unknown): string | null {
  return typeof value === "string" && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? value : null;
}

/** A day that there is, as `2026-12-24`. */
export function dayOf(value: unknown): string | null {
  if (typeof value !== "string" || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) || value < "0001") return null;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value) ? value : null;
}

/** What an `<img>` has that shows such an image. */
export function imageAttributes(attrs: Record<string, unknown>): Record<string, string> {
  const { src } = attrs;
  const [title, width] = [word(attrs.title), widthOf(attrs.width)];
  return {
    ...(isOwnFile(src) ? { src } : {}),
    alt: word(attrs.alt) ?? "",
    ...(title ? { title } : {}),
    ...(width ? { width: String(width) } : {}),
  };
}
