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

/** What most texts in Latin and Cyrillic script need beside ASCII, in lower case, each folded by itself. */
const usual = /[\u00df-\u017fё]/g;
const foldedUsual = new Map<string, string>();
/** Of a text of these alone nothing is left to be done. */
const settled = /^[\0-\x7fßæœα-ωа-я\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff、。–—‘’“”]*$/;

/** A text as searches compare it: the same whatever the case, the width and the accents of its letters. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (ascii.test(lower)) return lower;
  // The whole way takes up to four times as long, and a search may go over all that was said in a room.
  const quick = lower.replace(usual, foldUsual);
  return settled.test(quick) ? quick : foldAll(lower);
}

function foldUsual(letter: string): string {
  const known = foldedUsual.get(letter);
  if (known !== undefined) return known;
  const folded = foldAll(letter);
  foldedUsual.set(letter, folded);
  return folded;
}

function foldAll(lower: string): string {
  const apart = lower.normalize("NFKD").toLowerCase();
  const plain = anyAccent.test(apart) ? apart.replace(accents, "$1$2") : apart;
  return plain.replace(anyStruck, (letter) => struck[letter] ?? letter).normalize("NFC");
}
