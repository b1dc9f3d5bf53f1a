import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { rowsOfKeys } from "./help";

test("the page about writing lists the keys that there are, and no others", () => {
  const page = readFileSync(process.env.WRITING_PAGE as string, "utf8");
  const [, section = ""] = page.split("\n## Keys\n");
  const listed = section.split("\n").filter((line) => line.startsWith("| ") && !/^\| (---|Command)/.test(line));
  const wanted = rowsOfKeys().flatMap(([, rows]) => rows.map(([action, keys]) => `| ${action} | \`${keys}\` |`));
  assert.deepEqual(listed, wanted);
});
