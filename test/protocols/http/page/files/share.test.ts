import { expect, test } from "bun:test";
import { waysTo } from "../../../../../protocols/http/page/app/files/share.ts";
import { fileUrl, socketUrl } from "../../../../../protocols/http/page/app/lib/urls.ts";

const ports = { ftp: 8421, commands: 8400 };

test("a file has an address for every client, that can be pasted as it is", () => {
  expect(waysTo("http://box:8480/", "/a b/it's $5.txt", false, ports).map(({ text }) => text)).toEqual([
    "http://box:8480/files/a%20b/it%27s%20%245.txt",
    "curl -fo 'it'\\''s $5.txt' http://box:8480/files/a%20b/it%27s%20%245.txt",
    "ftp://box:8421/a%20b/it%27s%20%245.txt",
    "tincan get tincan://box:8400/a%20b/it%27s%20%245.txt",
  ]);
});

test("a folder is fetched whole", () => {
  const ways = waysTo("https://[::1]:8843/x/", "/photos", true, { ftp: 21, commands: 8400 });
  expect(ways.map(({ text }) => text)).toEqual([
    "https://[::1]:8843/x/files/photos/",
    "curl -fsS 'https://[::1]:8843/x/files/photos/?archive=tar' | tar x",
    "ftp://[::1]/photos/",
    "tincan get -r 'tincan://[::1]:8400/photos'",
  ]);
});

test("a door that is closed is not named", () => {
  expect(waysTo("http://box/", "/a", false, {}).map(({ key }) => key)).toEqual(["link", "curl"]);
});

test("addresses lie below where the page says", () => {
  expect(socketUrl("https://box/chat/")).toBe("wss://box/chat/ws");
  expect(socketUrl("http://box:8480/")).toBe("ws://box:8480/ws");
  expect(fileUrl("http://box/", "/一/?#%.txt")).toBe("http://box/files/%E4%B8%80/%3F%23%25.txt");
});
