import type { Exchange } from "./talk.ts";

const END_OF_HEAD = "\r\n\r\n";

/** GET of a small file on a connection that is kept: its bytes are compared, and of the head how long it is. */
export async function getExchange(port: number, path: string, body: Uint8Array): Promise<Exchange> {
  const question = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  const answer = await ask(port, question, body.length);
  const head = answer.length - body.length;
  if (!answer.subarray(head).equals(body)) throw new Error(`${path} is not the file: ${answer.subarray(0, 60)}`);
  return { question, answer, counted: null, compared: head };
}

/** One answer with `length` bytes of body. */
async function ask(port: number, question: Uint8Array, length: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  let got = Buffer.alloc(0);
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data(_, chunk) {
        got = Buffer.concat([got, chunk]);
        const end = got.indexOf(END_OF_HEAD);
        if (end >= 0 && got.length >= end + END_OF_HEAD.length + length) resolve(got);
      },
      close: () => reject(new Error("the server closed a connection")),
    },
  });
  socket.write(question);
  return await promise.finally(() => socket.terminate());
}
