/** A style sheet that stands in a page itself, and the policy under which that page has nothing else. */
export interface OwnStyle {
  readonly element: string;
  /** Content-Security-Policy: words and this very style, no script, no frame around it. */
  readonly policy: string;
}

/** @param forms where the buttons of the page may lead */
export function ownStyle(css: string, forms: "none" | "self" = "none"): OwnStyle {
  const hash = new Bun.CryptoHasher("sha256").update(css).digest("base64");
  return {
    element: `<style>${css}</style>`,
    policy: `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action '${forms}'; frame-ancestors 'none'`,
  };
}
