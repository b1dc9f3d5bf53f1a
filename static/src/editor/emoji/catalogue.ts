/** All emoji with their names in the language of the page, or else in English. They come in a file of their own. */

import { pageLanguage } from "../mentions/days";

export interface Emoji {
  readonly sign: string;
  readonly label: string;
  /** Other words for it. */
  readonly words: string;
  readonly group: number;
  /** The sign in each tone of skin, from light to dark; none where it has no skin. */
  readonly tones: readonly string[];
}

export interface Catalogue {
  readonly emoji: readonly Emoji[];
  readonly groups: readonly { readonly number: number; readonly label: string }[];
  /** The names of the tones, from light to dark. */
  readonly tones: readonly string[];
}

interface Source {
  readonly emoji: readonly {
    readonly unicode: string;
    readonly label: string;
    readonly group?: number;
    readonly tags?: readonly string[];
    readonly skins?: readonly { readonly unicode: string }[];
  }[];
  readonly messages: {
    readonly groups: readonly { readonly key: string; readonly message: string; readonly order: number }[];
    readonly skinTones: readonly { readonly key: string; readonly message: string }[];
  };
}

const LANGUAGES: Record<string, () => Promise<Source>> = {
  de: () => import("../../lazy/emoji_de"),
  en: () => import("../../lazy/emoji_en"),
  es: () => import("../../lazy/emoji_es"),
  fr: () => import("../../lazy/emoji_fr"),
};
const TONES = ["light", "medium-light", "medium", "medium-dark", "dark"];
/** Tones of skin and hair by themselves. */
const COMPONENTS = 2;

let loading: Promise<Catalogue> | null = null;

/** Fails without a connection, and tries again when it is called again. */
export function loadEmoji(): Promise<Catalogue> {
  const load = LANGUAGES[pageLanguage().slice(0, 2)] ?? (LANGUAGES.en as () => Promise<Source>);
  loading ??= load().then(catalogued, (error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

export function catalogued({ emoji, messages }: Source): Catalogue {
  const shown = emoji.filter(({ group }) => group !== undefined && group !== COMPONENTS);
  const groups = messages.groups.filter(({ order }) => order !== COMPONENTS);
  return {
    emoji: shown.map(({ unicode, label, group = 0, tags = [], skins = [] }) => ({
      sign: unicode,
      label,
      words: tags.join(" "),
      group,
      // What shows two people has more than one skin for each tone; the first are those of one tone.
      tones: skins.length === TONES.length ? skins.map((skin) => skin.unicode) : [],
    })),
    groups: groups.map(({ order, message }) => ({ number: order, label: capital(message) })),
    tones: TONES.map((tone) => messages.skinTones.find(({ key }) => key === tone)?.message ?? tone),
  };
}

function capital(words: string): string {
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

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
