import { describe, expect } from "bun:test";
import { Page } from "../docs/markdown.ts";
import { Browser, browser } from "../support/browser.ts";
import { client } from "../support/clients.ts";
import { Nginx } from "../support/nginx.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan } from "../support/tincan.ts";

const nginx = client("nginx");
const curl = client("curl");

const HOST = "chat.example.org";
const TRUST = ["--allow-upload", "--min-free", "0", "--trust-proxy", "127.0.0.1", "--http-name", HOST];
const blocks = Page.read("README.md").section("Behind a proxy").blocks("");
const [whole = ""] = blocks.filter((block) => block.includes("map $http_upgrade"));
const [below = ""] = blocks.filter((block) => block.startsWith("  location /chat/"));

/** A tincan with a share, and an nginx before it that is set up as the README says. */
async function scene(prefix = "") {
  const share = new TempFolder();
  const flags = prefix === "" ? TRUST : [...TRUST, "--path-prefix", prefix];
  const tincan = await startTincan([share.path, ...flags]);
  const config = prefix === "" ? whole : whole.replace(/^ +location .*\n/m, below);
  const proxy = await Nginx.start(nginx.path, (port) =>
    config
      .replace("listen 80;", `listen 127.0.0.1:${port};`)
      .replace("10.0.0.5:8480", `127.0.0.1:${tincan.port("http")}`),
  );
  return {
    share,
    port: proxy.port,
    origin: `http://127.0.0.1:${proxy.port}${prefix}`,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await tincan[Symbol.asyncDispose]();
      share[Symbol.dispose]();
    },
  };
}

describe("behind nginx, set up as the README says", () => {
  for (const prefix of ["", "/chat"]) {
    browser.test(`the page talks and uploads, at ${prefix}/`, async () => {
      using local = new TempFolder();
      await using at = await scene(prefix);
      await using chromium = await Browser.launch();
      const ann = await chromium.user(at.port, { path: `${prefix}/` });
      const bob = await chromium.user(at.port, { path: `${prefix}/` });
      await ann.say("hello through nginx");
      await bob.hears("hello through nginx");
      await Bun.write(local.file("a note.txt"), "dropped");
      await ann.drop(".pane.files", local.file("a note.txt"));
      await ann.upload("a note.txt").locator("text=checked").waitFor();
      await bob.file("a note.txt").waitFor();
      expect(await Bun.file(at.share.file("a note.txt")).text()).toBe("dropped");
      expect(chromium.complaints).toEqual([]);
      browser.exchanged(2);
      nginx.exchanged(2);
    });

    nginx.test(`curl uploads, speaks and follows, below ${prefix}/`, async () => {
      await using at = await scene(prefix);
      const big = Buffer.alloc(3 << 20, "x");
      await Bun.write(at.share.file(".big"), big);
      const put = await run([
        curl.path,
        "-sS",
        "-T",
        at.share.file(".big"),
        `${at.origin}/files/big`,
        "-w",
        "%{http_code}",
      ]);
      expect(put.stdout).toEndWith("201");
      expect(Bun.file(at.share.file("big")).size).toBe(big.length);
      const room = `${at.origin}/api/rooms/lobby`;
      await using follower = new Program([curl.path, "-sSN", `${room}/events`]);
      await follower.stdout.readUntil("event: room");
      const say = await run([
        ...[curl.path, "-sS", "-H", "Content-Type: application/json", "-d", '{"text":"built","name":"ci"}'],
        ...["-H", `Origin: http://127.0.0.1:${at.port}`, `${room}/messages`],
      ]);
      expect(JSON.parse(say.stdout)).toMatchObject({ name: "ci" });
      await follower.stdout.readUntil('"text":"built"');
      nginx.exchanged(3);
      curl.exchanged(3);
    });
  }

  nginx.test("the name that was asked for is the one that counts", async () => {
    await using at = await scene();
    const status = async (...fields: readonly string[]) => {
      const headers = fields.flatMap((field) => ["-H", field]);
      const { stdout } = await run([
        curl.path,
        "-sS",
        "-o",
        "/dev/null",
        "-w",
        "%{http_code}",
        ...headers,
        `${at.origin}/`,
      ]);
      return stdout;
    };
    expect(await status(`Host: ${HOST}:${at.port}`)).toBe("200");
    expect(await status("Host: evil.example", `X-Forwarded-Host: ${HOST}`)).toBe("421");
    nginx.exchanged(2);
    curl.exchanged(2);
  });
});
