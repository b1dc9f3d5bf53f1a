/** What is said by style rather than by element. Of that a text keeps its marks, and only on demand colours and sides. */

import type { Colour } from "../../editor/palette";
import { type Declared, declared, dropCss, isBold } from "./css";
import { create, unwrap, wrapInside } from "./dom";

const SIDES = ["center", "right", "justify"];

export function styles(body: HTMLElement, keepsLooks: boolean): void {
  for (const element of body.querySelectorAll<HTMLElement>("[data-css], [style], font[color]")) {
    const css = declared(element);
    dropCss(element);
    if (!element.isConnected || element.closest("pre")) continue;
    if (keepsLooks) look(element, css);
    mark(element, css);
    if (keepsLooks && SIDES.includes(css.get("text-align") ?? "")) {
      element.setAttribute("data-align", css.get("text-align") ?? "");
    }
  }
}

/** In headings and heads everything is bold, and a link looks underlined already. */
function mark(element: HTMLElement, css: Declared): void {
  const lines = `${css.get("text-decoration")} ${css.get("text-decoration-line")}`;
  const align = element.matches("td, th, tr") ? "" : css.get("vertical-align");
  const isLinked = element.closest("a[href]") !== null || element.querySelector("a[href]") !== null;
  if (isBold(css.get("font-weight")) && !element.closest(HEADS)) wrapAll(element, "strong");
  if (css.get("font-style") === "italic") wrapAll(element, "em");
  if (lines.includes("line-through")) wrapAll(element, "s");
  if (lines.includes("underline") && !isLinked) wrapAll(element, "u");
  if (align === "super") wrapAll(element, "sup");
  if (align === "sub") wrapAll(element, "sub");
  const isPlain = /^(?:normal|400)$/.test(css.get("font-weight") ?? "");
  if (isPlain && element.matches("b, strong")) unwrap(element);
}

const HEADS = "h1, h2, h3, h4, h5, h6, th";
const BLOCKS = "p, div, ul, ol, li, table, tr, td, th, blockquote, pre, h1, h2, h3, h4, h5, h6, hr, figure, details";

/** A mark goes around words: where there are blocks in the element, it goes into each of them. */
function wrapAll(element: HTMLElement, tag: "strong" | "em" | "s" | "u" | "sup" | "sub"): void {
  if (!element.querySelector(BLOCKS)) wrapInside(element, tag);
  else for (const block of element.querySelectorAll(BLOCKS)) if (!block.querySelector(BLOCKS)) wrapInside(block, tag);
}

function look(element: HTMLElement, css: Declared): void {
  if (element.closest("a[href]")) return;
  const ink = colourOf(css.get("color") ?? element.getAttribute("color") ?? "");
  const wash = colourOf(css.get("background-color") ?? css.get("background") ?? "");
  if (ink) colour(element, "span", ink);
  if (wash && !element.matches("td, th, tr")) colour(element, "mark", wash);
}

function colour(element: HTMLElement, tag: "span" | "mark", name: Colour): void {
  if (element.querySelector(BLOCKS)) return;
  const made = create(element, tag);
  made.dataset.color = name;
  made.append(...element.childNodes);
  element.append(made);
}

/** Where each colour of the palette ends on the wheel, in degrees. */
const HUES: readonly (readonly [upTo: number, name: Colour])[] = [
  [15, "red"],
  [45, "orange"],
  [68, "yellow"],
  [160, "green"],
  [195, "teal"],
  [255, "blue"],
  [330, "purple"],
  [360, "red"],
];

/** The nearest colour of the palette; null for black, white and what is no colour. `css` is lower-case. */
export function colourOf(css: string): Colour | null {
  const [red = 0, green = 0, blue = 0, alpha = 1] = numbersIn(css) ?? [];
  const [high, low] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  if (alpha === 0 || high < 60 || low > 235) return null;
  if (high - low < 30) return "gray";
  const hue = hueOf([red, green, blue], high, high - low);
  const name = HUES.find(([upTo]) => hue <= upTo)?.[1] ?? null;
  return name === "orange" && high < 170 ? "brown" : name;
}

function numbersIn(css: string): readonly number[] | null {
  const [rgb] = /(?<=^rgba?\()[^)]+/.exec(css) ?? [];
  return rgb ? rgb.split(/[\s,/]+/).map(Number) : (fromHex(css) ?? NAMED[css] ?? null);
}

function hueOf([red, green, blue]: readonly [number, number, number], high: number, span: number): number {
  if (high === red) return (60 * ((green - blue) / span) + 360) % 360;
  return high === green ? 60 * ((blue - red) / span) + 120 : 60 * ((red - green) / span) + 240;
}

function fromHex(css: string): number[] | null {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/.exec(css)?.[1];
  const pairs = digits?.length === 3 ? [...digits].map((digit) => digit + digit) : digits?.match(/../g);
  return pairs?.map((pair) => Number.parseInt(pair, 16)) ?? null;
}

const NAMED: Record<string, readonly [number, number, number]> = {
  red: [255, 0, 0],
  blue: [0, 0, 255],
  green: [0, 128, 0],
  yellow: [255, 255, 0],
  orange: [255, 165, 0],
  purple: [128, 0, 128],
  teal: [0, 128, 128],
  brown: [165, 42, 42],
  gray: [128, 128, 128],
  grey: [128, 128, 128],
};
