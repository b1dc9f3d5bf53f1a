/**
 * The list of people, which the server sends anew whenever somebody comes or goes: each is told what they do, a click goes
 * to their caret, a second one follows it. What had the focus, or was open, is so again in the new list.
 */

import type { Editor } from "@tiptap/core";
import type { Awareness } from "y-protocols/awareness";
import { realClock } from "../sync/clock";
import { element, find } from "../ui/element";
import { toast } from "../ui/toast";
import { t } from "../words";
import { onOwnEdit, tellActivity } from "./activity";
import { Arrivals } from "./arrivals";
import { Follow } from "./follow";
import { type Doing, Roster } from "./roster";

const SAID: Record<Doing, string> = { editing: t("Editing"), viewing: t("Viewing"), idle: t("Idle") };

export interface Company {
  readonly page: HTMLElement;
  readonly editor: Editor;
  readonly awareness: Awareness;
  /** Our own. */
  readonly principal: string;
}

export function mountAvatars({ page, editor, awareness, principal }: Company): void {
  const follow: Follow = new Follow(page, editor, () => avatars.show());
  const avatars: Avatars = new Avatars(awareness, principal, follow);
  page.addEventListener("click", ({ target }) => avatars.press(personAt(target)));
  // The caret stays in the text, and with it what is typed next.
  page.addEventListener("mousedown", (event) => personAt(event.target) && event.preventDefault());
  onOwnEdit(editor, () => avatars.writing());
  tellActivity(editor, awareness, realClock);
}

class Avatars {
  readonly #principal: string;
  readonly #follow: Follow;
  readonly #roster: Roster;
  readonly #arrivals: Arrivals;
  #went = "";

  constructor(awareness: Awareness, principal: string, follow: Follow) {
    this.#principal = principal;
    this.#follow = follow;
    this.#roster = new Roster(awareness, principal, (changed) => this.show((who) => changed.has(who)));
    const voice = element("p", { class: "unseen", role: "status" });
    document.body.append(voice);
    this.#arrivals = new Arrivals(realClock, (sentence) => voice.replaceChildren(sentence));
    document.addEventListener("htmx:wsBeforeMessage", () => this.#remember());
    document.addEventListener("htmx:wsAfterMessage", () => this.#renewed());
    this.#renewed();
  }

  press(avatar: HTMLElement | null): void {
    const who = avatar?.dataset.principal;
    if (!avatar || !who) return;
    const name = avatar.dataset.name ?? "";
    const [went, followed] = [this.#went, this.#follow.whom];
    this.#went = "";
    this.#follow.stop();
    if (who === this.#principal) {
      toast(t("This is you."));
    } else if (went === who) {
      this.#follow.start({ principal: who, name, colour: colourOf(avatar) });
    } else if (followed !== who) {
      if (this.#follow.goTo(who)) this.#went = who;
      else toast(t("{name} has no cursor in the text at the moment.", { name }));
    }
    this.show();
  }

  /** Whoever writes has left the place they went to: the next click goes there again. */
  writing(): void {
    const went = this.#went;
    this.#went = "";
    if (went) this.show((who) => who === went);
  }

  show(isWanted = (_: string) => true): void {
    for (const avatar of people()) {
      const who = avatar.dataset.principal ?? "";
      if (!isWanted(who)) continue;
      const isOwn = who === this.#principal;
      const doing = SAID[this.#roster.doing(who)];
      avatar.dataset.doing = this.#roster.doing(who);
      avatar.dataset.said = isOwn ? t("You") : doing;
      avatar.classList.toggle("is-followed", this.#follow.whom === who);
      const name = nameOf(avatar);
      const called = isOwn ? t("{name} (you)", { name }) : name;
      avatar.title = `${called} · ${doing}`;
      avatar.setAttribute("aria-label", this.#spoken(who, name, doing));
    }
  }

  #spoken(who: string, name: string, doing: string): string {
    if (who === this.#principal) return t("{name}, you", { name });
    return this.#went === who
      ? t("{name}, {doing}: follow their cursor", { name, doing })
      : t("{name}, {doing}: go to their cursor", { name, doing });
  }

  #focused: string | undefined;
  #isOpen = false;

  #remember(): void {
    const active = document.activeElement;
    const isSummary = active instanceof HTMLElement && active.matches("#presence-more > summary");
    this.#focused = isSummary ? "" : personAt(active)?.dataset.principal;
    this.#isOpen = find<HTMLDetailsElement>("#presence-more")?.open ?? false;
  }

  #renewed(): void {
    const list = find("#presence");
    if (!list || list.dataset.isShown) return;
    list.dataset.isShown = "yes";
    const more = find<HTMLDetailsElement>("#presence-more");
    if (more && this.#isOpen) more.open = true;
    const all = [...people()];
    if (this.#focused === "") more?.querySelector("summary")?.focus();
    else if (this.#focused)
      all
        .filter(({ dataset }) => dataset.principal === this.#focused)
        .at(-1)
        ?.focus();
    this.#count(new Map(all.map(({ dataset }) => [dataset.principal ?? "", dataset.name ?? ""])));
    this.show();
  }

  /** A list without ourselves is from before we came. */
  #count(names: Map<string, string>): void {
    const own = names.get(this.#principal);
    if (own === undefined) return;
    for (const place of document.querySelectorAll(".own-name")) place.textContent = own;
    const { whom } = this.#follow;
    if (whom && !names.has(whom) && names.size === Number(find("#presence")?.dataset.count)) this.#follow.left();
    names.delete(this.#principal);
    this.#arrivals.here(names);
  }
}

function colourOf(avatar: HTMLElement): string {
  const { classList } = avatar.querySelector(".avatar") ?? avatar;
  return [...classList].find((each) => /^person-\w{6}$/.test(each)) ?? "";
}

function people(): NodeListOf<HTMLElement> {
  return document.querySelectorAll<HTMLElement>("#presence [data-principal]");
}

function personAt(target: EventTarget | null): HTMLElement | null {
  return (target as Element | null)?.closest<HTMLElement>("#presence [data-principal]") ?? null;
}

function nameOf({ dataset }: HTMLElement): string {
  const name = dataset.name ?? "";
  return dataset.principal?.startsWith("guest:") ? t("{name} (guest)", { name }) : name;
}
