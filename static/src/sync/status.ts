/**
 * What the page says about saving, as a pure state machine: events in, facts out, and a sentence for a moment in time.
 * It says Saved only while everything this page ever made is on the server's disk.
 */

import { COMMENT_LEVEL } from "../levels";
import { t, tn } from "../words";

/** So long an unsaved change may go unmentioned. */
export const QUIET = 500;
/** So long everything must have been saved before we say so: else the word would flicker while somebody types. */
export const SETTLE = 300;
/** After so long without an answer from an open connection we say that something is wrong. */
export const ALARM = 10_000;

export interface Facts {
  readonly link: "connecting" | "open" | "waiting" | "ended";
  readonly isSynced: boolean;
  readonly retryAt: number;
  readonly unsaved: number;
  readonly isSettled: boolean;
  /** When the current state of being settled, or not, began. */
  readonly since: number;
  readonly level: number;
  readonly mayWrite: boolean;
  /** Why the server does not save, "" when it does. */
  readonly trouble: string;
  /** The last word, once the link has ended. */
  readonly farewell: string;
  /** Whether this device keeps our changes beyond this page. */
  readonly isKept: boolean;
  /** Why it does not, as a sentence; "" when it does or has not said yet. */
  readonly keepTrouble: string;
}

export type StatusEvent =
  | { readonly kind: "connecting" }
  | { readonly kind: "open" }
  | { readonly kind: "synced" }
  | { readonly kind: "waiting"; readonly retryAt: number }
  | { readonly kind: "ended"; readonly sentence: string }
  | { readonly kind: "rights"; readonly level: number; readonly mayWrite: boolean }
  | { readonly kind: "progress"; readonly unsaved: number; readonly isSettled: boolean }
  | { readonly kind: "trouble"; readonly reason: string }
  /** "" when changes are kept on this device, else why not. */
  | { readonly kind: "kept"; readonly trouble: string };

export type Action = "retry" | "copy" | "reload" | "";

export interface Indicator {
  readonly state:
    | "connecting"
    | "pending"
    | "saving"
    | "saved"
    | "offline"
    | "reconnecting"
    | "view-only"
    | "comment-only"
    | "not-saving"
    | "ended";
  readonly text: string;
  readonly action: Action;
  /** When it may read differently without a further event; infinite when never. */
  readonly until: number;
}

export function begin(level: number, mayWrite: boolean, now: number): Facts {
  return {
    link: "connecting",
    isSynced: false,
    retryAt: 0,
    unsaved: 0,
    isSettled: false,
    since: now,
    level,
    mayWrite,
    trouble: "",
    farewell: "",
    isKept: false,
    keepTrouble: "",
  };
}

export function next(facts: Facts, event: StatusEvent, now: number): Facts {
  if (facts.link === "ended" && event.kind !== "progress") return facts;
  switch (event.kind) {
    case "connecting":
      return { ...facts, link: "connecting" };
    case "open":
      // Whatever stood in the way, this connection has not met it yet.
      return { ...facts, link: "open", isSynced: false, trouble: "", since: now };
    case "synced":
      return { ...facts, isSynced: true };
    case "waiting":
      return { ...facts, link: "waiting", isSynced: false, retryAt: event.retryAt };
    case "ended":
      return { ...facts, link: "ended", farewell: event.sentence };
    case "rights":
      return { ...facts, level: event.level, mayWrite: event.mayWrite, trouble: "" };
    case "progress":
      return progress(facts, event.unsaved, event.isSettled, now);
    case "trouble":
      return { ...facts, trouble: event.reason };
    case "kept":
      return { ...facts, isKept: !event.trouble, keepTrouble: event.trouble };
  }
}

function progress(facts: Facts, unsaved: number, isSettled: boolean, now: number): Facts {
  // The clock of an alarm starts anew with every sign that saving goes on.
  const isMoving = isSettled !== facts.isSettled || unsaved < facts.unsaved;
  return { ...facts, unsaved, isSettled, since: isMoving ? now : facts.since };
}

/** Whether leaving the page now could lose something: the only reason to ask before. */
export function holdsUnsaved(facts: Facts): boolean {
  return facts.unsaved > 0;
}

export function indicator(facts: Facts, now: number): Indicator {
  if (facts.link === "ended") return ended(facts);
  if (facts.trouble) return plain("not-saving", t("Not saving: {reason}", { reason: facts.trouble }), "copy");
  if (facts.link === "waiting" || (facts.link === "connecting" && facts.retryAt > 0)) return away(facts, now);
  if (!facts.isSynced) return plain("connecting", t("Connecting…"));
  if (!facts.mayWrite && facts.unsaved === 0) {
    // Above that level only a document in the trash cannot be written in, and it takes no comments either.
    return facts.level === COMMENT_LEVEL
      ? plain("comment-only", t("Comments only"))
      : plain("view-only", t("View only"));
  }
  return facts.isSettled ? settled(facts, now) : unsettled(facts, now);
}

function settled(facts: Facts, now: number): Indicator {
  const from = facts.since + SETTLE;
  return now >= from ? plain("saved", t("Saved")) : { ...plain("pending", ""), until: from };
}

function unsettled(facts: Facts, now: number): Indicator {
  const age = now - facts.since;
  if (age < QUIET) return { ...plain("pending", ""), until: facts.since + QUIET };
  if (age < ALARM) return { ...plain("saving", t("Saving…")), until: facts.since + ALARM };
  return plain("not-saving", t("Not saving: the server does not answer"), "copy");
}

function away(facts: Facts, now: number): Indicator {
  if (facts.unsaved > 0) return plain("offline", whereKept(facts), "retry");
  const seconds = Math.ceil((facts.retryAt - now) / 1000);
  if (facts.link === "connecting" || seconds <= 0) return plain("reconnecting", t("Reconnecting…"));
  return {
    ...plain("reconnecting", t("Reconnecting in {seconds} s", { seconds }), "retry"),
    until: facts.retryAt - (seconds - 1) * 1000,
  };
}

function whereKept({ unsaved, isKept, keepTrouble }: Facts): string {
  if (isKept) return tn("Offline: {n} change kept on this device", "Offline: {n} changes kept on this device", unsaved);
  const inTab = tn(
    "Offline: {n} change only in this tab: keep it open",
    "Offline: {n} changes only in this tab: keep it open",
    unsaved,
  );
  return keepTrouble ? `${inTab}. ${keepTrouble}` : inTab;
}

/** States that come and go with typing, and are not worth interrupting a screen reader for. */
const QUIET_STATES: ReadonlySet<string> = new Set(["pending", "saving", "saved", "connecting"]);

/**
 * Whether a screen reader is told of a change of state: once of each that matters, not of every count and second in it,
 * and of the end of trouble. `told` is the last state it was told of, "" for none.
 */
export function isTold(state: Indicator["state"], told: string): boolean {
  if (state === "saved") return told !== "" && told !== "saved";
  return state !== told && !QUIET_STATES.has(state);
}

function ended(facts: Facts): Indicator {
  if (facts.unsaved > 0) return plain("not-saving", t("Not saving: {reason}", { reason: facts.farewell }), "copy");
  return plain("ended", facts.farewell, "reload");
}

function plain(state: Indicator["state"], text: string, action: Action = ""): Indicator {
  return { state, text, action, until: Number.POSITIVE_INFINITY };
}
