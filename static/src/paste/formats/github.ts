/** GitHub's own ways to show Markdown: code by its highlighter's class, alerts, check lists, anchors at headings. */

import { CALLOUTS } from "../../editor/blocks/attributes";
import { create, remove } from "./dom";

export function github(body: HTMLElement): void {
  remove(body, "a.anchor, .zeroclipboard-container, clipboard-copy");
  for (const box of body.querySelectorAll("div.highlight")) colour(box);
  for (const kind of CALLOUTS) {
    for (const alert of body.querySelectorAll<HTMLElement>(`div.markdown-alert-${kind}`)) {
      remove(alert, ".markdown-alert-title");
      alert.className = "callout";
      alert.dataset.kind = kind;
    }
  }
  for (const item of body.querySelectorAll("li.task-list-item")) {
    item.classList.add("task-item");
    item.parentElement?.classList.add("task-list");
  }
}

function colour(box: Element): void {
  const language = /\bhighlight-(?:source|text)-([\w-]+)/.exec(box.className)?.[1];
  const text = box.querySelector("pre")?.textContent;
  if (text === undefined || text === null) return;
  const block = create(box, "pre");
  const code = create(box, "code");
  if (language) code.className = `language-${LANGUAGES[language] ?? language}`;
  code.textContent = text.replace(/\n$/, "");
  block.append(code);
  box.replaceWith(block);
}

/** The highlighter's names, where highlight.js has another. */
const LANGUAGES: Record<string, string> = {
  "c++": "cpp",
  cs: "csharp",
  "html-basic": "xml",
  js: "javascript",
  objc: "objectivec",
  shell: "bash",
  ts: "typescript",
  tsx: "typescript",
  toml: "ini",
};
