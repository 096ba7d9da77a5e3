import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Telnet } from "../../src/bytes/telnet.ts";
import { bytes, cut, cutBytes, everyCut } from "./chunks.ts";

const IAC = 255;
const [DONT, DO, WONT, WILL, SB, GA, EL, EC, AYT, AO, IP, BRK, DM, NOP, SE] = [
  254, 253, 252, 251, 250, 249, 248, 247, 246, 245, 244, 243, 242, 241, 240,
] as const;
const YES = [...bytes("[tincan: yes]\r\n")];

function run(chunks: Iterable<Uint8Array>): { data: number[]; answers: number[] } {
  const telnet = new Telnet();
  const data: number[] = [];
  const answers: number[] = [];
  for (const chunk of chunks) {
    data.push(...telnet.push(chunk));
    answers.push(...(telnet.answer() ?? []));
  }
  return { data, answers };
}

const a = 0x61;
const b = 0x62;

describe("at every cut", () => {
  const cases: [string, number[], number[], number[]][] = [
    ["plain text passes", [a, b, 0x0a], [a, b, 0x0a], []],
    ["WILL is refused with DONT", [a, IAC, WILL, 24, b], [a, b], [IAC, DONT, 24]],
    ["DO is refused with WONT", [a, IAC, DO, 1, b], [a, b], [IAC, WONT, 1]],
    ["once for each option", [IAC, DO, 1, IAC, DO, 1, IAC, DO, 1], [], [IAC, WONT, 1]],
    ["and for each direction", [IAC, DO, 3, IAC, WILL, 3, IAC, DO, 3], [], [IAC, WONT, 3, IAC, DONT, 3]],
    ["WONT and DONT ask for nothing", [IAC, WONT, 1, IAC, DONT, 1, a], [a], []],
    ["option 255 is an option", [IAC, WILL, 255, a], [a], [IAC, DONT, 255]],
    ["IAC IAC is a byte", [a, IAC, IAC, b], [a, 0xff, b], []],
    ["a subnegotiation is skipped", [a, IAC, SB, 24, 0, a, IAC, IAC, SE, IAC, SE, b], [a, b], []],
    ["a lone SE is nothing", [a, IAC, SE, b], [a, b], []],
    ["NOP, DM, GA and AO are nothing", [a, IAC, NOP, IAC, DM, IAC, GA, IAC, AO, b], [a, b], []],
    ["EC and EL keep their place", [a, IAC, EC, b, IAC, EL, a], [a, 0x08, b, 0x15, a], []],
    ["so do IP and BRK", [a, IAC, IP, b, IAC, BRK], [a, 0x03, b, 0x03], []],
    ["AYT is answered", [a, IAC, AYT, b], [a, b], YES],
    ["a byte behind a lost DM is data", [IAC, IP, IAC, a, b], [0x03, a, b], []],
  ];
  for (const [name, input, data, answers] of cases) {
    test(name, () => {
      for (const chunks of everyCut(Uint8Array.from(input))) expect(run(chunks)).toEqual({ data, answers });
    });
  }
});

test("a chunk without commands is returned itself", () => {
  const chunk = bytes("hello");
  expect(new Telnet().push(chunk)).toBe(chunk);
});

test("DO TIMING-MARK is answered each time: a client shows nothing until it is", () => {
  const telnet = new Telnet();
  for (let i = 0; i < 3; i++) {
    telnet.push(Uint8Array.of(IAC, DO, 6));
    expect(telnet.answer()).toEqual(Uint8Array.of(IAC, WONT, 6));
  }
  expect(telnet.answer()).toBeNull();
});

test("answers are bounded, whatever a chunk asks", () => {
  const telnet = new Telnet();
  const options = Array.from({ length: 256 }, (_, i) => [IAC, WILL, i, IAC, DO, i, IAC, AYT, IAC, DO, 6]).flat();
  for (let i = 0; i < 50; i++) telnet.push(Uint8Array.from(options));
  expect(telnet.answer()?.length).toBe(256 * 3 + 255 * 3 + 3 + YES.length);
  telnet.push(Uint8Array.from(options));
  expect(telnet.answer()?.length).toBe(3 + YES.length);
});

test("a subnegotiation without an end holds nothing and says nothing", () => {
  const telnet = new Telnet();
  expect(telnet.push(Uint8Array.of(a, IAC, SB))).toEqual(Uint8Array.of(a));
  for (let i = 0; i < 100; i++) expect(telnet.push(new Uint8Array(1000).fill(a))).toHaveLength(0);
  expect(telnet.push(Uint8Array.of(IAC, SE, b))).toEqual(Uint8Array.of(b));
});

test("any bytes, cut anywhere, give the same data and only refusals", () => {
  fc.assert(
    fc.property(cutBytes([IAC, DO, WILL, SB, SE, IP, AYT, a], 300), ([input, at]) => {
      const whole = run([input.slice()]);
      const split = run(cut(input, at));
      expect(split.data).toEqual(whole.data);
      const twoSides = run([Uint8Array.from(split.answers)]);
      expect(twoSides.answers).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
