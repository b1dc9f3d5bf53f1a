import assert from "node:assert/strict";
import { test } from "node:test";
import { addressIn, type Clip, isTooLong, languageOf, wayOf } from "./clip";
import { colourOf } from "./formats/styles";
import { looksLikeMarkdown } from "./markdown_signs";

const clip = (given: Partial<Clip>): Clip => ({ html: "", text: "", mode: null, ...given });
const MARKDOWN = "# One\n\n- two\n- three";

test("the first way that fits is taken", () => {
  const slice = '<p data-pm-slice="0 0 []">a</p>';
  const rows: [Partial<Clip>, string][] = [
    [{ mode: "python", html: "<p>a</p>", text: "a = 1" }, "code"],
    [{ mode: "markdown", html: "<p>a</p>", text: "a" }, "markdown"],
    [{ mode: "plaintext", text: "a" }, "markdown"],
    [{ html: slice, text: MARKDOWN }, "match"],
    [{ html: slice, text: "https://a.org" }, "match"],
    [{ html: "<a href='https://a.org'>a</a>", text: " https://a.org/b?c=d\n" }, "link"],
    [{ text: "https://a.org and more" }, "markdown"],
    [{ html: `<span>${MARKDOWN}</span>`, text: MARKDOWN }, "markdown"],
    [{ html: "<ul><li>two</li></ul>", text: MARKDOWN }, "match"],
    [{ html: "<p>a - b</p>", text: "a - b" }, "match"],
  ];
  for (const [given, way] of rows) assert.equal(wayOf(clip(given), false), way, JSON.stringify(given));
  for (const [given] of rows) assert.equal(wayOf(clip(given), true), "plain");
});

test("only web and mail addresses are addresses", () => {
  for (const text of ["javascript:alert(1)", "data:x", "a.org", "https://a b", "ftp://a", ""]) {
    assert.equal(addressIn(clip({ text })), "", text);
  }
  assert.equal(addressIn(clip({ text: "mailto:a@b.c" })), "mailto:a@b.c");
});

test("a longer text needs more signs to be Markdown", () => {
  const prose = "Some words about nothing.\n";
  assert.ok(looksLikeMarkdown("# One\n- two"));
  assert.ok(!looksLikeMarkdown(`# One\n- two\n${prose.repeat(20)}`));
  assert.ok(!looksLikeMarkdown("5 * 3 - 2"));
  assert.ok(!looksLikeMarkdown("#hashtag\n-x\n1.5"));
  assert.ok(looksLikeMarkdown("| a | b |\n| --- | --- |\n| c | d |"));
});

test("pictures do not count to what is too long, up to a bound", () => {
  const picture = (bytes: number) => `<img src="data:image/png;base64,${"A".repeat(bytes)}">`;
  assert.ok(!isTooLong(clip({ html: picture(8_000_000), text: "a" })));
  assert.ok(isTooLong(clip({ html: picture(60_000_000) })));
  assert.ok(isTooLong(clip({ html: "a".repeat(3_000_000), text: "b".repeat(2_000_001) })));
});

test("languages and colours have the names that the document knows", () => {
  assert.deepEqual(["typescriptreact", "html", "rust", "a b"].map(languageOf), ["typescript", "xml", "rust", null]);
  const colours = { "#f00": "red", "rgb(255, 255, 0)": "yellow", "#0563c1": "blue", "#000": null, white: null };
  for (const [css, name] of Object.entries(colours)) assert.equal(colourOf(css), name, css);
  assert.equal(colourOf("rgba(255, 0, 0, 0)"), null);
  assert.equal(colourOf("#808080"), "gray");
});
