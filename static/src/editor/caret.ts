/**
 * One person's caret and selection as they are drawn: what they say, what became of that, and for how long. Styles are set
 * by script (CSSOM), as the content security policy asks.
 */

import type { EditorState } from "@tiptap/pm/state";
import { Decoration } from "@tiptap/pm/view";
import { readsFromRight } from "../ui/reading";
import { positionOf } from "./positions";

/** Milliseconds since it has moved. */
const ACTIVE = 3_000;
const IDLE = 60_000;
const GONE = 300_000;

const UNKNOWN = "#555555";

export type Age = "active" | "calm" | "idle" | "gone";

/** An awareness state as the server passes it on; the `cursor` is another browser's word, and may be anything. */
export interface Told {
  readonly cursor?: { anchor?: unknown; head?: unknown } | null;
  readonly doing?: unknown;
  readonly user?: { name?: unknown; color?: unknown; principal?: unknown };
}

/** Whether it is in the first line, and at the screen's edge. */
export interface Room {
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export class Caret {
  readonly dom = document.createElement("span");
  readonly #label = document.createElement("span");
  readonly #client: number;
  principal = "";
  movedAt = 0;
  #colour = "";
  #cursor: NonNullable<Told["cursor"]> | null = null;
  #said = "";
  #age: Age | null = null;

  constructor(client: number) {
    this.#client = client;
    this.dom.className = "caret";
    this.#label.className = "caret-label";
    // Screen readers are told who is here by the list of people, not in the middle of the text.
    this.dom.setAttribute("aria-hidden", "true");
    this.dom.append(this.#label);
  }

  /** True when the caret has moved. One that was there before we came has been where it is for an unknown time. */
  hear({ cursor, user, doing }: Told, now: number): boolean {
    this.#name(user ?? {});
    const said = JSON.stringify(cursor ?? null);
    if (said === this.#said) return false;
    const isFirst = this.#said === "";
    this.#said = said;
    this.#cursor = cursor ?? null;
    this.movedAt = isFirst && doing !== "editing" ? now - (doing === "idle" ? IDLE : ACTIVE) : now;
    return true;
  }

  /** The page is touched only where something has changed: whoever moves has the same name as before. */
  #name({ name, color, principal }: NonNullable<Told["user"]>): void {
    const [label, colour] = [String(name ?? ""), String(color)];
    this.principal = String(principal ?? "");
    if (this.#label.textContent !== label) this.#label.textContent = label;
    if (colour === this.#colour) return;
    this.#colour = /^#[0-9a-f]{6}$/i.test(colour) ? colour : UNKNOWN;
    this.dom.style.setProperty("--caret", this.#colour);
    this.dom.style.setProperty("--caret-ink", inkOn(this.#colour));
  }

  /** Whether there is a place that it should be shown at. */
  get isSomewhere(): boolean {
    return this.#cursor !== null && this.#age !== "gone";
  }

  /** What is shown of it in `state`: nothing when the place, or the person, is gone. */
  drawn(state: EditorState): Decoration[] {
    const anchor = this.#cursor && positionOf(state, this.#cursor.anchor);
    const head = this.#cursor && positionOf(state, this.#cursor.head);
    if (anchor === null || head === null || this.#age === "gone") return [];
    const spec = { client: this.#client };
    const widget = Decoration.widget(head, this.dom, {
      ...spec,
      key: String(this.#client),
      side: 10,
      ignoreSelection: true,
    });
    const [from, to] = [Math.min(anchor, head), Math.max(anchor, head)];
    if (from === to) return [widget];
    const node = state.doc.nodeAt(from);
    const isNode = node && !node.isText && from + node.nodeSize === to;
    const attrs = { class: isNode ? "caret-node" : "caret-selection", style: `--caret: ${this.#colour}` };
    const selection = isNode
      ? Decoration.node(from, to, attrs, spec)
      : Decoration.inline(from, to, attrs, { ...spec, inclusiveEnd: true });
    return [selection, widget];
  }

  /** How old it is now; null when it is as before. Labels come and go with time alone. */
  grow(now: number): Age | null {
    const age = ageAfter(now - this.movedAt);
    if (age === this.#age) return null;
    this.#age = age;
    this.dom.classList.toggle("is-active", age === "active");
    this.dom.classList.toggle("is-idle", age === "idle");
    return age;
  }

  /** What there is around it for the label: `top` is where the text begins on the screen. */
  measure(top: number): Room {
    const box = this.dom.getBoundingClientRect();
    const { offsetWidth: width } = this.#label;
    const isLast = readsFromRight(this.dom) ? box.right - width < 4 : box.left + width > innerWidth - 4;
    return { isFirst: box.top - top < 20, isLast };
  }

  turn({ isFirst, isLast }: Room): void {
    this.dom.classList.toggle("is-below", isFirst);
    this.dom.classList.toggle("is-last", isLast);
  }

  /** Its label is shown for a while, as if it had moved. */
  point(now: number): void {
    this.movedAt = now;
    this.grow(now);
  }
}

function ageAfter(milliseconds: number): Age {
  if (milliseconds < ACTIVE) return "active";
  if (milliseconds < IDLE) return "calm";
  return milliseconds < GONE ? "idle" : "gone";
}

/** Black or white, whichever is easier to read on `colour`: of the two one always has a contrast of 4.5 and more. */
export function inkOn(colour: string): "#000000" | "#ffffff" {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => linear(Number.parseInt(colour.slice(at, at + 2), 16)));
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? "#000000" : "#ffffff";
}

function linear(channel: number): number {
  const part = channel / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
