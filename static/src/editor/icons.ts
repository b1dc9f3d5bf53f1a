/** The toolbar's icons: strokes on a grid of 24, drawn in the colour of the text. */

const STROKES = {
  undo: "M8 5 4 9l4 4M4 9h10a6 6 0 0 1 0 12h-4",
  redo: "m16 5 4 4-4 4M20 9H10a6 6 0 0 0 0 12h4",
  bold: "M7 4h6a4 4 0 0 1 0 8H7zM7 12h7a4 4 0 0 1 0 8H7z",
  italic: "M10 4h8M6 20h8M14 4l-4 16",
  underline: "M7 4v7a5 5 0 0 0 10 0V4M5 21h14",
  strike: "M4 12h16M16 7a4 3 0 0 0-4-2.5C9 4.500 7.500 6 7.500 8M8 17a4 3 0 0 0 4 2.500c3 0 4.500-1.500 4.500-3.500",
  code: "m8 7-5 5 5 5M16 7l5 5-5 5",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1.500 1.500M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1.500-1.500",
  bulletList: "M9 6h11M9 12h11M9 18h11M4.500 6h.01M4.500 12h.01M4.500 18h.01",
  orderedList:
    "M10 6h10M10 12h10M10 18h10M4 4.500 5.500 4v4M4 15.500a1.200 1.200 0 0 1 2.400.2c0 1-2.400 1.800-2.400 3.300h2.500",
  taskList: "M11 7h9M11 17h9M3 7l1.500 1.500L8 5M3 17l1.500 1.500L8 15",
  blockquote: "M5 5v14M9 8h11M9 12h11M9 16h7",
  codeBlock: "M4 4h16v16H4zM10 9l-3 3 3 3M14 9l3 3-3 3",
  horizontalRule: "M3 12h18M7 6h10M7 18h10",
  table: "M4 5h16v14H4zM4 10h16M4 14.500h16M10 5v14M15 5v14",
  comment: "M4 5h16v11h-9l-5 4v-4H4zM12 8v5M9.500 10.500h5",
  rowBefore: "M4 13h16v7H4zM12 3v6M9 6h6",
  rowAfter: "M4 4h16v7H4zM12 15v6M9 18h6",
  rowDelete: "M4 9h16v6H4zM9 18.500l6 3M15 18.500l-6 3",
  columnBefore: "M13 4h7v16h-7zM6 9v6M3 12h6",
  columnAfter: "M4 4h7v16H4zM18 9v6M15 12h6",
  columnNarrower: "M5 4v16M19 4v16M8.500 9l3 3-3 3M15.500 9l-3 3 3 3",
  columnWider: "M5 4v16M19 4v16M10.500 9l-2.500 3 2.500 3M13.500 9l2.500 3-2.500 3",
  columnDelete: "M9 4h6v16H9zM18.500 9l3 6M21.500 9l-3 6",
  headerRow: "M4 5h16v14H4zM4 10h16M4 6.500h16M4 8h16",
  mergeCells: "M4 5h16v14H4zM8 12h2.500M16 12h-2.500M9.500 10l2 2-2 2M14.500 10l-2 2 2 2",
  splitCell: "M4 5h16v14H4zM12 5v14M9 12H6M15 12h3",
  tableDelete: "M4 5h16v14H4zM9 9l6 6M15 9l-6 6",
  headerColumn: "M4 5h16v14H4zM10 5v14M5.500 8h3M5.500 12h3M5.500 16h3",
  heading: "M6 4v16M18 4v16M6 12h12",
  paragraph: "M18 4H10a4.500 4.500 0 0 0 0 9h3M13 4v16M17 4v16",
  textColor: "m6 16 6-12 6 12M8.200 12h7.600M4 20.500h16",
  highlight: "m14 4 6 6-8 8H6v-6zM11 7l6 6M4 21h16",
  superscript: "m4 8 8 11M12 8 4 19M15.500 5.500a2 2 0 1 1 3.600 1.200L15.500 11h4.500",
  subscript: "m4 5 8 11M12 5 4 16M15.500 15.500a2 2 0 1 1 3.600 1.200L15.500 21h4.500",
  clear: "M6 5h12M12 5l-3 14M14 14l6 6M20 14l-6 6",
  alignLeft: "M4 6h16M4 10h9M4 14h16M4 18h9",
  alignCenter: "M4 6h16M7.500 10h9M4 14h16M7.500 18h9",
  alignRight: "M4 6h16M11 10h9M4 14h16M11 18h9",
  alignJustify: "M4 6h16M4 10h16M4 14h16M4 18h16",
  insert: "M12 5v14M5 12h14",
  more: "m8 10 4 4 4-4",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9h.01",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  embed: "M4 6h16v12H4zM7.500 10h6M7.500 14h9",
  callout: "M4 5h16v14H4zM8 5v14M11.500 9.500h5M11.500 13.500h5",
  details: "m5 8 4 4-4 4zM13 8h7M13 12h7M13 16h7",
  columns: "M4 5h7v14H4zM13 5h7v14h-7z",
  calendar: "M4 6h16v14H4zM4 10.500h16M8.500 3.500v4M15.500 3.500v4",
  emoji: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9 9.500h.01M15 9.500h.01M8 14a4.500 4.500 0 0 0 8 0",
  mention: "M16 12a4 4 0 1 0-8 0 4 4 0 0 0 8 0M16 8v5a2.500 2.500 0 0 0 5 0v-1a9 9 0 1 0-4 7.500",
  inlineMath: "M17 5H7l6 7-6 7h10",
  blockMath: "M4 4v16M20 4v16M15.500 8h-7l4 4-4 4h7",
  footnote: "M4 6h10M4 10h12M4 14h8M18 4.500l1.500-1v6M16 20h5",
  contents: "M4 6h4M4 12h4M4 18h4M11 6h9M13 12h7M13 18h7",
  note: "M5 4h14v16H5zM9 9h6M9 13h6",
  tip: "M9 18h6M10 21h4M8.500 14.500a6 6 0 1 1 7 0V16h-7z",
  important: "M12 4v10M12 19h.01",
  warning: "M12 4 3 20h18zM12 10v4M12 17h.01",
  caution: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 16h.01",
  properties: "m4 20 1-4L16 5l3 3L8 19zM13.500 7.500l3 3",
  apply: "m5 12 5 5 9-10",
  remove: "M6 6l12 12M18 6 6 18",
  grip: "M9 6h.01M9 12h.01M9 18h.01M15 6h.01M15 12h.01M15 18h.01",
  moveUp: "M12 19V5M6 11l6-6 6 6",
  moveDown: "M12 5v14M6 13l6 6 6-6",
  duplicate: "M8 8h12v12H8zM4 16V4h12",
  bin: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
  find: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l5 5",
  replace: "M4 8h13l-3.500-3.500M20 16H7l3.500 3.500",
  count: "M5 4v16M9 4v16M13 4v16M17 4v16M3 15l17-6",
  commands: "m5 8 4 4-4 4M12 17h7",
  cursor: "M9 4h6M9 20h6M12 4v16M4 4l16 16",
  focus: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  wide: "M3 5v14M21 5v14M7 12h10M10 9l-3 3 3 3M14 9l3 3-3 3",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8",
  clock: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4l3 2",
  save: "M5 4h11l3 3v13H5zM8 4v5h7V4M8 20v-6h8v6",
  print: "M7 8V4h10v4M5 8h14v8H5zM8 13h8v7H8z",
  open: "M13 5h6v6M19 5l-9 9M17 14v5H5V7h5",
} as const;

export type IconName = keyof typeof STROKES;

/** Those that show which way a text runs, or lead along it: where it runs from the right they are turned around. */
const DIRECTED: ReadonlySet<IconName> = new Set<IconName>([
  ...(["undo", "redo", "bulletList", "taskList", "blockquote", "callout", "details", "contents"] as const),
  ...(["columnBefore", "columnAfter", "columnDelete", "headerColumn", "replace", "open"] as const),
]);

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const attributes = { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2" };
  for (const [attribute, value] of Object.entries(attributes)) svg.setAttribute(attribute, value);
  svg.setAttribute("stroke-linecap", "round");
  svg.setAttribute("stroke-linejoin", "round");
  svg.setAttribute("class", DIRECTED.has(name) ? "icon is-directed" : "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", STROKES[name]);
  svg.append(path);
  return svg;
}
