/** A disc with the first letter of a name, in a colour that the name always has. */
export function Avatar({ name }: { readonly name: string }) {
  const [letter = "?"] = name.replace(/^[^\p{L}\p{N}]+/u, "") || name;
  return (
    <span class="avatar" aria-hidden="true" style={{ "--hue": hueOf(name) }}>
      {letter.toUpperCase()}
    </span>
  );
}

/** Degrees on the colour circle. */
export function hueOf(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 3600;
  // Neighbours in the alphabet are far apart.
  return (sum * 47) % 360;
}
