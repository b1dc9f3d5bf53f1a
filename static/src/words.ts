/**
 * What the page says, in the language of the page. English stands in the sources; another language comes as one script
 * (project/languages) that runs before this one and leaves its catalogue in `globalThis.catalogue`.
 */

interface Catalogue {
  /** Which form of a word goes with a number. */
  plural(n: number): number;
  /** By the English sentence, behind its context and U+0004 where it has one. */
  readonly words: Readonly<Record<string, string | readonly string[]>>;
}

declare global {
  var catalogue: Catalogue | undefined;
}

type Values = Readonly<Record<string, string | number>>;

const spoken = globalThis.catalogue;

/** A sentence, with `{name}` replaced by the value of that name. */
export function t(sentence: string, values: Values = {}): string {
  return fill(form(sentence, 0) ?? sentence, values);
}

/** A sentence with a number in it: `{n}`. */
export function tn(one: string, many: string, n: number, values: Values = {}): string {
  const sentence = spoken ? form(one, spoken.plural(n)) : undefined;
  return fill(sentence ?? (n === 1 ? one : many), { n: number(n), ...values });
}

/** A word that is another word in other places: `context` tells translators which, and is never shown. */
export function tp(context: string, sentence: string, values: Values = {}): string {
  return fill(form(`${context}\u0004${sentence}`, 0) ?? sentence, values);
}

/** A sentence of the engine's, which speaks English; or what to say instead where that has no translation. */
export function heard(sentence: string, instead = sentence): string {
  return (spoken ? form(sentence, 0) : sentence) ?? instead;
}

function form(key: string, index: number): string | undefined {
  const found = spoken?.words[key];
  return typeof found === "string" ? found : found?.[index];
}

function fill(sentence: string, values: Values): string {
  return sentence.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
}

/**
 * The language for times and numbers: the page's, in the way of the reader's own region if they read that language. Digits
 * are those of the text around them, which the server writes.
 */
export const locale = ((): string => {
  const page = globalThis.document?.documentElement.lang || "en";
  const own = globalThis.navigator?.languages?.find((each) => each.split("-")[0] === page) ?? page;
  return `${own}-u-nu-latn`;
})();

export function number(n: number): string {
  return n.toLocaleString(locale);
}

/** "Ada, Bo and Cy". */
export function listed(names: readonly string[]): string {
  return new Intl.ListFormat(locale).format(names);
}
