/** Whether a person's browser asks, who is better served by a page than by JSON. */
export function wantsPage(fields: ReadonlyMap<string, string>): boolean {
  return /\btext\/html\b/i.test(fields.get("accept") ?? "");
}
