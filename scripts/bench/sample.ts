/** What one turn of one server gave. What a case does not measure is absent. */
export interface Sample {
  /** The main figure, in the unit of the case: less is better. */
  readonly cost: number;
  /** Operations a second. */
  readonly rate?: number;
  readonly p99Ms?: number;
  /** Resident memory in bytes: under load, or with everybody there. */
  readonly memory?: number;
  /** Resident memory in bytes before anybody came. */
  readonly memoryBefore?: number;
  /** Until everybody was there. */
  readonly setupSeconds?: number;
  /** Wrong answers and broken connections, and the first of them in words. */
  readonly wrong: number;
  readonly firstWrong?: string;
  /** Datagrams or messages that did not come. */
  readonly lost: number;
  /** Messages that came late or twice. */
  readonly disordered: number;
  /** Cores that were busy with anything else. */
  readonly foreign: number;
}
