/** The readers and writers of other formats, which come in a file of their own when somebody begins to use the text. */

type Formats = typeof import("../lazy/formats");

let loading: Promise<Formats> | null = null;
let loaded: Formats | null = null;

/** Fails without a connection, and tries again when it is called again. */
export function load(): Promise<Formats> {
  loading ??= import("../lazy/formats").then(
    (formats) => {
      loaded = formats;
      return formats;
    },
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

export function preload(): false {
  load().catch(() => null); // whoever needs it will hear
  return false;
}

/** For what cannot wait; null when it has not come yet. */
export function ready(): Formats | null {
  return loaded;
}
