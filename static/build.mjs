/**
 * Builds dist/: one script and one stylesheet for each kind of page, the same bytes on every run.
 * Names are fixed; the hash in the address is added by Django's manifest storage. `--dev` adds source maps.
 */
import { existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));
const isDev = process.argv.includes("--dev");
const entries = ["src/document.ts", "src/site.ts", "src/css/site.css", "src/css/editor.css"];

rmSync(`${root}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: entries.filter((entry) => existsSync(`${root}${entry}`)),
  outdir: "dist",
  entryNames: "[name]",
  bundle: true,
  format: "iife",
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  minify: !isDev,
  sourcemap: isDev ? "external" : false,
  charset: "utf8",
  legalComments: "none",
  logLevel: "info",
});
