// Put into every page before its own scripts: says when the text can be written in, and how long each key took.
//
// A key's time runs from when the browser had it (Event.timeStamp) to when its frame had been drawn: a message that is
// sent from the frame's callback comes after style, layout and paint. What is left is the compositor's.
(() => {
  const EDITOR = ".ProseMirror[contenteditable=true]";
  const probe = { keys: [], long: [], opened, begin, text };
  window.probe = probe;

  /** When so many blocks were drawn that can be written in: milliseconds after the navigation. */
  function opened(blocks) {
    return new Promise((resolve) => {
      const look = () => {
        const isThere = document.querySelector(EDITOR)?.getElementsByTagName("p").length >= blocks;
        if (isThere) afterPaint(resolve);
        else requestAnimationFrame(look);
      };
      look();
    });
  }

  /** From here on keys are timed, in milliseconds, and tasks noted that held the page up for more than 50. */
  function begin() {
    const time = ({ timeStamp }) => afterPaint((now) => probe.keys.push(now - timeStamp));
    addEventListener("keydown", time, true);
    const note = (list) => probe.long.push(...list.getEntries().map(({ duration }) => duration));
    new PerformanceObserver(note).observe({ type: "longtask" });
  }

  function afterPaint(tell) {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => tell(performance.now());
      port2.postMessage(null);
    });
  }

  /** The text as it is shown, a block a line, without others' carets. */
  function text() {
    const blocks = [...document.querySelectorAll(`${EDITOR} p`)].map((block) => {
      const copy = block.cloneNode(true);
      for (const caret of copy.querySelectorAll("[class*=caret], [class*=cursor]")) caret.remove();
      return copy.textContent;
    });
    return blocks.filter((block) => block).join("\n");
  }
})();
