import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseEprt, parsePort, refusesTarget } from "../../../protocols/ftp/data/active.ts";
import { unreached } from "../../../protocols/ftp/data/explain.ts";
import { resolvePath, splitPath } from "../../../protocols/ftp/paths.ts";
import { parseLine } from "../../../protocols/ftp/raw-line.ts";
import { quotedPath, replyText } from "../../../protocols/ftp/reply.ts";
import { FromNetwork, ToNetwork } from "../../../protocols/ftp/transfer/net-ascii.ts";

describe("replies", () => {
  test("are one line, or several of which only the last has the code and a space", () => {
    expect(replyText({ code: 200, text: "fine" })).toBe("200 fine\r\n");
    expect(replyText({ code: 211, text: "Features:", lines: ["SIZE", "211 forged"] })).toBe(
      "211-Features:\r\n SIZE\r\n 211 forged\r\n211 End\r\n",
    );
  });

  test("hold what ends a line nowhere else", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, line) => {
        expect(replyText({ code: 250, text }).match(/[\r\n\0]/g)).toEqual(["\r", "\n"]);
        expect(replyText({ code: 250, text, lines: [line] }).match(/[\r\n\0]/g)?.length).toBe(6);
      }),
    );
  });

  test("have paths in double quotes, those inside doubled", () => {
    expect(quotedPath('/a "b"')).toBe('"/a ""b"""');
  });
});

describe("lines", () => {
  test("are a verb in any case, one blank, and the argument as it is", () => {
    expect(parseLine("retr  two  blanks ")).toEqual({ verb: "RETR", argument: " two  blanks " });
    expect(parseLine("NOOP")).toEqual({ verb: "NOOP", argument: "" });
    expect(parseLine("\x03ABOR")).toEqual({ verb: "ABOR", argument: "" });
    expect(parseLine("\x03\xf2ABOR ")).toEqual({ verb: "ABOR", argument: "" });
  });
});

describe("paths", () => {
  test("lead from the folder that one is in, and never above the root", () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ["/", "a", "/a"],
      ["/a", "b/c", "/a/b/c"],
      ["/a/b", "..", "/a"],
      ["/a/b", "../../../c", "/c"],
      ["/a", "/b/./c//d/", "/b/c/d"],
      ["/a", "", "/a"],
      ["/a", ".", "/a"],
      ["/", "..", "/"],
      ["/a", "~/b", "/a/~/b"],
    ];
    for (const [cwd, path, whole] of cases) expect(resolvePath(cwd, path)).toBe(whole);
    expect(splitPath("/a/b")).toEqual({ folder: "/a", name: "b" });
    expect(splitPath("/a")).toEqual({ folder: "/", name: "a" });
  });

  test("are absolute and have no dots, whatever is asked", () => {
    const part = fc.constantFrom("..", ".", "", "a", "...", "b c");
    fc.assert(
      fc.property(fc.array(part), fc.array(part), (cwd, path) => {
        const parts = resolvePath(resolvePath("/", cwd.join("/")), path.join("/"))
          .slice(1)
          .split("/");
        expect(parts.some((it) => it === ".." || it === ".")).toBe(false);
      }),
    );
  });
});

describe("where to dial", () => {
  test("is six numbers, or |1|address|port|", () => {
    expect(parsePort("127,0,0,1,4,1")).toEqual({ host: "127.0.0.1", port: 1025 });
    for (const bad of [
      "",
      "1,2,3,4,5",
      "1,2,3,4,5,256",
      "1,2,3,4,5,6,7",
      "a,b,c,d,e,f",
      "1,2,3,4,5,-6",
      "1.2.3.4,5,6",
    ]) {
      expect(parsePort(bad)).toBeNull();
    }
    expect(parseEprt("|1|132.235.1.2|6275|")).toEqual({ host: "132.235.1.2", port: 6275 });
    expect(parseEprt("|2|1080::8:800:200C:417A|5282|")).toEqual({ host: "1080::8:800:200c:417a", port: 5282 });
    expect(parseEprt("!1!10.0.0.1!2000!")).toEqual({ host: "10.0.0.1", port: 2000 });
    expect(parseEprt("|3|x|1|")).toBe("family");
    for (const bad of [
      "",
      "|",
      "|1|10.0.0.1|0|",
      "|1|10.0.0.1|65536|",
      "|1|::1|2000|",
      "|2|10.0.0.1|2000|",
      " 1 2 3 ",
    ]) {
      expect(parseEprt(bad)).toBeNull();
    }
  });

  test("is the client itself and no port of the system, however its address is written", () => {
    expect(refusesTarget({ host: "10.0.0.1", port: 1024 }, "10.0.0.1")).toBeNull();
    expect(refusesTarget({ host: "10.0.0.1", port: 1024 }, "::ffff:10.0.0.1")).toBeNull();
    expect(refusesTarget({ host: "1080:0:0:0:8:800:200C:417A", port: 5000 }, "1080::8:800:200c:417a")).toBeNull();
    expect(refusesTarget({ host: "10.0.0.2", port: 5000 }, "10.0.0.1")).not.toBeNull();
    expect(refusesTarget({ host: "10.0.0.1", port: 1023 }, "10.0.0.1")).not.toBeNull();
  });
});

describe("why a passive connection did not come", () => {
  const usual = {
    announced: "192.168.1.5",
    configured: false,
    port: 9501,
    peer: "203.0.113.9",
    seconds: 30,
    ports: { from: 9500, to: 9599 },
    strangers: { count: 0, last: "" },
  };

  test("names both addresses, the port and an option", () => {
    const sentence = unreached(usual);
    for (const part of ["192.168.1.5 port 9501", "203.0.113.9", "30 s", "--passive-address", "9500 to 9599"]) {
      expect(sentence).toContain(part);
    }
  });

  test("is guessed from the addresses", () => {
    expect(unreached({ ...usual, configured: true, announced: "198.51.100.1" })).toContain("change --passive-address");
    expect(unreached({ ...usual, peer: "192.168.1.9" })).toContain("firewall");
    expect(unreached({ ...usual, peer: "192.168.1.9" })).not.toContain("--passive-address");
    expect(unreached({ ...usual, strangers: { count: 2, last: "203.0.113.10" } })).toContain("203.0.113.10");
    expect(unreached({ ...usual, ports: null })).toContain("--passive-ports");
    expect(unreached({ ...usual, announced: "2001:db8::1", peer: "2001:db8::2" })).toContain("[2001:db8::1] port");
  });
});

describe("text on the network", () => {
  const split = (bytes: Uint8Array, at: readonly number[]) => {
    const cuts = [0, ...at.map((it) => it % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
    return cuts.slice(1).map((to, i) => bytes.subarray(cuts[i], to));
  };
  const bytes = fc.array(fc.constantFrom(10, 13, 65), { maxLength: 20 }).map((it) => Uint8Array.from(it));
  const cuts = fc.array(fc.nat(20), { maxLength: 4 });

  test("has CR LF for LF, however it is cut", () => {
    fc.assert(
      fc.property(bytes, cuts, (file, at) => {
        const network = new ToNetwork();
        const sent = Buffer.concat(split(file, at).map((piece) => network.push(piece)));
        expect(sent.toString()).toBe(Buffer.from(file).toString().replace(/\r?\n/g, "\r\n"));
      }),
    );
  });

  test("becomes LF again, however it is cut, and keeps every other CR", () => {
    fc.assert(
      fc.property(bytes, cuts, (sent, at) => {
        const network = new FromNetwork();
        const pieces = split(sent, at).map((piece) => Buffer.from(network.push(piece)));
        const file = Buffer.concat([...pieces, network.end()]);
        expect(file.toString()).toBe(Buffer.from(sent).toString().replaceAll("\r\n", "\n"));
      }),
    );
  });
});
