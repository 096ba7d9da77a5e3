/** What was typed or pasted, as the chat takes it: tabs as spaces, and no control characters, which no field shows. */
export function sayable(typed: string): string {
  return typed.replaceAll("\t", "    ").replace(/(?!\n)\p{Cc}/gu, "");
}
