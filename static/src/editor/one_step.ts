/** Several transactions that one undo takes back together, and nothing else with them. */

import type { EditorState } from "@tiptap/pm/state";
import { yUndoPluginKey } from "@tiptap/y-tiptap";

/** `run` dispatches them at once: what others do in between cannot be part of it. */
export function asOneStep(state: EditorState, run: () => void): void {
  const { undoManager } = yUndoPluginKey.getState(state) ?? {};
  if (!undoManager) {
    run();
    return;
  }
  const { captureTimeout } = undoManager;
  undoManager.stopCapturing();
  undoManager.captureTimeout = Number.POSITIVE_INFINITY;
  try {
    run();
  } finally {
    undoManager.captureTimeout = captureTimeout;
    undoManager.stopCapturing();
  }
}
