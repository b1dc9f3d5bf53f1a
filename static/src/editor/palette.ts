/** The colours that text and highlights may have, by name: what they look like is the stylesheet's (tokens.css). */

export const COLOURS = ["gray", "brown", "orange", "yellow", "green", "teal", "blue", "purple", "red"] as const;

export type Colour = (typeof COLOURS)[number];

export function isColour(value: unknown): value is Colour {
  return (COLOURS as readonly unknown[]).includes(value);
}
