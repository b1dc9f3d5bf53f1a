/**
 * Builds dist/: one script and one stylesheet for each kind of page, the same bytes on every run. Their names are fixed;
 * the hash in the address is added by Django's manifest storage. `--dev` adds source maps.
 *
 * What the editor loads only when it is needed (src/lazy/) lies in dist/lazy/. The editor's script has the addresses of
 * these files in it, so the hash in their names is esbuild's, and they are served as they are. Each is whole in itself:
 * nothing that the first script needs comes in a second file. A first script of more than HEAVIEST bytes, gzipped, fails.
 */
import { readFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));
const HEAVIEST = 216_000;
const isDev = process.argv.includes("--dev");
const common = {
  absWorkingDir: root,
  outdir: "dist",
  entryNames: "[name]",
  assetNames: "lazy/[name]-[hash]",
  bundle: true,
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  minify: !isDev,
  sourcemap: isDev ? "external" : false,
  charset: "utf8",
  legalComments: "none",
  logLevel: "info",
};

rmSync(`${root}dist`, { recursive: true, force: true });
const lazy = await buildLazy();
await build({
  ...common,
  entryPoints: [
    "src/first.ts",
    "src/site.ts",
    "src/worker/worker.ts",
    "src/css/site.css",
    "src/css/editor.css",
    "src/css/admin.css",
  ],
  format: "iife",
  plugins: [{ name: "dark", setup: ({ onLoad }) => onLoad({ filter: /\/tokens\.css$/ }, darkByChoice) }],
});
await build({
  ...common,
  entryPoints: ["src/document.ts"],
  format: "esm",
  // Packages of which the page uses little, and which the others cannot be had without.
  alias: {
    linkifyjs: "./src/instead/linkifyjs.ts",
    "@tiptap/pm/history": "./src/instead/history.ts",
    "lib0/logging": "./src/instead/logging.ts",
  },
  define: {
    FORMULAS_CSS: JSON.stringify(lazy["formulas_look.css"]),
    SEARCH_JS: JSON.stringify(lazy["search.js"]),
  },
  plugins: [
    { name: "lazy", setup: ({ onResolve }) => onResolve({ filter: /\/lazy\/\w+$/ }, leave) },
    {
      name: "lean",
      setup: ({ onLoad }) => onLoad({ filter: /@tiptap\/extension-[\w-]+\/dist\/.*\.js$/ }, withoutMarkdown),
    },
  ],
});
weigh();

/**
 * What must be there before the first key can be typed: with htmx, site.js and a translation less than 250 kB, which arrive
 * within a second on a slow line, and no more.
 */
function weigh() {
  const bytes = gzipSync(readFileSync(`${root}dist/document.js`), { level: 9 }).length;
  if (isDev || bytes <= HEAVIEST) return;
  console.error(
    `dist/document.js is ${bytes} bytes gzipped, and may be ${HEAVIEST}: load what is not needed at once later (src/lazy/).`,
  );
  process.exitCode = 1;
}

/** Builds what is loaded later; answers the address of each file, beside the editor's script, by its name without a hash. */
async function buildLazy() {
  const { metafile } = await build({
    ...common,
    entryPoints: {
      code: "src/lazy/code.ts",
      emoji_de: "src/lazy/emoji_de.ts",
      emoji_en: "src/lazy/emoji_en.ts",
      emoji_es: "src/lazy/emoji_es.ts",
      emoji_fr: "src/lazy/emoji_fr.ts",
      emoji_picker: "src/lazy/emoji_picker.ts",
      formats: "src/lazy/formats.ts",
      formulas: "src/lazy/formulas.ts",
      formulas_look: "katex/dist/katex.css",
      search: "src/lazy/search.ts",
    },
    entryNames: "lazy/[name]-[hash]",
    format: "esm",
    // Every browser that can run the editor reads woff2.
    loader: { ".woff2": "file", ".woff": "empty", ".ttf": "empty" },
    plugins: [{ name: "emoji", setup: ({ onLoad }) => onLoad({ filter: /emojibase-data.\w+.compact\.json$/ }, shown) }],
    metafile: true,
  });
  const names = Object.keys(metafile.outputs).map((path) => basename(path));
  return Object.fromEntries(names.map((name) => [name.replace(/-[A-Z0-9]{8}\./, "."), `./lazy/${name}`]));
}

/** Of the emoji only what the page shows and looks for. */
function shown({ path }) {
  const emoji = JSON.parse(readFileSync(path, "utf8"));
  const lean = emoji.map(({ unicode, label, group, tags, skins }) => ({
    unicode,
    label,
    group,
    tags,
    skins: skins?.map((skin) => ({ unicode: skin.unicode })),
  }));
  return { contents: JSON.stringify(lean), loader: "json" };
}

/**
 * Tiptap's extensions without how they read and write Markdown and what is pasted: the page has ways of its own for both
 * (src/paste). What is taken out are whole properties, by the indentation of the published files.
 */
function withoutMarkdown({ path }) {
  const property =
    /^(\s+)(?:markdown(?:TokenName|Tokenizer|Options)|parseMarkdown|renderMarkdown|addPasteRules)\b.*\n(?:\1\s.*\n)*(?:\1[\])}].*\n)?/gm;
  return { contents: readFileSync(path, "utf8").replace(property, ""), loader: "js" };
}

/** An import() stays one, of the file that was built for it. */
function leave({ path, kind }) {
  if (kind !== "dynamic-import") throw new Error(`${path} must be imported when it is needed, by import().`);
  return { path: lazy[`${basename(path)}.js`], external: true };
}

/** Dark by choice is dark by the system's wish under another condition: tokens.css says it once, and gets it twice here. */
function darkByChoice({ path }) {
  const contents = readFileSync(path, "utf8");
  const [whole, dark] =
    /@media screen and \(prefers-color-scheme: dark\) \{\n( {2}:root:not\(.*?)^\}/ms.exec(contents) ?? [];
  if (!whole) throw new Error(`${path} has lost its dark theme.`);
  const chosen = dark.replace(':root:not([data-theme="light"])', ':root[data-theme="dark"]');
  return { contents: contents.replace(whole, `${whole}\n@media screen {\n${chosen}}`), loader: "css" };
}
