/** Whether a text has a name in it, as a word of its own. */
export function names(text: string, name: string | null): boolean {
  if (name === null) return false;
  const [said, wanted] = [text.toLowerCase(), name.toLowerCase()];
  const isLetter = (character: string | undefined) => character !== undefined && /[a-z0-9_]/.test(character);
  for (let at = said.indexOf(wanted); at >= 0; at = said.indexOf(wanted, at + 1)) {
    if (!isLetter(said[at - 1]) && !isLetter(said[at + wanted.length])) return true;
  }
  return false;
}
