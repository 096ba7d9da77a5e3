/** Characters that a password has at least, and UTF-8 bytes that it has at most, so that nobody hashes a megabyte. */
const LEAST_CHARACTERS = 8;
const MOST_BYTES = 1024;

/** OWASP's parameters for argon2id: 19 MiB and two passes take 23 ms. */
const PARAMETERS = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;

/**
 * What is compared where there is no account, so that an unknown name costs what a wrong password costs (RFC 2577,
 * section 6). It has the same parameters; nobody knows a password for it.
 */
const NOBODY =
  "$argon2id$v=19$m=19456,t=2,p=1$RwXZ6U3idPLiTSlhD4aFZ6eq2ntB4SP7LHlVK26dK8I$4s6LgY/MXbuQaOA3skss2wJX8HFxYhp5W9E5Bb/lL1o";

/** A sentence about a password that is not taken, which does not show it; null when it is. */
export function refusesPassword(password: string): string | null {
  if ([...password].length < LEAST_CHARACTERS) return `a password has at least ${LEAST_CHARACTERS} characters`;
  if (Buffer.byteLength(password) > MOST_BYTES) return `a password has at most ${MOST_BYTES} bytes`;
  // What is not UTF-8 is read as this character, whatever it was, so that other passwords would do as well.
  if (password.includes("\uFFFD")) return "a password is taken in UTF-8 alone";
  // Clients cannot send a line end in one, and some cannot send the others.
  return /\p{Cc}/u.test(password) ? "a password has no control characters in it" : null;
}

/** Hashes a password in another thread. */
export function hashPassword(password: string): Promise<string> {
  return Bun.password.hash(password.normalize("NFC"), PARAMETERS);
}

/** Compares a password in another thread; without a hash it takes as long and is wrong. Rejects for a damaged hash. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const tried = refusesPassword(password) === null ? password.normalize("NFC") : "-";
  const right = await Bun.password.verify(tried, hash ?? NOBODY);
  return right && hash !== null;
}
