/**
 * Bundles every src/**\/*.test.ts (or those whose path contains a word given as argument) and runs them with Node's own
 * test runner: so the tests need neither a type-stripping Node nor a test framework.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));
const words = process.argv.slice(2);
const tests = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".test.ts") && (words.length === 0 || words.some((word) => path.includes(word))))
  .sort();
if (tests.length === 0) {
  console.error(`No test matches ${words.join(" ")}.`);
  process.exit(1);
}

const out = mkdtempSync(join(tmpdir(), "scriptorium-page-"));
try {
  await build({
    absWorkingDir: root,
    entryPoints: tests.map((path) => join("src", path)),
    outdir: out,
    outbase: "src",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    define: {
      "process.env.SCHEMA_FILE": JSON.stringify(join(root, "../docs_app/content/schema.json")),
      "process.env.WRITING_PAGE": JSON.stringify(join(root, "../docs/writing.md")),
    },
    logLevel: "warning",
  });
  const files = tests.map((path) => join(out, path.replace(/\.ts$/, ".mjs")));
  const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
