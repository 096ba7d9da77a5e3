import { escapeLines } from "../../../../../../src/bytes/text.ts";
import { linkify } from "../../lib/linkify.ts";

/** What somebody wrote, as text: what is invisible or turns the order of letters around is shown, addresses are links. */
export function Words({ text }: { readonly text: string }) {
  return (
    <>
      {linkify(escapeLines(text)).map(({ text: piece, href }, at) =>
        href === null ? (
          piece
        ) : (
          <a key={`${at} ${href}`} href={href} target="_blank" rel="noopener noreferrer">
            {piece}
          </a>
        ),
      )}
    </>
  );
}
