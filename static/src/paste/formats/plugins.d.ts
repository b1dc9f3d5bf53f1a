/** Plugins of markdown-it that come without types. */

declare module "markdown-it-container" {
  import type MarkdownIt from "markdown-it";

  const plugin: MarkdownIt.PluginWithParams;
  export default plugin;
}

declare module "markdown-it-footnote" {
  import type MarkdownIt from "markdown-it";

  const plugin: MarkdownIt.PluginSimple;
  export default plugin;
}

declare module "markdown-it-mark" {
  import type MarkdownIt from "markdown-it";

  const plugin: MarkdownIt.PluginSimple;
  export default plugin;
}
