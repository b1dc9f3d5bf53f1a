/**
 * What a document may contain: exactly docs_app/content/schema.json (there is a test). Merely opening a document in an
 * editor that lacks one of its nodes deletes that node for everybody, hence the version in the handshake.
 *
 * Two things differ from plain Tiptap, so that a comment can lie on any text: inline code may carry other marks, and a
 * code block may carry comments (text with a mark that its block forbids is deleted with the block).
 */

import type { Extensions } from "@tiptap/core";
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { TableKit } from "@tiptap/extension-table";
import StarterKit from "@tiptap/starter-kit";
import { isSafeAddress } from "./addresses";
import { Alignment } from "./alignment";
import { CalloutNode } from "./blocks/callout";
import { CodeBlock } from "./blocks/code_block";
import { Column, Columns } from "./blocks/columns";
import { TableOfContents } from "./blocks/contents";
import { Details, DetailsContent, DetailsSummary } from "./blocks/details";
import { Footnote, FootnoteReference } from "./blocks/footnotes";
import { BlockMath, InlineMath } from "./blocks/math";
import { Embed, File, Image } from "./blocks/media";
import { DateMention, DocumentMention, PersonMention } from "./blocks/mentions";
import { TaskItem, TaskList } from "./blocks/tasks";
import { CommentMark } from "./comment_mark";
import { Highlight, Subscript, Superscript, TextColor } from "./marks";

export const content: Extensions = [
  // The order of marks is their rank.
  Bold,
  Code.extend({ excludes: "code" }),
  StarterKit.configure({
    bold: false,
    code: false,
    codeBlock: false,
    // Undo is Yjs's, which takes back one's own changes only.
    undoRedo: false,
    // It would write into every document that ends in something else than a paragraph, merely because it was opened.
    trailingNode: false,
    link: {
      openOnClick: false,
      defaultProtocol: "https",
      markdownLinks: true,
      isAllowedUri: (address) => isSafeAddress(address),
    },
  }),
  Alignment,
  CodeBlock,
  TaskList,
  TaskItem.configure({ nested: true }),
  TableKit.configure({ table: { resizable: true } }),
  Image,
  File,
  Embed,
  CalloutNode,
  Details,
  DetailsSummary,
  DetailsContent,
  Columns,
  Column,
  InlineMath,
  BlockMath,
  TableOfContents,
  FootnoteReference,
  Footnote,
  PersonMention,
  DocumentMention,
  DateMention,
  Highlight,
  TextColor,
  Superscript,
  Subscript,
  CommentMark,
];
