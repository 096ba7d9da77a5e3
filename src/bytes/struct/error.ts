/** A bad format, or values that do not fit one, in the words that Python's `struct.error` has for it. */
export class StructError extends Error {
  override readonly name = "StructError";
}
