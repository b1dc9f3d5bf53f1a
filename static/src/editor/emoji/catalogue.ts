/** All emoji with their names in the language of the page, or else in English, which come in a file of their own. */

import { t } from "../../words";
import { pageLanguage } from "../mentions/days";
import { TONES } from "./tones";

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
}

const LANGUAGES: Record<string, () => Promise<Source>> = {
  de: () => import("../../lazy/emoji_de"),
  en: () => import("../../lazy/emoji_en"),
  es: () => import("../../lazy/emoji_es"),
  fr: () => import("../../lazy/emoji_fr"),
};
/** By the numbers that Unicode's data gives them; 2, of skin and hair by themselves, is not offered. */
const GROUPS: readonly { readonly number: number; readonly label: string }[] = [
  { number: 0, label: t("Smileys and emotions") },
  { number: 1, label: t("People and bodies") },
  { number: 3, label: t("Animals and nature") },
  { number: 4, label: t("Food and drink") },
  { number: 5, label: t("Travel and places") },
  { number: 6, label: t("Activities") },
  { number: 7, label: t("Objects") },
  { number: 8, label: t("Symbols") },
  { number: 9, label: t("Flags") },
];

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

function catalogued({ emoji }: Source): Catalogue {
  const isOffered = new Set(GROUPS.map(({ number }) => number));
  const shown = emoji.filter(({ group }) => group !== undefined && isOffered.has(group));
  return {
    emoji: shown.map(({ unicode, label, group = 0, tags = [], skins = [] }) => ({
      sign: unicode,
      label,
      words: tags.join(" "),
      group,
      // What shows two people has more than one skin for each tone; the first are those of one tone.
      tones: skins.length === TONES.length ? skins.map((skin) => skin.unicode) : [],
    })),
    groups: GROUPS,
    tones: TONES,
  };
}
