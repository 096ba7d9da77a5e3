import { deepStrictEqual, ok } from "node:assert";
import { edit } from "../../src/bytes/edit.ts";
import { Telnet } from "../../src/bytes/telnet.ts";
import { cut } from "../bytes/chunks.ts";

const IAC = 255;
const DONT = 254;
const WONT = 252;
const YES = "[tincan: yes]\r\n";

/** The first byte says where the rest is cut; the data must not depend on it, and answers are refusals that end. */
export const target = {
  name: "telnet",
  corpus: [
    [1, IAC, 253, 1, IAC, 251, 31, 0x61, IAC, 250, 24, 0, IAC, IAC, IAC, 240, 0x62, 0x0a],
    [2, 0x61, IAC, 244, IAC, 253, 6, IAC, 246, IAC, IAC, IAC, 247, 0x08, 0x7f],
  ].map((list) => Uint8Array.from(list)),
  run(input: Uint8Array): void {
    const [step = 0, ...rest] = input;
    const data = Uint8Array.from(rest);
    const whole = feed([data.slice()]);
    const positions =
      step === 0 ? [] : Array.from({ length: Math.floor(data.length / step) }, (_, i) => (i + 1) * step);
    const split = feed(cut(data, positions));
    deepStrictEqual(split.data, whole.data);
    for (const answers of [whole.answers, split.answers]) checkAnswers(answers);
    if (!data.includes(IAC)) deepStrictEqual(Buffer.from(whole.data), Buffer.from(data));
    checkEdit(Buffer.from(whole.data).toString());
  },
};

function feed(chunks: Iterable<Uint8Array>): { data: number[]; answers: Uint8Array } {
  const telnet = new Telnet();
  const data: number[] = [];
  const answers: Uint8Array[] = [];
  for (const chunk of chunks) {
    data.push(...telnet.push(chunk));
    const answer = telnet.answer();
    ok(answer === null || answer.length <= 1600, "an answer is not bounded");
    if (answer) answers.push(answer);
  }
  return { data, answers: Buffer.concat(answers) };
}

/** Only `IAC DONT x`, `IAC WONT x` and the answer to AYT; each option at most once in each direction, TIMING-MARK aside. */
function checkAnswers(answers: Uint8Array): void {
  const seen = new Set<string>();
  const refusals = Buffer.from(answers).toString("latin1").replaceAll(YES, "");
  ok(refusals.length % 3 === 0, "an answer is not whole");
  for (let at = 0; at < refusals.length; at += 3) {
    const [iac, verb, option] = [0, 1, 2].map((i) => refusals.charCodeAt(at + i));
    ok(iac === IAC && (verb === DONT || verb === WONT), `byte ${at} does not begin a refusal`);
    ok(option === 6 || !seen.has(`${verb} ${option}`), `option ${option} is refused twice`);
    seen.add(`${verb} ${option}`);
  }
}

function checkEdit(line: string): void {
  const seen = edit(line);
  ok(seen.length <= line.length, "editing made a line longer");
  for (const key of ["\b", "\x7f", "\x15", "\x03"]) ok(!seen.includes(key), "an editing key is left");
}
