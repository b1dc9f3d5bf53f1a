import assert from "node:assert/strict";
import { test } from "node:test";
import { Titles, UNTITLED } from "./titles";

const soon = () => new Promise((resolve) => setTimeout(resolve, 80));

test("titles are asked for together, and whoever shows one hears of another", async () => {
  const asked: string[][] = [];
  let told: Record<string, string> = { a: "Plan", b: "Minutes" };
  const titles = new Titles(async (ids) => {
    asked.push([...ids]);
    return told;
  });
  const heard: string[] = [];
  const end = titles.watch("a", () => heard.push(titles.of("a")));
  titles.watch("b", () => heard.push(titles.of("b")));
  titles.watch("c", () => heard.push(titles.of("c")));
  assert.equal(titles.of("a"), UNTITLED);
  await soon();
  assert.deepEqual(asked, [["a", "b", "c"]]);
  assert.deepEqual(heard, ["Plan", "Minutes", UNTITLED]);
  told = { a: "Plan", b: "Resolutions" };
  await titles.refresh();
  assert.deepEqual(heard.slice(3), ["Resolutions"]);
  end();
  told = {};
  await titles.refresh();
  assert.deepEqual(asked.at(-1), ["b", "c"]);
  assert.equal(titles.of("b"), UNTITLED, "a right that was taken takes the title away");
});

test("without a connection the titles stay", async () => {
  const titles = new Titles(() => Promise.reject(new Error("offline")));
  titles.learn("a", "Plan");
  titles.watch("a", () => assert.fail());
  await soon();
  assert.equal(titles.of("a"), "Plan");
});
