/** What other programs put on a clipboard, Markdown, and addresses in a text, read and written. Loaded when somebody begins to use it. */

export { find, tokenize } from "linkifyjs";
export { clean } from "../paste/formats/clean";
export { fromMarkdown } from "../paste/formats/markdown_in";
export { toMarkdown } from "../paste/formats/markdown_out";
