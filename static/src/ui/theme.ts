/**
 * Light, dark, or as the system has it: chosen in this browser, for all its tabs. The key and the values are those of
 * Django's admin, which so looks as the rest does.
 */

const KEY = "theme";
const THEMES = ["auto", "light", "dark"] as const;

export type Theme = (typeof THEMES)[number];

export function chosenTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === kept) ?? "auto";
  } catch {
    return "auto"; // The browser keeps nothing.
  }
}

/** tokens.css has the colours; the browser's own (the canvas before the page, scroll bars, fields) follow `color-scheme`. */
export function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  const scheme = theme === "auto" ? "light dark" : theme;
  document.querySelector("meta[name=color-scheme]")?.setAttribute("content", scheme);
}

/** Radio buttons named theme-… choose; all of them show what is chosen, here or in another tab. */
export function offerThemes(): void {
  showChoice();
  document.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.matches(".theme-choice input")) return;
    choose(target.value as Theme);
    showChoice();
  });
  addEventListener("storage", ({ key }) => {
    if (key !== KEY) return;
    showTheme(chosenTheme());
    showChoice();
  });
}

function choose(theme: Theme): void {
  showTheme(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It holds for this page, then.
  }
}

function showChoice(): void {
  const shown = document.documentElement.dataset.theme;
  for (const radio of document.querySelectorAll<HTMLInputElement>(".theme-choice input"))
    radio.checked = radio.value === shown;
}
