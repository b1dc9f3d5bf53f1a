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
