/**
 * Builds dist/: one script and one stylesheet for each kind of page, the same bytes on every run. Their names are fixed;
 * the hash in the address is added by Django's manifest storage. `--dev` adds source maps.
 *
 * What the editor loads only when it is needed (src/lazy/) lies in dist/lazy/. The editor's script has the addresses of
 * these files in it, so the hash in their names is esbuild's, and they are served as they are. Each is whole in itself:
 * nothing that the first script needs comes in a second file.
 */
import { readFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));
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
await build({ ...common, entryPoints: ["src/site.ts", "src/css/site.css", "src/css/editor.css"], format: "iife" });
await build({
  ...common,
  entryPoints: ["src/document.ts"],
  format: "esm",
  define: {
    FORMULAS_CSS: JSON.stringify(lazy["formulas_look.css"]),
    SEARCH_JS: JSON.stringify(lazy["search.js"]),
  },
  plugins: [{ name: "lazy", setup: ({ onResolve }) => onResolve({ filter: /\/lazy\/\w+$/ }, leave) }],
});

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

/** An import() stays one, of the file that was built for it. */
function leave({ path, kind }) {
  if (kind !== "dynamic-import") throw new Error(`${path} must be imported when it is needed, by import().`);
  return { path: lazy[`${basename(path)}.js`], external: true };
}
