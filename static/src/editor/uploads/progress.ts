/** How far an upload is, as whoever sends it sees it: a name, a bar, and a way to stop or to try again. */

import { button, element } from "../../ui/element";
import { t } from "../../words";

export class Progress {
  readonly dom = element("div", { class: "upload", contenteditable: "false" });
  readonly #stop = new AbortController();
  #bar = element("progress", { max: "1", value: "0" });

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get isCancelled(): boolean {
    return this.#stop.signal.aborted;
  }

  /** The next file: the `number`th of so many. */
  begin(name: string, number: number, count: number): void {
    const which = count > 1 ? t("{name} ({number} of {count})", { name, number, count }) : name;
    this.#bar = element("progress", { max: "1", value: "0", "aria-label": t("Uploading {name}", { name }) });
    const cancel = button(t("Cancel"), { class: "button button-quiet button-slim" }, () => this.#stop.abort());
    this.dom.replaceChildren(element("span", { class: "upload-name" }, which), this.#bar, cancel);
  }

  show(part: number): void {
    // The last of it is the site's work on the file, which takes as long as it takes.
    if (part < 1) this.#bar.value = part;
    else this.#bar.removeAttribute("value");
  }

  /** Says what has failed; whether it is to be tried again. */
  offerAgain(sentence: string): Promise<boolean> {
    const before = [...this.dom.childNodes];
    return new Promise((resolve) => {
      const answer = (again: boolean) => {
        this.dom.replaceChildren(...before);
        this.show(0);
        if (!again) this.#stop.abort();
        resolve(again);
      };
      const name = before[0] ?? "";
      this.dom.replaceChildren(
        name,
        element("span", { class: "upload-problem", role: "alert" }, sentence),
        button(t("Try again"), { class: "button button-slim" }, () => answer(true)),
        button(t("Remove"), { class: "button button-quiet button-slim" }, () => answer(false)),
      );
    });
  }
}
