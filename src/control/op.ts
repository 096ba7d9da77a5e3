/** A request or an answer as it came over the wire: nobody has checked its fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a running daemon can be asked or told, by name. What it gives is sent back; a {@link ControlError} is, too. */
export type ControlOps = Readonly<Record<string, (fields: Fields) => object | Promise<object>>>;

/** A request was refused. `message` is one sentence for the person who made it, without a full stop. */
export class ControlError extends Error {
  override readonly name = "ControlError";
}
