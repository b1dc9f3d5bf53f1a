/** What the server tells the page about itself, as JSON in #page-config. */

export interface PageConfig {
  readonly documentId: string;
  readonly principal: string;
  readonly name: string;
  readonly colour: string;
  readonly level: number;
  readonly mayWrite: boolean;
  readonly mayComment: boolean;
  readonly schema: number;
  readonly title: string;
  /** Bytes. */
  readonly largestUpload: number;
}

export function readConfig(): PageConfig {
  const source = document.getElementById("page-config")?.textContent;
  if (!source) throw new Error("The page has no #page-config.");
  return JSON.parse(source) as PageConfig;
}
