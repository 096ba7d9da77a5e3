import { escapeLines } from "../../../../../../src/bytes/text.ts";
import { linkify } from "../../lib/linkify.ts";
import { split } from "../../lib/marks.ts";

/**
 * What somebody wrote, as text: what is invisible or turns the order of letters around is shown, addresses are links. Where
 * it was looked for, what was found is marked.
 */
export function Words({ text, wanted = "" }: { readonly text: string; readonly wanted?: string }) {
  return (
    <>
      {linkify(escapeLines(text)).map(({ text: piece, href }, at) =>
        href === null ? (
          marked(piece, wanted)
        ) : (
          <a key={`${at} ${href}`} href={href} target="_blank" rel="noopener noreferrer">
            {marked(piece, wanted)}
          </a>
        ),
      )}
    </>
  );
}

function marked(piece: string, wanted: string) {
  if (wanted === "") return piece;
  return split(piece, wanted).map((part, at) => (at % 2 === 0 ? part : <mark key={`${at} ${part}`}>{part}</mark>));
}
