/** <time datetime data-time="relative|day|clock"> in the reader's own zone; the server writes its own. */

import { locale } from "../words";

const STEPS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

export function localTime(at: Date, style: string, now: Date): string {
  if (style === "clock") return at.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  if (style === "day") return at.toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long" });
  return relative((at.getTime() - now.getTime()) / 1000);
}

function relative(seconds: number): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  for (const [unit, span] of STEPS) {
    if (Math.abs(seconds) >= span) return words.format(Math.trunc(seconds / span), unit);
  }
  return words.format(0, "second");
}

/** What a browser needs to know of a language's times it loads with the first: 30 ms, for which no page has to wait. */
function whenIdle(run: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(run, { timeout: 1000 });
  else setTimeout(run);
}

/** Writes all times of the page, soon, and from then on after every fragment, and every minute. */
export function keepLocalTime(): void {
  const write = () => {
    const now = new Date();
    for (const element of document.querySelectorAll<HTMLTimeElement>("time[datetime][data-time]")) {
      const at = new Date(element.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      const text = localTime(at, element.dataset.time ?? "relative", now);
      if (element.textContent !== text) element.textContent = text;
      element.title ||= at.toLocaleString(locale);
    }
  };
  whenIdle(() => {
    write();
    document.addEventListener("htmx:wsAfterMessage", write);
    document.addEventListener("htmx:afterSettle", write);
    setInterval(write, 60_000);
  });
}
