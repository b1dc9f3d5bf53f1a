/**
 * A long text comes in pieces, and the browser would lay out and paint what there is after each. Until all is here only its
 * beginning is shown (page.css), and a moment longer: mostly the editor comes then, and takes the place of it all.
 */

const CLASS = "is-arriving";
/** Milliseconds that the editor is waited for. */
const PATIENCE = 1000;

export function showBeginningFirst(): void {
  const { classList } = document.documentElement;
  classList.add(CLASS);
  document.addEventListener("readystatechange", () => setTimeout(() => classList.remove(CLASS), PATIENCE), {
    once: true,
  });
}
