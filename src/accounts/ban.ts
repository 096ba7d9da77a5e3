/** Addresses that are kept out. */
export interface Ban {
  /** `10.0.0.5`, `10.0.0.0/8`, `2001:db8::/64`. */
  readonly network: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** When it ends; null: never. */
  readonly until: number | null;
  readonly reason: string;
}
