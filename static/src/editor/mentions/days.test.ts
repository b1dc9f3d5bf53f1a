import assert from "node:assert/strict";
import { test } from "node:test";
import { dayInWords, daysFor } from "./days";

/** A Wednesday, late in the evening. */
const NOW = new Date(2026, 10, 25, 23, 30);
const days = (letters: string, language = "en-GB") => daysFor(letters, NOW, language);
const only = (letters: string, language?: string) => days(letters, language).map(({ day }) => day);

test("without letters today, tomorrow and next Monday are offered, in the page's language", () => {
  assert.deepEqual(days(""), [
    { day: "2026-11-25", label: "Today" },
    { day: "2026-11-26", label: "Tomorrow" },
    { day: "2026-11-30", label: "Monday" },
  ]);
  assert.deepEqual(
    ["de", "fr", "es"].map((language) => days("", language).map(({ label }) => label)),
    [
      ["Heute", "Morgen", "Montag"],
      ["Aujourd’hui", "Demain", "Lundi"],
      ["Hoy", "Mañana", "Lunes"],
    ],
  );
  assert.equal(days("", "ar").length, 3);
});

test("a day has a name for a week", () => {
  assert.deepEqual(only("tom"), ["2026-11-26"]);
  assert.deepEqual(only("mon"), ["2026-11-30"]);
  assert.deepEqual(only("next mon"), ["2026-11-30"]);
  assert.deepEqual(only("wed"), ["2026-12-02"]);
  assert.deepEqual(only("manana", "es"), ["2026-11-26"]);
  assert.deepEqual(only("ada"), []);
});

test("a date is read as it is written here", () => {
  for (const typed of [
    "24.12.",
    "24.12",
    "24.12.2026",
    "24.12.26",
    "24/12",
    "2026-12-24",
    "24 dec",
    "24 December 2026",
  ])
    assert.deepEqual(days(typed), [{ day: "2026-12-24", label: "Thursday" }], typed);
  assert.deepEqual(only("December 24, 2027"), ["2027-12-24"]);
  assert.deepEqual(only("12/24", "en-US"), ["2026-12-24"]);
  assert.deepEqual(only("24. dezember", "de"), ["2026-12-24"]);
  assert.deepEqual(only("1 mär", "de"), ["2027-03-01"]);
});

test("without a year it is the next of its kind, and what is no day is none", () => {
  assert.deepEqual(only("25.11."), ["2026-11-25"]);
  assert.deepEqual(only("24.11."), ["2027-11-24"]);
  assert.deepEqual(only("29.2."), ["2028-02-29"]);
  for (const typed of ["31.2.", "2026-02-30", "32 dec", "24 nonsense", "1.2.3.4", "99/99", "24", "24 dec 20"])
    assert.deepEqual(only(typed), [], typed);
});

test("a day is written in the reader's language, whatever the time zone", () => {
  assert.equal(dayInWords("2026-12-24", "en-GB"), "24 December 2026");
  assert.equal(dayInWords("2026-12-24", "de"), "24. Dezember 2026");
});
