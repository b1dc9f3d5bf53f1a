/** Days as people write and read them, in the language of the page. A day is `2026-12-24`, whatever the time zone. */

import { t } from "../../words";
import { dayOf } from "../blocks/attributes";
import { plain } from "../matching";

export interface OfferedDay {
  readonly day: string;
  /** "Tomorrow", or the day of the week. */
  readonly label: string;
}

const MILLISECONDS = 86_400_000;

/** Plain "en" would put the month first. */
export function pageLanguage(): string {
  const language = typeof document === "undefined" ? "" : document.documentElement.lang;
  return !language || language === "en" ? "en-GB" : `${language}-u-nu-latn`;
}

/** "24 December 2026". */
export function dayInWords(day: string, language = pageLanguage()): string {
  return format(day, language, { day: "numeric", month: "long", year: "numeric" });
}

/** What letters may mean; for none of them today, tomorrow and next Monday. `now` is the reader's. */
export function daysFor(letters: string, now: Date, language = pageLanguage()): OfferedDay[] {
  const today = dayFrom(now.getFullYear(), now.getMonth() + 1, now.getDate()) ?? "";
  const typed = plain(letters.trim());
  const named = namedDays(today, language);
  if (!typed) return named.filter(({ day }, offset) => offset < 2 || weekday(day) === 1);
  const found = named.filter(({ label }) =>
    [label, t("next {day}", { day: label })].some((name) => plain(name).startsWith(typed)),
  );
  const day = written(typed, today, language);
  return day ? [...found, { day, label: capital(format(day, language, { weekday: "long" }), language) }] : found;
}

/** Today, tomorrow, and the seven days after them. */
function namedDays(today: string, language: string): OfferedDay[] {
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return Array.from({ length: 9 }, (_, offset) => {
    const day = new Date(Date.parse(today) + offset * MILLISECONDS).toISOString().slice(0, 10);
    const label = offset < 2 ? relative.format(offset, "day") : format(day, language, { weekday: "long" });
    return { day, label: capital(label, language) };
  });
}

/** The day that somebody has written: with its month as a number or a word, and perhaps its year. */
function written(typed: string, today: string, language: string): string | null {
  return dayOf(typed) ?? inNumbers(typed, today, language) ?? inWords(typed, today, language);
}

function inNumbers(typed: string, today: string, language: string): string | null {
  const [, one, sign, other, year] = /^(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d\d)?)?$/.exec(typed) ?? [];
  if (!one || !other) return null;
  const isMonthFirst = sign !== "." && monthIsFirst(language);
  return within(today, isMonthFirst ? other : one, Number(isMonthFirst ? one : other), year);
}

function inWords(typed: string, today: string, language: string): string | null {
  const [, before, word, after] = /^(?:(\d{1,2})[. ]+)?([\p{L}]{3,})\.?(?:[ ,]+(.+))?$/u.exec(typed) ?? [];
  const month = word ? monthCalled(word, language) : 0;
  const [day, ofYear] = before ? [before, after] : (after ?? "").split(/[ ,]+/);
  return month && /^\d{1,2}$/.test(day ?? "") && /^(\d{4})?$/.test(ofYear ?? "")
    ? within(today, day ?? "", month, ofYear)
    : null;
}

/** Without a year it is the next day of that date. */
function within(today: string, day: string, month: number, year = ""): string | null {
  if (year) return dayFrom(Number(year) + (year.length === 2 ? 2000 : 0), month, Number(day));
  const thisYear = Number(today.slice(0, 4));
  const years = [0, 1, 2, 3, 4].map((more) => dayFrom(thisYear + more, month, Number(day)));
  return years.find((found) => found !== null && found >= today) ?? null;
}

function monthCalled(word: string, language: string): number {
  const names = Array.from({ length: 12 }, (_, at) =>
    format(dayFrom(2026, at + 1, 1) ?? "", language, { month: "long" }),
  );
  return names.findIndex((name) => plain(name).startsWith(word)) + 1;
}

function monthIsFirst(language: string): boolean {
  const kinds = new Intl.DateTimeFormat(language).formatToParts().map(({ type }) => type);
  return kinds.indexOf("month") < kinds.indexOf("day");
}

function weekday(day: string): number {
  return new Date(day).getUTCDay();
}

function dayFrom(year: number, month: number, day: number): string | null {
  const [mm, dd] = [month, day].map((part) => String(part).padStart(2, "0"));
  return dayOf(`${String(year).padStart(4, "0")}-${mm}-${dd}`);
}

function format(day: string, language: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).format(Date.parse(day));
}

function capital(word: string, language: string): string {
  return word.charAt(0).toLocaleUpperCase(language) + word.slice(1);
}
