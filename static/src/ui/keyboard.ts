/**
 * The on-screen keyboard lies over the page, and what is fixed to its foot lies under the keyboard. --keyboard says how
 * much of the window is hidden there, in pixels; the stylesheets put that much below what must be seen.
 */

/** `moved` is called after the keyboard has come, gone or changed its height. */
export function followKeyboard(moved: () => void): void {
  const viewport = window.visualViewport;
  if (!viewport) return;
  let last = 0;
  const look = () => {
    // Somebody who zooms in sees a part of the page, and has no keyboard for that.
    const hidden = viewport.scale > 1.01 ? 0 : Math.round(innerHeight - viewport.height - viewport.offsetTop);
    if (hidden === last) return;
    last = hidden;
    document.documentElement.style.setProperty("--keyboard", `${Math.max(hidden, 0)}px`);
    moved();
  };
  viewport.addEventListener("resize", look);
  viewport.addEventListener("scroll", look);
  look();
}
