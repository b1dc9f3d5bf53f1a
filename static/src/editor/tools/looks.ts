/** Colours of text and behind text, and where lines stand. */

import { COLOURS, type Colour } from "../palette";
import type { Tool, ToolGroup } from "../tools";

function named(colour: Colour): string {
  return colour[0]?.toUpperCase() + colour.slice(1);
}

function ink(colour: Colour): Tool {
  return {
    name: `ink-${colour}`,
    icon: "textColor",
    swatch: { kind: "ink", colour },
    label: named(colour),
    fullLabel: `Text colour: ${colour}`,
    run: (editor) => editor.chain().focus().setTextColor(colour).run(),
    isOn: (editor) => editor.isActive("textColor", { color: colour }),
  };
}

function wash(colour: Colour): Tool {
  return {
    name: `wash-${colour}`,
    icon: "highlight",
    swatch: { kind: "wash", colour },
    label: named(colour),
    fullLabel: `Highlight: ${colour}`,
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
  label: "Text colour",
  tools: [
    {
      name: "ink-none",
      icon: "textColor",
      swatch: { kind: "ink", colour: null },
      label: "No colour",
      run: (editor) => editor.chain().focus().unsetMark("textColor").run(),
      isOn: (editor) => !editor.isActive("textColor"),
    },
    ...COLOURS.map(ink),
  ],
};

export const highlights: ToolGroup = {
  label: "Highlight",
  tools: [
    {
      name: "wash-none",
      icon: "highlight",
      swatch: { kind: "wash", colour: null },
      label: "No highlight",
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
    fullLabel: `Align: ${label.toLowerCase()}`,
    keys,
    run: (editor) => editor.chain().focus().toggleTextAlign(side).run(),
    isOn: (editor) => editor.isActive({ textAlign: side }),
    isPossible: (editor) => editor.isActive("paragraph") || editor.isActive("heading"),
  };
}

export const alignments: ToolGroup = {
  label: "Alignment",
  tools: [
    align("left", "alignLeft", "Left", "Ctrl+Shift+L"),
    align("center", "alignCenter", "Centre", "Ctrl+Shift+E"),
    align("right", "alignRight", "Right", "Ctrl+Shift+R"),
    align("justify", "alignJustify", "Justified", "Ctrl+Shift+J"),
  ],
};
