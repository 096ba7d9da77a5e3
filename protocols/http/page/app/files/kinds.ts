/** What a file is shown as; null where the page cannot show it. */
export type Preview = "text" | "image" | "audio" | "video";

const ENDINGS: Readonly<Record<Preview, string>> = {
  image: "png jpg jpeg jfif gif webp avif bmp ico",
  audio: "mp3 m4a aac ogg oga opus flac wav weba",
  video: "mp4 m4v webm ogv mov",
  text:
    "txt md markdown log csv tsv json jsonl svg xml html htm css js mjs cjs ts tsx jsx py rb rs go c h cc cpp hpp java kt swift " +
    "sh bash zsh fish ps1 bat sql toml yaml yml ini conf cfg env diff patch srt vtt tex rst adoc lua pl php r dockerfile makefile",
};

const PREVIEWS: ReadonlyMap<string, Preview> = new Map(
  Object.entries(ENDINGS).flatMap(([kind, endings]) => endings.split(" ").map((end) => [end, kind as Preview])),
);

/** By the end of its name, as the server chooses the type too. */
export function previewOf(name: string): Preview | null {
  const end = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return PREVIEWS.get(end) ?? null;
}
