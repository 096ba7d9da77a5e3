import { describe, expect } from "bun:test";
import { client } from "../support/clients.ts";
import { run } from "../support/program.ts";
import { startTincan } from "../support/tincan.ts";

const python = client("python3");

const SCRIPT = `
import socket, sys
port = int(sys.argv[1])
def enter(host, charset, name):
    chat = socket.create_connection((host, port), 20).makefile("rw", encoding=charset, newline="\\r\\n")
    say(chat, "/nick " + name)
    hear(chat, "you are now called " + name)
    return chat
def say(chat, text):
    chat.write(text + "\\n"); chat.flush()
def hear(chat, end):
    while True:
        line = chat.readline()
        assert line, "closed before " + end
        if line.endswith(end + "\\r\\n"): return line
old = enter("127.0.0.1", "gbk", "老王")
new = enter("::1", "utf-8", "小李")
say(old, "你好，世界")
assert hear(new, "世界") == "老王: 你好，世界\\r\\n"
say(new, "中文 😀 тест")
assert hear(old, "тест") == "小李: 中文 ? тест\\r\\n"
`;

describe("Python's codecs", () => {
  python.test("agree with --line-charset: a GBK terminal and one of UTF-8 talk", async () => {
    await using tincan = await startTincan(["--doors", "line", "--line-charset", "127.0.0.0/8=gbk"]);
    const { code, stderr } = await run([python.path, "-c", SCRIPT, String(tincan.port("line"))]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    python.exchanged(2);
  });
});
