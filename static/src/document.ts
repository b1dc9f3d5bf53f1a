/** The page of one document: reads its configuration, and introduces its parts to each other. */

import type { Editor } from "@tiptap/core";
import { Cards } from "./comments/cards";
import { CommentForm } from "./comments/form";
import { CommentHighlight } from "./comments/highlight";
import { BlockForm } from "./editor/block_form";
import { mountBubble } from "./editor/bubble";
import { type Prepared, prepareEditor } from "./editor/editor";
import { LinkForm } from "./editor/link_form";
import { readSelection } from "./editor/selection";
import type { Request } from "./editor/shortcuts";
import { focusToolbar, mountToolbar } from "./editor/toolbar";
import { Uploader } from "./editor/uploads/uploader";
import { keepFilesOut, type Uploads } from "./editor/uploads/uploads";
import { HistoryPanel } from "./history/panel";
import type { LeftOver } from "./kept/keeping";
import { COMMENT_LEVEL } from "./levels";
import { readConfig } from "./page_config";
import { requestOf } from "./page_keys";
import { copyAsMarkdown } from "./paste/copy";
import { mountAvatars } from "./presence/avatars";
import { offerOwnName } from "./presence/own_name";
import { Session } from "./session";
import { socketAddress } from "./sync/early";
import { HtmxSocket } from "./sync/htmx_socket";
import { textOf } from "./sync/left_over";
import type { Rights } from "./sync/wire";
import { type BannerAction, showBanner } from "./ui/banner";
import { copyAndSay } from "./ui/copy_link";
import { find } from "./ui/element";
import { keepHalfWritten } from "./ui/half_written";
import { keepUntilAccepted, sayWhatWaits } from "./ui/in_flight";
import { followKeyboard } from "./ui/keyboard";
import { actionsFor, offerLeftOver } from "./ui/left_over_offer";
import { offerNewVersion } from "./ui/new_version";
import { SaveState } from "./ui/save_state";
import { keepTextLanguage } from "./ui/text_language";
import { toast } from "./ui/toast";
import { mountViews } from "./views";
import { t } from "./words";

declare global {
  interface Window {
    htmx?: { createWebSocket?: (url: string) => unknown };
  }
}

class DocumentPage {
  readonly #config = readConfig();
  readonly #page: HTMLElement;
  readonly #place: HTMLElement;
  readonly #saveState: SaveState;
  readonly #session: Session;
  #prepared: Prepared | null = null;
  #editor: Editor | null = null;
  #comments: CommentForm | null = null;
  #level: number;
  #mayWrite: boolean;
  #isEnded = false;

  constructor(page: HTMLElement, place: HTMLElement) {
    this.#page = page;
    this.#place = place;
    const { level, mayWrite } = this.#config;
    this.#level = level;
    this.#mayWrite = mayWrite;
    this.#saveState = new SaveState({
      root: find("#save-state"),
      page,
      level,
      mayWrite,
      act: (action) => this.#act(action),
    });
    this.#session = new Session(socketAddress(page.getAttribute("ws-connect") ?? ""), this.#config, this.#saveState, {
      incoming: () => this.#editor && readSelection(this.#editor.view),
      shown: () => this.#shown(),
      rights: (rights) => this.#refreshRights(rights),
      ended: (sentence, isGone) => this.#ended(sentence, isGone),
      leftOver: (found) => this.#leftOver(found),
      notice: (text) => toast(text),
    });
    if (window.htmx) window.htmx.createWebSocket = () => new HtmxSocket(this.#session.socket);
    dropStrays();
    keepHalfWritten(page);
    keepTextLanguage(place);
    offerOwnName();
    offerNewVersion(page, () => this.#saveState.whenSaved());
    this.#attendForms();
  }

  /** The server is asked first: while its answer is on its way there is time to make the editor. */
  start(): void {
    this.#session.start();
    const { documentId, largestUpload } = this.#config;
    const { doc, awareness } = this.#session;
    const uploader = new Uploader(documentId, largestUpload);
    this.#prepared = prepareEditor({ element: this.#place, documentId, doc, awareness, uploader });
  }

  #shown(): void {
    if (this.#editor || !this.#prepared) return;
    const { awareness } = this.#session;
    const { editor, uploads, mount } = this.#prepared;
    mount(this.#isEditable);
    this.#editor = editor;
    const toolbar = find("#toolbar");
    if (toolbar) mountToolbar(toolbar, editor);
    mountBubble(this.#page, editor, () => this.#mayComment);
    mountAvatars({ page: this.#page, editor, awareness, principal: this.#config.principal });
    this.#mountRequests(editor, uploads, toolbar);
    keepFilesOut();
    followKeyboard(() => editor.isFocused && editor.commands.scrollIntoView());
  }

  #mountRequests(editor: Editor, uploads: Uploads, toolbar: HTMLElement | null): void {
    const link = new LinkForm(this.#page, editor);
    const block = new BlockForm(this.#page, editor);
    this.#comments = this.#mountComments(editor);
    const preview = find("#preview");
    const history = preview && new HistoryPanel({ page: this.#page, preview, panel: find("#history") });
    const answers: Record<Request, () => void> = {
      link: () => link.open(),
      properties: () => block.change(),
      inlineMath: () => block.create("inlineMath"),
      blockMath: () => block.create("blockMath"),
      embed: () => block.create("embed"),
      image: () => uploads.choose("image"),
      file: () => uploads.choose("file"),
      comment: () => this.#mayComment && this.#comments?.open(),
      toolbar: () => toolbar && focusToolbar(toolbar),
      ...mountViews(this.#page, editor, this.#config.principal),
      markdown: () => void copyAsMarkdown(editor.state.doc),
      save: () => {
        toast(this.#saveState.text);
        history?.offerName();
      },
    };
    find("#copy-markdown")?.addEventListener("click", () => answers.markdown());
    this.#page.addEventListener("ask", (event) => answers[(event as CustomEvent<Request>).detail]());
    this.#page.addEventListener("click", ({ target }) => {
      const request = (target as Element).closest<HTMLElement>("[data-ask]")?.dataset.ask;
      if (request && request in answers) answers[request as Request]();
    });
    document.addEventListener("keydown", (event) => {
      const request = event.defaultPrevented || document.querySelector("dialog[open]") ? null : requestOf(event);
      if (!request) return;
      event.preventDefault();
      answers[request]();
    });
  }

  #mountComments(editor: Editor): CommentForm | null {
    const panel = find("#comments-panel");
    if (!panel) return null;
    const highlight = new CommentHighlight();
    const cards = new Cards({ panel, editor, highlight, principal: this.#config.principal });
    const form = find<HTMLFormElement>("#comment-form");
    if (!form) return null;
    const { documentId } = this.#config;
    const comments = new CommentForm({ form, panel, editor, documentId, moved: () => cards.align() });
    cards.form = comments;
    return comments;
  }

  /** Mod+Enter sends, what is refused comes back, and the tab's title follows the document's. */
  #attendForms(): void {
    sayWhatWaits(this.#page, () => this.#session.socket.isOpen);
    keepUntilAccepted(this.#page, this.#config.principal, (form) => {
      if (form.id === "comment-form") this.#comments?.reopen();
    });
    this.#page.addEventListener("keydown", (event) => {
      const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey);
      if (!isSend || !(event.target instanceof HTMLTextAreaElement)) return;
      event.preventDefault();
      event.target.form?.requestSubmit();
    });
    // A title that was emptied is not sent: the old one stands, and is shown again.
    this.#page.addEventListener("focusout", ({ target }) => {
      if (target instanceof HTMLInputElement && target.required && !target.value.trim())
        target.value = target.defaultValue;
    });
    document.addEventListener("htmx:wsAfterMessage", () => {
      const title = find("#document-title h1")?.textContent?.trim();
      if (title) document.title = `${title} · Scriptorium`;
    });
  }

  get #mayComment(): boolean {
    return this.#level >= COMMENT_LEVEL && !this.#isEnded && find("#comment-form") !== null;
  }

  get #isEditable(): boolean {
    return this.#mayWrite && !this.#isEnded;
  }

  #refreshRights({ level, mayWrite }: Rights): void {
    if (level > this.#level) toast(t("You can do more here now. Reload the page to see everything."));
    this.#level = level;
    this.#mayWrite = mayWrite;
    this.#refreshEditable();
  }

  #refreshEditable(): void {
    const editor = this.#editor;
    if (!editor || editor.isEditable === this.#isEditable) return;
    editor.setEditable(this.#isEditable);
    // The toolbar and the bubble look at the editor after transactions only.
    editor.view.dispatch(editor.state.tr);
  }

  #act(action: "retry" | "copy" | "reload"): void {
    if (action === "reload") this.#reload();
    else if (action === "retry") this.#retry();
    else void this.#copyText();
  }

  #reload(): void {
    if (this.#saveState.facts.isKept) this.#saveState.release();
    location.reload();
  }

  #retry(): void {
    this.#saveState.tell({ kind: "connecting" });
    this.#session.retry();
  }

  #leftOver(found: LeftOver[]): void {
    const discard = (name: string) => this.#session.keeping.discard(name);
    if (this.#editor) void offerLeftOver(this.#page, this.#editor, this.#config.title, found, discard);
  }

  #copyText(): Promise<boolean> {
    return copyAndSay(
      this.#editor ? textOf(this.#editor.state.doc) : { plain: this.#place.textContent ?? "", html: "" },
    );
  }

  #ended(sentence: string, isGone: boolean): void {
    this.#isEnded = true;
    this.#refreshEditable();
    const isUnsaved = this.#saveState.facts.unsaved > 0;
    const reload = { text: t("Reload"), run: () => this.#reload() };
    const copyText = { text: t("Copy my text"), run: () => void this.#copyText() };
    if (isUnsaved && isGone)
      showBanner(
        this.#page,
        "ended",
        [sentence, t("What you wrote is on this device only.")].join(" "),
        this.#waysOut(),
      );
    else showBanner(this.#page, "ended", sentence, isUnsaved ? [copyText, reload] : [reload]);
  }

  /** What was typed here can be taken away, and then nothing of the document stays on this device. */
  #waysOut(): BannerAction[] {
    if (!this.#editor) return [];
    const discard = async () => {
      this.#saveState.release();
      await this.#session.keeping.clear(true);
    };
    return actionsFor({ title: this.#config.title, text: this.#editor.state.doc, discard, taken: discard });
  }
}

/** Fragments for what this page was not given (its level was lower when it was rendered) have no place to go. */
function dropStrays(): void {
  document.addEventListener("htmx:wsBeforeMessage", (event) => {
    const { message } = (event as CustomEvent<{ message: string }>).detail;
    const id = /^\s*<\w+[^>]*\sid="([^"]+)"/.exec(message)?.[1];
    if (id && !document.getElementById(id)) event.preventDefault();
  });
}

const page = find("#document-page");
const place = find("#editor");
if (page && place) {
  const shown = new DocumentPage(page, place);
  // After htmx, which has been waiting for the same event: it must not miss the first fragments.
  document.addEventListener("DOMContentLoaded", () => shown.start());
}
