/** What we do here, told to the others: editing, viewing, or nothing for a while. */

import type { Editor } from "@tiptap/core";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import type { Awareness } from "y-protocols/awareness";
import type { Clock } from "../sync/clock";
import type { Doing } from "./roster";

/** Milliseconds after which somebody is no longer at it. */
export const LASTS = 60_000;

export class Activity {
  readonly #awareness: Awareness;
  readonly #clock: Clock;
  #seenAt: number;
  #editedAt = Number.NEGATIVE_INFINITY;
  #told: Doing = "idle";

  constructor(awareness: Awareness, clock: Clock) {
    this.#awareness = awareness;
    this.#clock = clock;
    this.#seenAt = clock.now();
    this.#tell();
  }

  /** Called for every move of the pointer: what is known already costs nothing. */
  seen(): void {
    this.#seenAt = this.#clock.now();
    if (this.#told === "idle") this.#tell();
  }

  edited(): void {
    this.#editedAt = this.#seenAt = this.#clock.now();
    if (this.#told !== "editing") this.#tell();
  }

  #tell(): void {
    const now = this.#clock.now();
    const isEditing = now - this.#editedAt < LASTS;
    const lasts = (isEditing ? this.#editedAt : this.#seenAt) + LASTS - now;
    const doing = isEditing ? "editing" : lasts > 0 ? "viewing" : "idle";
    if (doing !== this.#told) this.#awareness.setLocalStateField("doing", doing);
    // Of two alarms the earlier one finds that it is too early, and sets another.
    if (doing !== "idle") this.#clock.after(lasts, () => this.#told === doing && this.#tell());
    this.#told = doing;
  }
}

const SIGNS = ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"];

/** Whatever is done at this page counts, and what is changed in the text here counts as editing. */
export function tellActivity(editor: Editor, awareness: Awareness, clock: Clock): void {
  const activity = new Activity(awareness, clock);
  for (const sign of SIGNS) addEventListener(sign, () => activity.seen(), { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && activity.seen());
  onOwnEdit(editor, () => activity.edited());
}

/** Calls `run` after each change of the text that was made here, undo among them. */
export function onOwnEdit(editor: Editor, run: () => void): void {
  editor.on("update", ({ transaction }) => {
    const change = transaction.getMeta(ySyncPluginKey) as Partial<Record<string, boolean>> | undefined;
    if (!change?.isChangeOrigin || change.isUndoRedoOperation) run();
  });
}
