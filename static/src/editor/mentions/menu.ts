/** The menu of mentions: an `@` offers people, documents and days. */

import type { Editor, Extension } from "@tiptap/core";
import { element } from "../../ui/element";
import { t } from "../../words";
import type { Choice, ChoiceGroup } from "../choices";
import { type Typed, typedMenu } from "../typed_menu";
import { dayInWords, daysFor } from "./days";
import { putMention } from "./put";
import { ShareForm } from "./share_form";
import { type Mentionable, type Person, Site } from "./site";
import { titles } from "./titles";

interface MentionChoice extends Choice {
  readonly put: (editor: Editor, typed: Typed) => void;
}

type Group = ChoiceGroup<MentionChoice>;

/** Whoever may only read has no menu; guests are offered days. */
export function mentionMenu(documentId: string): Extension {
  const site = new Site(documentId);
  return typedMenu<MentionChoice>({
    name: "mentionMenu",
    label: t("Mention"),
    // A space ends it only where another sign begins; an address has one within.
    typed: /(?:^|[\s([])@(|[^\s@\uFFFC](?:(?!\s@)[^\uFFFC]){0,60})$/,
    offer: async (_editor, letters) => {
      const told = await site.mentionable(letters.trim());
      return [people(told), strangers(told, letters.trim(), site), documents(told), days(letters)];
    },
    take: (editor, choice, typed) => choice.put(editor, typed),
  });
}

function people({ people }: Mentionable): Group {
  const tools = people.map((person) => ({
    name: person.id,
    label: person.name,
    figure: () => avatar(person),
    put: (editor: Editor, typed: Typed) => {
      putMention(editor, { type: "personMention", attrs: { person: person.id, name: person.name } }, typed);
    },
  }));
  return { label: t("People"), tools };
}

function strangers({ stranger, roles }: Mentionable, who: string, site: Site): Group {
  if (!stranger) return { label: "", tools: [] };
  const put = (editor: Editor, typed: Typed) =>
    new ShareForm(editor, site, { person: stranger, who, roles, typed }).open();
  const hint = t("cannot open this yet");
  const tools = [{ name: stranger.id, label: stranger.name, hint, figure: () => avatar(stranger), put }];
  return { label: t("Share and mention"), tools };
}

function documents({ documents }: Mentionable): Group {
  const tools = documents.map(({ id, title }) => ({
    name: id,
    label: title,
    icon: "file" as const,
    put: (editor: Editor, typed: Typed) => {
      titles.learn(id, title);
      putMention(editor, { type: "documentMention", attrs: { document: id } }, typed);
    },
  }));
  return { label: t("Documents"), tools };
}

function days(letters: string): Group {
  const tools = daysFor(letters, new Date()).map(({ day, label }) => ({
    name: day,
    label,
    hint: dayInWords(day),
    icon: "calendar" as const,
    put: (editor: Editor, typed: Typed) => putMention(editor, { type: "dateMention", attrs: { date: day } }, typed),
  }));
  return { label: t("Dates"), tools };
}

function avatar({ name, colour }: Person): HTMLElement {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "");
  const look = `avatar small person-${colour.slice(1)}`;
  return element("span", { class: look, "aria-hidden": "true" }, letters.join("").toUpperCase());
}
