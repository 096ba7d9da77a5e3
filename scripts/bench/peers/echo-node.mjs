// Uppercase echo over TCP on Node's net: echo-node.mjs PORT
import { createServer } from "node:net";

const upper = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 97 && byte <= 122 ? byte - 32 : byte));

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("data", (chunk) => {
    for (let i = 0; i < chunk.length; i++) chunk[i] = upper[chunk[i]];
    if (!socket.write(chunk)) {
      socket.pause();
      socket.once("drain", () => socket.resume());
    }
  });
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 1024 });
