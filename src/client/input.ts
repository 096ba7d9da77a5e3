import { Lines } from "../bytes/lines.ts";

/** The lines of stdin; null stands for a line of more than `max` bytes, which is left out. */
export async function* stdinLines(max: number): AsyncGenerator<string | null> {
  const lines = new Lines(max);
  for await (const chunk of process.stdin) yield* lines.push(chunk);
  yield* lines.end();
}
