/** Tables wider than the page scroll in themselves. Not every browser lets keys reach what scrolls, unless it is told to. */

export function reachScrollers(): void {
  const reach = () => {
    for (const table of document.querySelectorAll<HTMLElement>(":is(#preview, .preview-page) .prose table"))
      if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
      else table.removeAttribute("tabindex");
  };
  reach();
  document.addEventListener("htmx:afterSettle", reach);
  document.addEventListener("change", reach); // of what the preview shows
  addEventListener("resize", reach);
}
