import { spawnSync } from "node:child_process";
import { calcsize, pack, StructError, type StructValue, unpack } from "../../src/bytes/struct.ts";

export type Question =
  | { readonly do: "size"; readonly format: string }
  | { readonly do: "pack"; readonly format: string; readonly values: readonly StructValue[] }
  | { readonly do: "unpack"; readonly format: string; readonly bytes: Uint8Array };

/** What one question is answered, in the words of JSON that both sides share. */
type Answer = number | string | readonly Tagged[] | { readonly error: string };
type Tagged = readonly ["i" | "f" | "b", string] | readonly ["t", boolean];

/** Asks the real Python all questions at once. */
export function askPython(python: string, questions: readonly Question[]): Answer[] {
  const input = JSON.stringify(questions.map(plain));
  const script = new URL("ask_struct.py", import.meta.url).pathname;
  const told = spawnSync(python, [script], { input, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (told.status !== 0) throw new Error(told.stderr);
  return JSON.parse(told.stdout) as Answer[];
}

/** Asks the code under test the same. */
export function askTincan(question: Question): Answer {
  try {
    if (question.do === "size") return calcsize(question.format);
    if (question.do === "pack") return pack(question.format, ...question.values).toHex();
    return unpack(question.format, question.bytes).map((found) => tagged(found, question.format));
  } catch (error) {
    if (error instanceof StructError) return { error: error.message };
    throw error;
  }
}

function plain(question: Question): unknown {
  if (question.do === "pack") {
    return { ...question, values: question.values.map((value) => tagged(value, question.format)) };
  }
  return question.do === "unpack" ? { ...question, bytes: question.bytes.toHex() } : question;
}

/** Whether a number is an integer or a float is told by the format, which has letters of one sort only. */
function tagged(value: StructValue, format: string): Tagged {
  if (value instanceof Uint8Array) return ["b", value.toHex()];
  if (typeof value === "boolean") return ["t", value];
  if (typeof value === "bigint") return ["i", String(value)];
  if (Number.isNaN(value)) return ["f", "nan"];
  if (Number.isInteger(value) && !/[efd]/.test(format)) return ["i", String(BigInt(value))];
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  return ["f", new Uint8Array(bits.buffer).toHex()];
}
