/** Pictures that came within HTML, on their way to where the site keeps its files. */

/** Stores an image. Answers its address on this site and its size in pixels; fails for what is none. */
export type UploadImage = (file: File) => Promise<{ src: string; width: number; height: number }>;

/** The address of each on this site, null for those that could not be uploaded. `pictures` are `data:` addresses. */
export function uploadAll(pictures: readonly string[], upload: UploadImage): Promise<(string | null)[]> {
  return Promise.all(
    pictures.map(async (picture, at) => {
      try {
        return (await upload(fileOf(picture, at + 1))).src;
      } catch {
        return null; // the server says what it does not take; the person hears how many it were
      }
    }),
  );
}

function fileOf(picture: string, number: number): File {
  const [, type = "", data = ""] = /^data:(image\/[\w.+-]+);base64,(.*)$/is.exec(picture) ?? [];
  const letters = atob(decodeURIComponent(data).replace(/\s/g, ""));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  return new File([bytes], `pasted-${number}.${type.replace(/^image\/|\W.*$/g, "")}`, { type });
}
