import assert from "node:assert/strict";
import { test } from "node:test";
import { type Route, routeOf } from "./routes";

const ORIGIN = "https://docs.test";
const DOCUMENT = "/d/78366327-e2c2-454f-b7e8-d9b84d8d45b7/";

function routed(path: string, mode: RequestMode = "navigate", method = "GET"): Route {
  return routeOf({ method, mode, url: new URL(path, ORIGIN).href }, ORIGIN);
}

test("the list and documents are pages", () => {
  for (const path of ["/", "/?show=shared", DOCUMENT, `${DOCUMENT}#a-heading`])
    assert.equal(routed(path), "page", path);
});

test("everything else that is a page goes to the server as if there were no worker", () => {
  const others = ["/s/token/", "/guest/", "/accounts/login/", "/account/", "/admin/", "/api/v1/documents", "/offline/"];
  for (const path of [...others, `${DOCUMENT}share/`, DOCUMENT.replace("/d/", "/e/"), "//elsewhere.test/"])
    assert.equal(routed(path), "", path);
});

test("nothing that is sent is touched, nor what scripts ask of pages", () => {
  for (const path of ["/", DOCUMENT, "/documents/new/"]) assert.equal(routed(path, "navigate", "POST"), "", path);
  for (const path of ["/", DOCUMENT, "/api/v1/documents"]) assert.equal(routed(path, "cors"), "", path);
});

test("files are for ever when their names have a hash", () => {
  assert.equal(routed("/static/document.abbea13ff2ea.js", "cors"), "static");
  assert.equal(routed("/static/lazy/code-IKZM4TVX.js", "cors"), "static");
  assert.equal(routed("/static/document.js", "cors"), "");
  assert.equal(routed("/files/78366327-e2c2-454f-b7e8-d9b84d8d45b7", "no-cors"), "file");
});
