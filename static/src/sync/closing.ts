/**
 * What a WebSocket's close code asks of the page: come back, give up, or something in between.
 * Our own codes stand in collab/errors.py; 1009 is the server's "frame too big" from below the application.
 */

import { heard, t } from "../words";

export type Verdict =
  | { readonly kind: "retry"; readonly atLeast: number }
  | { readonly kind: "end"; readonly sentence: string; readonly isLost: boolean; readonly isGone: boolean }
  | { readonly kind: "outdated" }
  | { readonly kind: "renumber" };

const END: Readonly<Record<number, readonly [sentence: string, isLost: boolean]>> = {
  1009: [t("Your last change is larger than the server takes."), true],
  4400: [t("The server could not read what this page sent."), true],
  4401: [t("You are no longer signed in. Sign in again to go on."), false],
  4403: [t("Your access to this document has ended."), false],
  4404: [t("This document has been deleted."), false],
  4413: [t("Your last change is larger than the server takes."), true],
};

/** `reason` is the server's own sentence, "" for none; `isLost`: what is unsaved can never be taken as it is; `isGone`: the document
 * is not to be read by this person any more. */
export function verdict(code: number, reason: string): Verdict {
  if (code === 4426) return { kind: "outdated" };
  if (code === 4409) return { kind: "renumber" };
  const end = END[code];
  if (end) {
    const sentence = reason ? heard(reason, end[0]) : end[0];
    return { kind: "end", sentence, isLost: end[1], isGone: code === 4403 || code === 4404 };
  }
  return { kind: "retry", atLeast: code === 4429 ? 5000 : 0 };
}
