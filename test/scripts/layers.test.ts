import { describe, expect, test } from "bun:test";
import { strays } from "../../scripts/layers.ts";

describe("an import is refused", () => {
  test.each([
    ["of another door, however deep", "protocols/http/openapi/rows/files.ts", "../../../ftp/reply.ts"],
    ["of the list of doors by a door", "protocols/echo/index.ts", "../index.ts"],
    ["of a command by a door", "protocols/http/page/routes.ts", "../../../src/commands/serve.ts"],
    ["of a socket by the chat", "src/chat/hub.ts", "../net/protocol.ts"],
    ["of the daemon by the network", "src/net/stream-door.ts", "../daemon.ts"],
    ["of a service by a client, but for its messages", "src/client/wire.ts", "../../protocols/services/channel.ts"],
    ["of the server by the page", "protocols/http/page/app/lib/ask.ts", "../../routes.ts"],
    ["of the page by the server", "protocols/http/session.ts", "./page/app/settings.ts"],
  ])("%s", (_, file, path) => {
    expect(strays(file, `import type { Some } from "${path}";`)).toHaveLength(1);
    expect(strays(file, `const { some } = await import("${path}");`)).toHaveLength(1);
  });

  test("with what may be imported instead", () => {
    expect(strays("src/chat/room.ts", 'import { Vault } from "../files/vault.ts";')).toEqual([
      "src/chat/room.ts imports src/files/vault.ts, but src/chat may import src/bytes, src/clock.ts, src/nearest.ts",
    ]);
  });
});

test.each([
  ["src/client/files/part.ts", "../part-owner.ts"],
  ["src/client/messages.ts", "../../protocols/services/messages.ts"],
  ["protocols/http/ws/session.ts", "../../services/channel.ts"],
  ["protocols/ftp/transfer/upload.ts", "../../../src/files/access.ts"],
  ["src/config/load.ts", "../exit.ts"],
])("%s may import %s", (file, path) => {
  expect(strays(file, `import { some } from "${path}";`)).toEqual([]);
});

test("a new folder of src needs a row first, and a new one of protocols is a door", () => {
  expect(strays("src/irc/session.ts", "")).toEqual([
    "src/irc/session.ts is in a folder without a row in scripts/layers.ts",
  ]);
  expect(strays("protocols/irc/index.ts", 'import { Hub } from "../../src/chat/hub.ts";')).toEqual([]);
  expect(strays("protocols/irc/index.ts", 'import { say } from "../line/talking.ts";')).toHaveLength(1);
  expect(strays("protocols/index.ts", 'import { ircDoor } from "./irc/index.ts";')).toEqual([]);
});
