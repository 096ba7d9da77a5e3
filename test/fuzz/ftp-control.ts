import { deepStrictEqual, ok } from "node:assert";
import { cut } from "../bytes/chunks.ts";
import { MemoryFtp } from "../protocols/ftp/memory.ts";

const LF = 0x0a;
const NUL = 0x00;
const LOGIN = "USER ftp\r\nPASS x\r\n";
const text = (line: string) => Uint8Array.from(Buffer.from(`\x03${line}`, "latin1"));

/** Replies to what may interrupt a transfer: ABOR, STAT and QUIT, and it meets one or not by when it comes. */
const TIMELY = /^(?:226|211|213|221)/;

/**
 * The first byte says where the rest is cut; replies must be whole and must not depend on it. Paths are checked where the
 * vault gets them. Nothing is dialled but the client itself, and nothing is left open at the end.
 */
export const target = {
  name: "ftp-control",
  corpus: [
    text("CWD d\r\nPWD\r\nCDUP\r\nMKD d/../x\r\nRNFR f\r\nRNTO g\r\nDELE ../f\r\n"),
    text("TYPE I\r\nSIZE f\r\nMDTM 20260102030405 f\r\nMFMT 20260102030405 f\r\nHASH f\r\nREST 5\r\nALLO 7 R 1\r\n"),
    text(
      "EPSV\r\nLIST -al *f\r\nNOOP\r\nSTAT\r\nABOR\r\nPORT 127,0,0,1,4,1\r\nNLST\r\nEPRT |1|127.0.0.1|1025|\r\nMLSD\r\n",
    ),
    text(
      "OPTS UTF8 OFF\r\nCWD \xb2\xe2\xca\xd4\r\nOPTS MLST size;\r\nMLST f\r\nFEAT\r\nSITE CHMOD 777 f\r\nHELP stor\r\nSTAT d\r\n",
    ),
    text("\xff\xf4\xff\xf2ABOR\r\nAUTH TLS\r\nPBSZ 0\r\nREIN\r\nUSER x\r\nGET / HTTP/1.0\r\n"),
  ],
  async run(input: Uint8Array): Promise<void> {
    const [step = 0, ...rest] = input;
    const data = Uint8Array.from([...Buffer.from(LOGIN), ...rest]);
    const ends = Array.from(data, (byte, at) => (byte === LF || byte === NUL ? at + 1 : 0));
    const positions = Array.from({ length: Math.floor(step === 0 ? 0 : data.length / step) }, (_, i) => (i + 1) * step);
    const replies = await talk(cut(data, ends));
    deepStrictEqual(await talk(cut(data, [...ends, ...positions])), replies);
    const pipelined = await talk([data.slice()]);
    if (!replies.some((line) => TIMELY.test(line))) deepStrictEqual(pipelined, replies);
  },
};

/** The replies, one a line. */
async function talk(chunks: Iterable<Uint8Array>): Promise<readonly string[]> {
  const ftp = new MemoryFtp();
  for (const chunk of chunks) {
    if (ftp.conn.state === "open") await ftp.conn.type(chunk);
    // What was aborted, or could not be dialled, is told in the turns that follow.
    for (let turns = 0; turns < 8; turns++) await new Promise(setImmediate);
  }
  const bytes = ftp.conn.takeBytes();
  const lines = bytes
    .toString("latin1")
    .replace(/\xff[\xfc\xfe][\s\S]/g, "")
    .split("\r\n");
  ok(lines.pop() === "", "the last reply has no end");
  // An answer of telnet is not in the order of commands.
  const replies = lines.filter((line) => line !== "[tincan: yes]");
  checkReplies(replies);
  for (const { host, port } of ftp.dialled) ok(host === "127.0.0.1" && port >= 1024, `${host} ${port} was dialled`);
  ftp.conn.close();
  await new Promise(setImmediate);
  ok(ftp.listening === 0, "a port is left open");
  return replies;
}

/** RFC 959, section 4.2: `ddd text`, or `ddd-text` up to the line that begins with the same digits and a space. */
function checkReplies(lines: readonly string[]): void {
  let open: string | null = null;
  for (const line of lines) {
    ok(!/[\r\n\0]/.test(line), "a reply holds what ends a line");
    const [, code, more] = /^([1-5]\d\d)([ -])/.exec(line) ?? [];
    if (open === null) {
      ok(code !== undefined, `${JSON.stringify(line)} is no reply`);
      if (more === "-") open = code;
    } else if (code === open && more === " ") open = null;
    else ok(line.startsWith(" "), `${JSON.stringify(line)} stands within a reply`);
  }
  ok(open === null, "the last reply is not whole");
}
