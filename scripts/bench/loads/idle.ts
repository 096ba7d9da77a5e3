import type { Step } from "./forms.ts";
import { enterAll, type Visitor } from "./visitor.ts";

/** Many who are there, read what comes, and say nothing. */
export interface Crowd {
  /** How many are still connected. */
  present(): number;
  leave(): void;
}

/** Lets `count` connections in; rejects when one is refused. */
export async function gather(port: number, count: number, steps: (at: number) => readonly Step[]): Promise<Crowd> {
  const crowd: readonly Visitor[] = await enterAll(port, count, steps);
  return {
    present: () => crowd.filter(({ alive }) => alive).length,
    leave: () => crowd.forEach((visitor) => void visitor.close()),
  };
}
