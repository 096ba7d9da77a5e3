/** A style sheet that stands in a page itself, and the policy under which that page has nothing else. */
export interface OwnStyle {
  readonly element: string;
  /** Content-Security-Policy: words and this very style, no script, no frame around it. */
  readonly policy: string;
}

/** Light or dark, as the system is. */
const BASE = ":root{color-scheme:light dark;background:Canvas;color:CanvasText}\n";

/** @param forms where the buttons of the page may lead */
export function ownStyle(css: string, forms: "none" | "self" = "none"): OwnStyle {
  const style = BASE + css;
  const hash = new Bun.CryptoHasher("sha256").update(style).digest("base64");
  return {
    element: `<style>${style}</style>`,
    policy: `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action '${forms}'; frame-ancestors 'none'`,
  };
}
