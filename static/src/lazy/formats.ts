/** What other programs put on a clipboard, and Markdown, read and written. Loaded when somebody begins to use the text. */

export { clean } from "../paste/formats/clean";
export { fromMarkdown } from "../paste/formats/markdown_in";
export { toMarkdown } from "../paste/formats/markdown_out";
