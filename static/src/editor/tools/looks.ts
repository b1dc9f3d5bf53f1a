/** Colours of text and behind text, and where lines stand. */

import { t } from "../../words";
import { COLOURS, type Colour } from "../palette";
import type { Tool, ToolGroup } from "../tools";

const NAMES: Readonly<Record<Colour, string>> = {
  gray: t("Gray"),
  brown: t("Brown"),
  orange: t("Orange"),
  yellow: t("Yellow"),
  green: t("Green"),
  teal: t("Teal"),
  blue: t("Blue"),
  purple: t("Purple"),
  red: t("Red"),
};

function ink(colour: Colour): Tool {
  return {
    name: `ink-${colour}`,
    icon: "textColor",
    swatch: { kind: "ink", colour },
    label: NAMES[colour],
    fullLabel: t("Text colour: {colour}", { colour: NAMES[colour].toLowerCase() }),
    run: (editor) => editor.chain().focus().setTextColor(colour).run(),
    isOn: (editor) => editor.isActive("textColor", { color: colour }),
  };
}

function wash(colour: Colour): Tool {
  return {
    name: `wash-${colour}`,
    icon: "highlight",
    swatch: { kind: "wash", colour },
    label: NAMES[colour],
    fullLabel: t("Highlight: {colour}", { colour: NAMES[colour].toLowerCase() }),
    ...(colour === "yellow" ? { keys: "Ctrl+Shift+H" } : {}),
    // Yellow is what a highlight is that says nothing of its colour.
    run: (editor) =>
      editor
        .chain()
        .focus()
        .setHighlight(colour === "yellow" ? null : colour)
        .run(),
    isOn: (editor) => editor.isActive("highlight", { color: colour === "yellow" ? null : colour }),
  };
}

export const colours: ToolGroup = {
  label: t("Text colour"),
  tools: [
    {
      name: "ink-none",
      icon: "textColor",
      swatch: { kind: "ink", colour: null },
      label: t("No colour"),
      run: (editor) => editor.chain().focus().unsetMark("textColor").run(),
      isOn: (editor) => !editor.isActive("textColor"),
    },
    ...COLOURS.map(ink),
  ],
};

export const highlights: ToolGroup = {
  label: t("Highlight"),
  tools: [
    {
      name: "wash-none",
      icon: "highlight",
      swatch: { kind: "wash", colour: null },
      label: t("No highlight"),
      run: (editor) => editor.chain().focus().unsetMark("highlight").run(),
      isOn: (editor) => !editor.isActive("highlight"),
    },
    ...COLOURS.map(wash),
  ],
};

function align(side: "left" | "center" | "right" | "justify", icon: Tool["icon"], label: string, keys: string): Tool {
  return {
    name: `align-${side}`,
    icon,
    label,
    fullLabel: t("Align: {where}", { where: label.toLowerCase() }),
    keys,
    run: (editor) => editor.chain().focus().toggleTextAlign(side).run(),
    isOn: (editor) => editor.isActive({ textAlign: side }),
    isPossible: (editor) => editor.isActive("paragraph") || editor.isActive("heading"),
  };
}

export const alignments: ToolGroup = {
  label: t("Alignment"),
  tools: [
    align("left", "alignLeft", t("Left"), "Ctrl+Shift+L"),
    align("center", "alignCenter", t("Centre"), "Ctrl+Shift+E"),
    align("right", "alignRight", t("Right"), "Ctrl+Shift+R"),
    align("justify", "alignJustify", t("Justified"), "Ctrl+Shift+J"),
  ],
};
