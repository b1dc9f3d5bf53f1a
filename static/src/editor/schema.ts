/**
 * What a document may contain: exactly docs_app/content/schema.json (there is a test). Merely opening a document in an
 * editor that lacks one of its nodes deletes that node for everybody, hence the version in the handshake.
 *
 * Two things differ from plain Tiptap, so that a comment can lie on any text: inline code may carry other marks, and a
 * code block may carry comments (text with a mark that its block forbids is deleted with the block).
 */

import type { Extensions } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { HorizontalRule } from "@tiptap/extension-horizontal-rule";
import { Italic } from "@tiptap/extension-italic";
import { Link } from "@tiptap/extension-link";
import { BulletList, ListItem, ListKeymap, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Strike } from "@tiptap/extension-strike";
import { TableKit } from "@tiptap/extension-table";
import { Text } from "@tiptap/extension-text";
import { Underline } from "@tiptap/extension-underline";
import { Dropcursor } from "@tiptap/extensions/drop-cursor";
import { Gapcursor } from "@tiptap/extensions/gap-cursor";
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
import { ReachableTable } from "./blocks/table";
import { nameOfItem, TaskItem, TaskList } from "./blocks/tasks";
import { CommentMark } from "./comment_mark";
import { Highlight, Subscript, Superscript, TextColor } from "./marks";

export const content: Extensions = [
  // The order of marks is their rank.
  Bold,
  Code.extend({ excludes: "code" }),
  Blockquote,
  BulletList,
  Document,
  Dropcursor,
  Gapcursor,
  HardBreak,
  Heading,
  HorizontalRule,
  Italic,
  ListItem,
  ListKeymap,
  Link.configure({
    openOnClick: false,
    defaultProtocol: "https",
    markdownLinks: true,
    isAllowedUri: (address) => isSafeAddress(address),
  }),
  OrderedList,
  Paragraph,
  Strike,
  Text,
  Underline,
  Alignment,
  CodeBlock,
  TaskList,
  TaskItem.configure({ nested: true, a11y: { checkboxLabel: nameOfItem } }),
  TableKit.configure({ table: { resizable: true, View: ReachableTable } }),
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
