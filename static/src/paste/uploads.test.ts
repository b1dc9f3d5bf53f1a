import assert from "node:assert/strict";
import { test } from "node:test";
import { uploadAll } from "./uploads";

test("pictures in HTML become files, and those that are refused or are none become nothing", async () => {
  const seen: [string, string, string][] = [];
  const upload = async (file: File) => {
    seen.push([file.name, file.type, await file.text()]);
    if (file.type === "image/svg+xml") throw new Error("refused");
    return { src: "/files/1", width: 1, height: 1 };
  };
  const pictures = [
    "data:image/png;base64,aGVs\nbG8=",
    "data:image/svg+xml;base64,PHN2Zz4=",
    "data:image/png;base64,!",
  ];
  assert.deepEqual(await uploadAll(pictures, upload), ["/files/1", null, null]);
  assert.deepEqual(seen, [
    ["pasted-1.png", "image/png", "hello"],
    ["pasted-2.svg", "image/svg+xml", "<svg>"],
  ]);
});
