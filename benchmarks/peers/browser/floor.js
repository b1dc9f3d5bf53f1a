// The floor: what the browser itself takes. As many paragraphs that can be written in, no editor, nothing shared; a timer
// changes five of them twenty times a second, as much as twenty people who type.
const BLOCKS = 2000;
const TYPISTS = 20;
const AT_ONCE = 5;
const SENTENCE = "the quick brown fox jumps over the lazy dog and then writes about it at length, ";

const editor = document.createElement("div");
editor.className = "ProseMirror";
editor.contentEditable = "true";
editor.style.whiteSpace = "pre-wrap";
for (let number = 0; number < BLOCKS; number++) {
  const block = document.createElement("p");
  block.textContent = SENTENCE.slice(0, 50);
  editor.append(block);
}
document.querySelector("#editor").append(editor);

let turn = 0;
setInterval(() => {
  for (let typist = 0; typist < AT_ONCE; typist++, turn++) {
    const block = editor.children[Math.floor(((turn % TYPISTS) + 0.5) * (BLOCKS / TYPISTS))];
    block.firstChild.data += SENTENCE[turn % SENTENCE.length];
  }
}, 50);
