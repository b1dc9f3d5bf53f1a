import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";
import { inkOn } from "../editor/caret";
import { ManualClock } from "../testing/manual_clock";
import { Activity, LASTS } from "./activity";
import { Arrivals } from "./arrivals";
import { Roster } from "./roster";

const all: Awareness[] = [];
after(() => {
  for (const awareness of all) awareness.destroy();
});

function newAwareness(state: Record<string, unknown> = {}): Awareness {
  const awareness = new Awareness(new Y.Doc());
  awareness.setLocalState(state);
  all.push(awareness);
  return awareness;
}

// --- What we do ------------------------------------------------------------------------------------------------------

test("who comes is viewing, who writes is editing, and who does nothing for a minute is idle", () => {
  const [awareness, clock] = [newAwareness({ cursor: null }), new ManualClock()];
  const activity = new Activity(awareness, clock);
  const doing = () => awareness.getLocalState()?.doing;
  assert.equal(doing(), "viewing");
  clock.advance(LASTS - 1);
  activity.seen();
  clock.advance(LASTS - 1);
  assert.equal(doing(), "viewing");
  clock.advance(1);
  assert.equal(doing(), "idle");
  activity.edited();
  assert.equal(doing(), "editing");
  clock.advance(LASTS / 2);
  activity.seen();
  clock.advance(LASTS / 2);
  assert.equal(doing(), "viewing", "what was written is a minute old, what was seen is not");
  clock.advance(LASTS / 2);
  assert.equal(doing(), "idle");
  assert.equal(awareness.getLocalState()?.cursor, null);
});

test("moving the pointer a thousand times tells nobody anything new", () => {
  const [awareness, clock] = [newAwareness(), new ManualClock()];
  const activity = new Activity(awareness, clock);
  let told = 0;
  awareness.on("update", () => {
    told += 1;
  });
  for (let count = 0; count < 1000; count += 1) {
    activity.seen();
    activity.edited();
    clock.advance(20);
  }
  assert.equal(told, 1);
});

// --- What they do ----------------------------------------------------------------------------------------------------

function tab(ours: Awareness, state: Record<string, unknown> | null, before?: Awareness): Awareness {
  const theirs = before ?? newAwareness();
  theirs.setLocalState(state);
  applyAwarenessUpdate(ours, encodeAwarenessUpdate(theirs, [theirs.clientID]), "server");
  return theirs;
}

const ada = { principal: "user:1" };

test("two tabs of one person are one, and the busiest counts", () => {
  const ours = newAwareness({ doing: "viewing" });
  const told: string[][] = [];
  const roster = new Roster(ours, "user:9", (principals) => told.push([...principals]));
  const first = tab(ours, { user: ada, doing: "idle" });
  const second = tab(ours, { user: ada, doing: "editing" });
  assert.deepEqual([roster.doing("user:1"), roster.doing("user:9")], ["editing", "viewing"]);
  tab(ours, { user: ada, doing: "editing", cursor: { anchor: 1 } }, second);
  assert.equal(told.length, 2, "a caret that moves changes nothing");
  tab(ours, null, second);
  assert.equal(roster.doing("user:1"), "idle");
  tab(ours, { user: { principal: "user:2" }, doing: "viewing" }, first);
  assert.deepEqual(told.at(-1), ["user:1", "user:2"]);
});

test("what is no word of ours counts as viewing", () => {
  const ours = newAwareness();
  const roster = new Roster(ours, "user:9", () => {});
  for (const doing of ["dancing", 7, null, undefined]) {
    tab(ours, { user: ada, doing });
    assert.equal(roster.doing("user:1"), "viewing");
  }
});

// --- Who comes and goes ----------------------------------------------------------------------------------------------

test("who comes and goes is said once, together, and not who was there or is back", () => {
  const clock = new ManualClock();
  const said: string[] = [];
  const arrivals = new Arrivals(clock, (sentence) => said.push(sentence));
  const here = (...names: string[]) => arrivals.here(new Map(names.map((name) => [name, name])));
  here("Ada");
  clock.advance(10_000);
  assert.deepEqual(said, []);
  here("Ada", "Bo");
  here("Ada", "Bo", "Cy");
  clock.advance(10_000);
  here("Bo", "Cy");
  here("Ada", "Bo", "Cy");
  clock.advance(10_000);
  here("Cy", "Di", "Ed", "Flo", "Gus");
  clock.advance(10_000);
  here("Cy");
  arrivals.here(new Map([["Di", "Diana"]]));
  clock.advance(10_000);
  arrivals.here(new Map([["Di", "Dee"]]));
  here();
  clock.advance(10_000);
  assert.deepEqual(said, [
    "Bo and Cy have joined.",
    "4 people have joined. Ada and Bo have left.",
    "4 people have left.",
    "Dee has left.",
  ]);
});

// --- Their labels ----------------------------------------------------------------------------------------------------

test("letters on a colour have a contrast of at least 4.5, whatever the colour", () => {
  const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
      linear(Number.parseInt(colour.slice(at, at + 2), 16) / 255),
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  for (let step = 0; step < 4096; step += 1) {
    const colour = `#${[step >> 8, (step >> 4) & 15, step & 15].map((digit) => digit.toString(16).repeat(2)).join("")}`;
    const [dark, light] = [luminance(colour), luminance(inkOn(colour))].sort((a, b) => a - b) as [number, number];
    assert.ok((light + 0.05) / (dark + 0.05) >= 4.5, colour);
  }
});
