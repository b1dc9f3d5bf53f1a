/** highlight.js by way of lowlight, loaded when the first code block with a language is seen. */

import { common, createLowlight } from "lowlight";

export interface Token {
  /** highlight.js's name for it, such as "keyword". */
  readonly kind: string;
  /** UTF-16 units from the start of the code. */
  readonly from: number;
  readonly to: number;
}

interface Piece {
  readonly type: string;
  readonly value?: string;
  readonly properties?: { readonly className?: readonly string[] };
  readonly children?: readonly Piece[];
}

const lowlight = createLowlight(common);

/** What the parts of the code are, the inner ones after those around them; nothing for a language that is not known. */
export function tokens(code: string, language: string): Token[] {
  if (!lowlight.registered(language)) return [];
  const found: Token[] = [];
  let position = 0;
  const walk = (piece: Piece) => {
    const from = position;
    const kind = piece.properties?.className?.[0]?.replace(/^hljs-/, "");
    const at = found.length;
    position += piece.value?.length ?? 0;
    for (const child of piece.children ?? []) walk(child);
    if (kind && position > from) found.splice(at, 0, { kind, from, to: position });
  };
  walk(lowlight.highlight(language, code) as Piece);
  return found;
}
