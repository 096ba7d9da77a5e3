import { expect, test } from "bun:test";
import { shellWord } from "../../src/bytes/shell.ts";
import { listingWay, waysTo, waysToAdd } from "../../src/files/ways.ts";
import { run } from "../support/program.ts";

const reach = { host: "10.0.0.5", framed: 8400, ftp: 8421, http: null };

test.each([
  ["/a.txt", "tincan get 10.0.0.5/a.txt", "ftp://10.0.0.5:8421/a.txt"],
  ["/a b/it's", "tincan get '10.0.0.5/a b/it'\\''s'", "ftp://10.0.0.5:8421/a%20b/it%27s"],
  ["/照片/100%.jpg", "tincan get '10.0.0.5/照片/100%.jpg'", "ftp://10.0.0.5:8421/%E7%85%A7%E7%89%87/100%25.jpg"],
  ["/\u202ex", "tincan get tincan://10.0.0.5/%E2%80%AEx", "ftp://10.0.0.5:8421/%E2%80%AEx"],
])("%s is fetched by %s", (path, command, address) => {
  expect(waysTo(path, reach)).toEqual([command, address]);
});

test("hosts, ports and folders", () => {
  expect(waysTo("/a", { ...reach, host: "::1", framed: 9000, ftp: 21 })).toEqual([
    "tincan get '[::1]:9000/a'",
    "ftp://[::1]/a",
  ]);
  expect(waysTo("/a", { ...reach, ftp: null }, true)).toEqual(["tincan get -r 10.0.0.5/a"]);
  expect(waysTo("/a", { host: "x", framed: null, ftp: null, http: null })).toEqual([]);
});

test("where browsers get in there is an address of the web, and no other", () => {
  const http = "http://10.0.0.5:8480/chat/files";
  expect(waysTo("/a b/100%.jpg", { ...reach, http })).toEqual([
    "tincan get '10.0.0.5/a b/100%.jpg'",
    "http://10.0.0.5:8480/chat/files/a%20b/100%25.jpg",
  ]);
  expect(waysTo("/a", { ...reach, framed: null, http }, true)).toEqual([`${http}/a/`]);
  expect(waysTo("/", { ...reach, framed: null, http }, true)).toEqual([`${http}/`]);
});

test("over TLS and for an account", () => {
  const secure = { host: "x", framed: 8401, ftp: null, http: null, tls: "--tls --fingerprint AB:CD", user: "ann" };
  expect(waysTo("/a", secure)).toEqual(["tincan get --tls --fingerprint AB:CD ann@x/a"]);
  expect(listingWay("/", { ...secure, framed: 9000 })).toBe("tincan ls --tls --fingerprint AB:CD ann@x:9000/");
});

test("a shell takes a quoted word for nothing but what it is", async () => {
  const words = ["$(touch x)", "`id`", "a'b\"c", "; ls", "~", "*", "-n", "!x", "a\\b", "#", "=x"];
  const { stdout } = await run(["sh", "-c", `printf '%s\\n' ${words.map(shellWord).join(" ")}`]);
  expect(stdout.split("\n").slice(0, -1)).toEqual(words);
});

test("a file is added by a command of tincan's, and by curl: by the web, else by FTP", () => {
  const http = "https://10.0.0.5:8843/files";
  expect(waysToAdd({ ...reach, framed: 9000, http })).toEqual([
    "tincan put FILE 10.0.0.5:9000/",
    "curl -k -T FILE https://10.0.0.5:8843/files/",
  ]);
  expect(waysToAdd({ ...reach, framed: null })).toEqual(["curl -T FILE ftp://10.0.0.5:8421/"]);
  expect(waysToAdd({ ...reach, framed: null, ftp: null })).toEqual([]);
});
