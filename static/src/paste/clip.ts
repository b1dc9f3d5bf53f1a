/** What a clipboard holds that matters here, and which way it goes into the text. Knows nothing of the editor. */

import { addressFrom } from "../editor/addresses";
import { looksLikeMarkdown } from "./markdown_signs";

export interface Clip {
  readonly html: string;
  readonly text: string;
  /** VS Code's name of the language, or null when it is not VS Code that this comes from. */
  readonly mode: string | null;
}

/**
 * How it goes in: as the characters that it is, as code, as a link or a card, as Markdown, or as HTML, which is either
 * matched to the document or keeps its colours too.
 */
export type Way = "plain" | "code" | "link" | "card" | "markdown" | "match" | "keep";

/** What else can be made of it, and what was. */
export const CHOICES: Record<Way, readonly Way[]> = {
  plain: [],
  code: ["code", "plain"],
  link: ["link", "card", "plain"],
  card: ["link", "card", "plain"],
  markdown: ["markdown", "plain"],
  match: ["keep", "match", "plain"],
  keep: ["keep", "match", "plain"],
};

/** Characters of HTML and text, without embedded pictures. */
const MOST = 5_000_000;
const MOST_WITH_PICTURES = 50_000_000;
const PICTURE = /data:image\/[\w.+-]+;base64,[\w+/=%\s]+/gi;
/** HTML that says more than that its lines are lines. */
const STRUCTURE = /<(?:h[1-6]|li|table|blockquote)\b|mso-list:/i;
const ADDRESS = /^(?:https?:\/\/|mailto:)[^\s<>"]+$/i;

export function readClip(data: DataTransfer): Clip {
  return { html: whole(data.getData("text/html")), text: whole(data.getData("text/plain")), mode: modeIn(data) };
}

/** Without what no document may hold: halves of surrogate pairs and U+0000. */
function whole(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd").replaceAll("\0", "");
}

function modeIn(data: DataTransfer): string | null {
  const source = data.getData("vscode-editor-data");
  if (!source) return null;
  try {
    const { mode } = JSON.parse(source) as { mode?: unknown };
    return typeof mode === "string" ? mode : null;
  } catch {
    return null; // anybody can write it
  }
}

export function isTooLong({ html, text }: Clip): boolean {
  const total = html.length + text.length;
  if (total <= MOST) return false;
  return total > MOST_WITH_PICTURES || html.replace(PICTURE, "").length + text.length > MOST;
}

/** The first of these that fits. What VS Code calls Markdown, or no language at all, is read as any text is. */
export function wayOf(clip: Clip, isInCode: boolean): Way {
  const isFromCode = clip.mode !== null;
  if (isInCode) return "plain";
  if (isFromCode && clip.mode !== "markdown" && clip.mode !== "plaintext") return "code";
  if (/<[^<>]*\sdata-pm-slice=/.test(clip.html)) return "match";
  if (addressIn(clip)) return "link";
  if (!clip.html || isFromCode) return "markdown";
  return !STRUCTURE.test(clip.html) && looksLikeMarkdown(clip.text) ? "markdown" : "match";
}

/** The one address that is all of the text, or "". */
export function addressIn({ text }: Clip): string {
  const bare = text.trim();
  return ADDRESS.test(bare) ? addressFrom(bare) : "";
}

/** highlight.js's names, where VS Code has another. */
const LANGUAGES: Record<string, string> = {
  html: "xml",
  javascriptreact: "javascript",
  jsonc: "json",
  "objective-c": "objectivec",
  shellscript: "bash",
  typescriptreact: "typescript",
  vb: "vbnet",
};

export function languageOf(mode: string): string | null {
  const name = LANGUAGES[mode] ?? mode;
  return /^[^\s`]{1,64}$/.test(name) ? name : null;
}
