/** Tones of skin, and which of them is this person's. */

import { t } from "../../words";
import type { Emoji } from "./catalogue";

/** From light to dark. */
export const TONES = [t("light skin"), t("medium-light skin"), t("medium skin"), t("medium-dark skin"), t("dark skin")];
const TONE_KEY = "scriptorium/skin-tone";

/** 0 for none, else counted from the lightest; remembered in this browser. */
export function chosenTone(): number {
  const tone = Number(localStorage.getItem(TONE_KEY));
  return Number.isInteger(tone) && tone > 0 && tone <= TONES.length ? tone : 0;
}

export function chooseTone(tone: number): void {
  localStorage.setItem(TONE_KEY, String(tone));
}

export function inTone({ sign, tones }: Emoji, tone: number): string {
  return tones[tone - 1] ?? sign;
}
