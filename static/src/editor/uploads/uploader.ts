/** Sends files to the site, for the document of this page. Knows no editor: what comes back is an address. */

import { locale, t } from "../../words";

export interface UploadedImage {
  /** As an image's `src` (addresses.ts). */
  readonly src: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface UploadedFile {
  readonly src: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

export interface UploadOptions {
  /** Called with how much has been sent, from 0 to 1. */
  readonly progress?: (part: number) => void;
  /** Aborted, the promise is rejected with an UploadError. */
  readonly signal?: AbortSignal;
}

/** Its message is a sentence for whoever wanted to upload. */
export class UploadError extends Error {
  /** Whether the same file may be taken another time: the way to the site is what failed. */
  readonly isPassing: boolean;

  constructor(sentence: string, isPassing = false) {
    super(sentence);
    this.isPassing = isPassing;
  }
}

export class Uploader {
  readonly #address: string;
  readonly #largest: number;

  /** `largest` in bytes. */
  constructor(documentId: string, largest: number) {
    this.#address = `/d/${documentId}/files/`;
    this.#largest = largest;
  }

  /** An image of any name or none: the site looks at what it is. Rejects with an UploadError. */
  uploadImage(image: Blob, options: UploadOptions = {}): Promise<UploadedImage> {
    return this.#send(image, "image", options) as Promise<UploadedImage>;
  }

  /** Rejects with an UploadError. */
  uploadFile(file: File, options: UploadOptions = {}): Promise<UploadedFile> {
    return this.#send(file, "file", options) as Promise<UploadedFile>;
  }

  #send(file: Blob, kind: "image" | "file", { progress, signal }: UploadOptions): Promise<unknown> {
    if (file.size > this.#largest) return Promise.reject(new UploadError(tooLarge(this.#largest, file.size)));
    if (signal?.aborted) return Promise.reject(cancelled());
    const form = new FormData();
    form.append("kind", kind);
    form.append("file", file, file instanceof File ? file.name : "image");
    // fetch does not tell how much has been sent.
    const request = new XMLHttpRequest();
    const answered = new Promise((resolve, reject) => {
      request.addEventListener("load", () => {
        if (request.status === 201) resolve(JSON.parse(request.responseText));
        else reject(refusal(request.status, request.responseText));
      });
      request.addEventListener("error", () => reject(new UploadError(t("The site could not be reached."), true)));
      request.addEventListener("abort", () => reject(cancelled()));
      request.upload.addEventListener("progress", ({ loaded, total }) => progress?.(total ? loaded / total : 0));
    });
    signal?.addEventListener("abort", () => request.abort());
    request.open("POST", this.#address);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.send(form);
    return answered;
  }
}

function tooLarge(largest: number, size: number): string {
  return t("A file may have {most} MB; this has {size} MB.", { most: megabytes(largest), size: megabytes(size) });
}

function megabytes(bytes: number): string {
  return (Math.ceil(bytes / 100_000) / 10).toLocaleString(locale);
}

function cancelled(): UploadError {
  return new UploadError(t("The upload was cancelled."));
}

/** What a refusal says; proxies, and Django where a form is too old, do not answer JSON. */
function refusal(status: number, answer: string): UploadError {
  try {
    const { sentence } = JSON.parse(answer);
    if (typeof sentence === "string") return new UploadError(sentence, status >= 500);
  } catch {
    // as below
  }
  if (status === 413) return new UploadError(t("This file is larger than the site takes."));
  if (status === 403) return new UploadError(t("The site did not take it: reload the page, and try again."));
  return new UploadError(t("The site did not take it ({status}).", { status }), status >= 500);
}

function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}
