import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ALARM,
  begin,
  type Facts,
  holdsUnsaved,
  type Indicator,
  indicator,
  isTold,
  next,
  QUIET,
  SETTLE,
  type StatusEvent,
} from "./status";

const T = 1_000_000;

function after(...events: StatusEvent[]): Facts {
  return events.reduce((facts, event) => next(facts, event, T), begin(40, true, T));
}

const progress = (unsaved: number, isSettled = unsaved === 0): StatusEvent => ({
  kind: "progress",
  unsaved,
  isSettled,
});
const ready: StatusEvent[] = [{ kind: "open" }, { kind: "synced" }, progress(0)];
const says = (facts: Facts, later = 0) => indicator(facts, T + later).text;

test("it connects, syncs, and says Saved once all is settled", () => {
  assert.equal(says(after()), "Connecting…");
  assert.equal(says(after({ kind: "open" })), "Connecting…");
  assert.equal(indicator(after(...ready), T).state, "pending");
  assert.equal(says(after(...ready), SETTLE), "Saved");
});

test("an unsaved change is never called Saved, and called Saving only when it takes time", () => {
  const facts = after(...ready, progress(1));
  assert.deepEqual([says(facts), says(facts, QUIET - 1), says(facts, QUIET)], ["", "", "Saving…"]);
  assert.equal(indicator(facts, T).until, T + QUIET);
  assert.equal(says(facts, ALARM), "Not saving: the server does not answer");
  assert.equal(indicator(facts, T + ALARM).action, "copy");
});

test("settled is the provider's word: zero known changes alone do not make it Saved", () => {
  assert.equal(says(after({ kind: "open" }, { kind: "synced" }, progress(0, false)), QUIET), "Saving…");
});

test("while frames are counted the alarm keeps quiet", () => {
  let facts = after(...ready, progress(3));
  facts = next(facts, progress(2), T + ALARM - 1);
  assert.equal(says(facts, ALARM), "");
});

test("without a connection it counts what is kept, or says when it will try again", () => {
  const waiting: StatusEvent = { kind: "waiting", retryAt: T + 4200 };
  assert.equal(says(after(...ready, waiting)), "Reconnecting in 5 s");
  assert.equal(indicator(after(...ready, waiting), T).until, T + 200);
  assert.equal(indicator(after(...ready, waiting), T).action, "retry");
  assert.equal(says(after(...ready, waiting), 4200), "Reconnecting…");
  assert.equal(says(after(...ready, waiting, { kind: "connecting" })), "Reconnecting…");
  assert.equal(
    says(after(...ready, { kind: "kept", trouble: "" }, waiting, progress(12, false))),
    "Offline: 12 changes kept on this device",
  );
  assert.equal(says(after(...ready, waiting, progress(1, false))), "Offline: 1 change only in this tab: keep it open");
  assert.equal(
    says(
      after(...ready, { kind: "kept", trouble: "There is no room left on this device." }, waiting, progress(2, false)),
    ),
    "Offline: 2 changes only in this tab: keep it open. There is no room left on this device.",
  );
});

test("a new connection is not called saved before its own sync", () => {
  const facts = after(...ready, { kind: "waiting", retryAt: T }, { kind: "connecting" }, { kind: "open" });
  assert.equal(says(facts, 10_000), "Connecting…");
});

test("readers and commenters are told what they may do", () => {
  assert.equal(says(after(...ready, { kind: "rights", level: 10, mayWrite: false }), SETTLE), "View only");
  assert.equal(says(after(...ready, { kind: "rights", level: 20, mayWrite: false }), SETTLE), "Comments only");
  assert.equal(says(after(...ready, { kind: "rights", level: 40, mayWrite: false }), SETTLE), "View only");
});

test("trouble stands until the server takes it back or a new connection begins", () => {
  const trouble = after(...ready, { kind: "trouble", reason: "the disk is full." });
  assert.deepEqual(indicator(trouble, T).state, "not-saving");
  assert.equal(says(trouble), "Not saving: the disk is full.");
  assert.equal(says(next(trouble, { kind: "trouble", reason: "" }, T), SETTLE), "Saved");
  assert.equal(says(next(trouble, { kind: "open" }, T)), "Connecting…");
});

test("the end is final, and offers the text when some of it is unsaved", () => {
  const end: StatusEvent = { kind: "ended", sentence: "Your access to this document has ended." };
  const clean = after(...ready, end, { kind: "open" });
  assert.deepEqual([says(clean), indicator(clean, T).action], ["Your access to this document has ended.", "reload"]);
  const dirty = after(...ready, progress(2, false), end);
  assert.equal(says(dirty), "Not saving: Your access to this document has ended.");
  assert.equal(indicator(dirty, T).action, "copy");
});

test("a screen reader is told of trouble once, and of its end, but not of typing, counts and seconds", () => {
  const states = "connecting saved saving saved offline offline reconnecting saved saving saved not-saving saved";
  let told = "";
  const heard: string[] = [];
  for (const state of states.split(" ") as Indicator["state"][]) {
    if (!isTold(state, told)) continue;
    heard.push(state);
    told = state;
  }
  assert.deepEqual(heard, ["offline", "reconnecting", "saved", "not-saving", "saved"]);
});

test("only unsaved changes hold somebody back from leaving", () => {
  assert.equal(holdsUnsaved(after(...ready)), false);
  assert.equal(holdsUnsaved(after(...ready, progress(1))), true);
  assert.equal(holdsUnsaved(after()), false);
});
