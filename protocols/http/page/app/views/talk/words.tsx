import { linkify } from "../../lib/linkify.ts";

/** What somebody wrote, as text; addresses in it are links. */
export function Words({ text }: { readonly text: string }) {
  return (
    <>
      {linkify(text).map(({ text: piece, href }, at) =>
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
