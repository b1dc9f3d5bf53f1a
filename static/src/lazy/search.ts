/** The worker that searches, loaded when something is first looked for. */

import { search } from "../editor/find/query";
import type { Answer, Task } from "../editor/find/seeker";
import { t } from "../words";

function answer({ texts, query, replacement }: Task): Answer {
  try {
    return { matches: search(texts, query, replacement) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: t("This is not a regular expression.") };
  }
}

addEventListener("message", ({ data }: MessageEvent<Task>) => postMessage(answer(data)));
