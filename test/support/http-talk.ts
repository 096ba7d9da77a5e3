import type { TcpClient } from "./tcp.ts";

/** An answer of HTTP/1, read byte by byte by who shares no code with the server. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** The next answer of a connection; with `noBody` that of a HEAD. */
export async function readAnswer(client: TcpClient, { noBody = false } = {}): Promise<RawAnswer> {
  const head = await client.readUntil("\r\n\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3}) [A-Z]/.exec(head)?.[1]);
  const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(head) ?? [];
  const body = noBody || length === undefined ? "" : (await client.readExactly(Number(length))).toString();
  return { status, head, body };
}

/** All answers in what a connection said until its end. Throws where something else than answers stands there. */
export function answersIn(said: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = said; rest !== ""; ) {
    const end = rest.indexOf("\r\n\r\n") + 4;
    const head = rest.slice(0, end);
    const [, status] = /^HTTP\/1\.1 (\d{3}) [A-Z]/.exec(head) ?? [];
    if (end < 4 || status === undefined) throw new Error(`this is no answer: ${JSON.stringify(rest.slice(0, 200))}`);
    const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1] ?? 0);
    answers.push({ status: Number(status), head, body: rest.slice(end, end + length) });
    rest = rest.slice(end + length);
  }
  return answers;
}
