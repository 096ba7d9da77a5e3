const ascii = /^[\0-\x7f]*$/;
/** What NFKD leaves of an accent; there are few texts without any in which it has to be looked closer. */
const anyAccent = /[\u0300-\u036f]/;
/**
 * Accents of Latin and Greek letters, and of `ё`, which Russians write `е`. Elsewhere such signs make other letters, or are
 * vowels: `й` is no `и`, `が` no `か`.
 */
const accents = /([\p{Script=Latin}\p{Script=Greek}])[\u0300-\u036f]+|(е)\u0308/gu;
/** Letters with a stroke through them, which Unicode takes for letters of their own, and who has no such key does not. */
const struck: Readonly<Record<string, string>> = { đ: "d", ħ: "h", ł: "l", ø: "o", ŧ: "t" };
const anyStruck = /[đħłøŧ]/g;

/** A text as searches compare it: the same whatever the case, the width and the accents of its letters. */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  const apart = text.toLowerCase().normalize("NFKD").toLowerCase();
  const plain = anyAccent.test(apart) ? apart.replace(accents, "$1$2") : apart;
  return plain.replace(anyStruck, (letter) => struck[letter] ?? letter).normalize("NFC");
}
