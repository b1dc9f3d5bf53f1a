/** The menu of emoji: a colon and two letters of a name. In words, in times such as 10:30 and in code a colon is a colon. */

import { element } from "../../ui/element";
import { t } from "../../words";
import type { Choice, ChoiceGroup } from "../choices";
import { ranked } from "../matching";
import { typedMenu } from "../typed_menu";
import { loadEmoji } from "./catalogue";
import { chosenTone, inTone } from "./tones";

const FEWEST_LETTERS = 2;
const MOST = 10;

interface EmojiChoice extends Choice {
  readonly sign: string;
}

export const emojiMenu = typedMenu<EmojiChoice>({
  name: "emojiMenu",
  label: t("Emoji"),
  typed: /(?:^|[\s([])[:]((?:\p{L}[\p{L}\p{N}_ -]{0,30})?)$/u,
  offer: offered,
  take: (editor, { sign }, { from, to }) => {
    editor.view.dispatch(editor.state.tr.insertText(sign, from, to));
  },
});

function offered(_editor: unknown, letters: string): ChoiceGroup<EmojiChoice>[] | Promise<ChoiceGroup<EmojiChoice>[]> {
  return letters.length < FEWEST_LETTERS ? [] : called(letters.replaceAll("_", " "));
}

async function called(letters: string): Promise<ChoiceGroup<EmojiChoice>[]> {
  const { emoji } = await loadEmoji();
  const tone = chosenTone();
  const tools = ranked(emoji, letters)
    .slice(0, MOST)
    .map((found) => {
      const sign = inTone(found, tone);
      return { name: found.sign, label: found.label, sign, figure: () => element("span", { class: "emoji" }, sign) };
    });
  return [{ label: "", tools }];
}
