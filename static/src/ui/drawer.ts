/** Drawers and menus: buttons with aria-controls open a drawer, [data-close="id"] and Esc close it. */

export function openDrawersOnClick(): void {
  document.addEventListener("click", (event) => {
    const pressed = event.target as Element;
    const opener = pressed.closest<HTMLElement>("button[aria-controls]:not([data-close])");
    const drawer = opener && document.getElementById(opener.getAttribute("aria-controls") ?? "");
    if (drawer) setOpen(drawer, !drawer.classList.contains("is-open"));
    const closed = document.getElementById(pressed.closest<HTMLElement>("[data-close]")?.dataset.close ?? "");
    if (closed) close(closed);
    closeMenus(pressed);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const menu = document.querySelector<HTMLElement>("details.menu[open]");
    if (menu) closeMenus(null);
    else for (const drawer of document.querySelectorAll<HTMLElement>(".is-open:has([data-close])")) close(drawer);
  });
}

/** Opens or closes a drawer, tells its button, and moves the focus in (to `first`, if given) or back. */
export function setOpen(drawer: HTMLElement, isOpen: boolean, first?: HTMLElement): void {
  drawer.classList.toggle("is-open", isOpen);
  const id = CSS.escape(drawer.id);
  const openers = document.querySelectorAll<HTMLElement>(`button[aria-controls="${id}"]:not([data-close])`);
  for (const opener of openers) opener.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) focusSoon(first ?? drawer.querySelector<HTMLElement>("button, a[href], input, textarea"));
  else if (drawer.contains(document.activeElement)) focusBack(openers, id);
}

/** To the drawer's button; on a phone that is an item of a menu, which is closed. */
function focusBack(openers: Iterable<HTMLElement>, id: string): void {
  const menus = document.querySelectorAll<HTMLElement>(`details.menu:has([data-ask="${id}"]) > summary`);
  [...openers, ...menus].find((each) => each.getClientRects().length > 0)?.focus();
}

/** What a transition is about to show cannot take the focus at once: it is asked for a few frames long. */
function focusSoon(element: HTMLElement | null, patience = 30): void {
  element?.focus({ preventScroll: true });
  if (!element || document.activeElement === element || patience === 0) return;
  requestAnimationFrame(() => focusSoon(element, patience - 1));
}

function close(drawer: HTMLElement): void {
  if (drawer instanceof HTMLDialogElement) drawer.close();
  else setOpen(drawer, false);
}

/** Closes the menus in which `pressed` is not. */
function closeMenus(pressed: Element | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (pressed && menu.contains(pressed)) continue;
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) menu.querySelector("summary")?.focus();
  }
}
