import { describe, expect, test } from "bun:test";
import { mkdirSync, utimesSync } from "node:fs";
import { until } from "../../support/deadline.ts";
import { FtpServer, type FtpUser } from "../../support/ftp.ts";

async function names(user: FtpUser, line: string): Promise<string[]> {
  const text = (await user.fetches(line)).toString();
  if (text === "") return [];
  expect(text).toEndWith("\r\n");
  return text.slice(0, -2).split("\r\n");
}

async function photos(flags?: readonly string[]): Promise<FtpServer> {
  const server = await FtpServer.start(flags);
  for (const name of ["a.txt", "b.txt", "c.jpg", "photos/d.txt", "photos/e.jpg", "-al", "[x].txt"]) {
    await server.write(name, name);
  }
  return server;
}

describe("lists", () => {
  test("LIST is as ls -l, and looks over flags", async () => {
    await using server = await photos();
    using user = await server.guest();
    const plain = await names(user, "LIST photos");
    expect(plain).toHaveLength(2);
    for (const line of plain) expect(line).toMatch(/^-rw-r--r-- +1 ftp +ftp +12 \w{3} [ \d]\d \d\d:\d\d [de]\.\w+$/);
    for (const line of ["LIST -al photos", "LIST -la -R photos", "LIST -l  photos", "LIST photos/", "LIST /photos/."]) {
      expect(await names(user, line)).toEqual(plain);
    }
    expect(await names(user, "LIST -al")).toHaveLength(6);
    expect(await names(user, "LIST ./-al")).toHaveLength(1);
    expect(await names(user, "LIST a.txt")).toHaveLength(1);
  });

  test("NLST gives names that can be sent back as they are", async () => {
    await using server = await photos();
    using user = await server.guest();
    expect(await names(user, "NLST photos")).toEqual(["photos/d.txt", "photos/e.jpg"]);
    expect(await names(user, "NLST photos/*.jpg")).toEqual(["photos/e.jpg"]);
    expect(await names(user, "NLST *.txt")).toEqual(["[x].txt", "a.txt", "b.txt"]);
    expect(await names(user, "NLST [x].txt")).toEqual(["[x].txt"]);
    expect(await names(user, "NLST ?.jpg")).toEqual(["c.jpg"]);
    expect(await names(user, "NLST photos/d.txt/")).toEqual(["photos/d.txt"]);
    expect(await names(user, "NLST *.none")).toEqual([]);
    await user.says("CWD photos", 250);
    expect(await names(user, "NLST")).toEqual(["d.txt", "e.jpg"]);
    expect(await names(user, "NLST ../*.jpg")).toEqual(["../c.jpg"]);
    await user.epsv();
    await user.says("NLST nowhere", 550);
    await user.says("LIST nowhere/*", 550);
  });

  test("a list that never gets its data connection leaves no folder open", async () => {
    await using server = await photos();
    using user = await server.guest();
    const before = server.tincan.fds();
    for (const line of ["LIST", "NLST", "NLST *.txt", "MLSD", "LIST -al photos"]) {
      await user.epsv();
      await user.sends(line);
      await user.says("ABOR", 426);
      await user.reads(226);
    }
    await until(
      () => server.tincan.fds() <= before,
      () => `${before} descriptors again, not ${server.tincan.fds()}`,
    );
  });

  test("a pattern costs bounded work, and braces are characters (CVE-2011-0418)", async () => {
    await using server = await photos();
    await server.write(`${"a".repeat(200)}b`, "x");
    using user = await server.guest();
    const before = server.tincan.cpu();
    await user.epsv();
    await user.says(`NLST ${"*a".repeat(100)}c`, 501);
    expect(await names(user, `NLST ${"*a".repeat(8)}c`)).toEqual([]);
    await user.epsv();
    await user.says(`NLST ${"{a,".repeat(50)}`, 550);
    expect(server.tincan.cpu() - before).toBeLessThan(0.5);
  });

  test("MLSD and MLST have the facts that were chosen", async () => {
    await using server = await photos();
    utimesSync(server.file("a.txt"), 1_577_934_245, 1_577_934_245);
    using user = await server.guest();
    const [line] = (await names(user, "MLSD")).filter((it) => it.endsWith(" a.txt"));
    expect(line).toMatch(/^type=file;size=5;modify=20200102030405;perm=\w+;unique=[^;]+;UNIX\.mode=0644; a\.txt$/);
    expect(await user.says("OPTS MLST size;type;nonsense;", 200)).toEndWith("MLST OPTS type;size;");
    expect(await user.says("MLST a.txt", 250)).toContain("\n type=file;size=5; /a.txt\n");
    expect(await user.says("FEAT", 211)).toContain("MLST type*;size*;modify;perm;");
    await user.epsv();
    await user.says("MLSD a.txt", 501);
    await user.says("MLST nowhere", 550);
    expect(await user.says("MDTM a.txt", 213)).toBe("213 20200102030405");
    await user.says("MFMT 20210102030405 a.txt", 213);
    expect(await user.says("MDTM a.txt", 213)).toBe("213 20210102030405");
    await user.says("MDTM 20220102030405 a.txt", 213);
    expect(await user.says("MDTM a.txt", 213)).toBe("213 20220102030405");
    await user.says("MFMT 20211302030405 a.txt", 501);
    // What is told is what was set.
    expect(await user.says("MFMT 19600102030405 a.txt", 213)).toBe("213 Modify=19600102030405; a.txt");
    expect(await user.says("MDTM a.txt", 213)).toBe("213 19600102030405");
    expect(await user.says("SITE CHMOD 044 a.txt", 200)).toContain("444");
    expect(await user.says("OPTS MLST", 200)).toBe("200 MLST OPTS");
  });

  test("STAT of a path comes over the control connection", async () => {
    await using server = await photos();
    using user = await server.guest();
    expect((await user.says("STAT photos", 213)).split("\n")).toHaveLength(4);
    await user.says("STAT nowhere", 550);
  });

  test("a folder of 20,000 files is whole, and its list can be broken off", async () => {
    await using server = await FtpServer.start();
    mkdirSync(server.file("many"));
    for (let i = 0; i < 20_000; i++) await server.write(`many/${i}`, "");
    using user = await server.guest();
    const all = await names(user, "NLST many");
    expect(new Set(all).size).toBe(20_000);
    using data = await user.opens();
    await user.says("LIST many", 150);
    data.reset();
    await user.reads(426);
    expect(await names(user, "NLST many")).toHaveLength(20_000);
  });
});

describe("names in another charset", () => {
  const GBK = Buffer.from("b2e2cad42e747874", "hex").toString("latin1");

  test("are UTF-8 at first, and GBK by OPTS UTF8 OFF, both ways", async () => {
    await using server = await FtpServer.start();
    await server.write("测试.txt", "hello");
    using user = await server.guest();
    await user.says(`SIZE ${GBK}`, 501);
    expect((await user.fetches("NLST")).toString()).toBe("测试.txt\r\n");
    await user.says("OPTS UTF8 OFF", 200);
    expect((await user.fetches("NLST")).toString("latin1")).toBe(`${GBK}\r\n`);
    expect((await user.fetches(`RETR ${GBK}`)).toString()).toBe("hello");
    await user.says(`MKD ${GBK}.d`, 257);
    await user.says("OPTS UTF8 ON", 200);
    expect((await user.fetches("NLST")).toString()).toBe("测试.txt\r\n测试.txt.d\r\n");
  });

  test("stay as they were chosen before the login, and another user does not change them", async () => {
    await using server = await FtpServer.start(["--ftp-charset", "gbk"]);
    using user = await server.client();
    // As the ftp.exe of Windows does.
    await user.says("OPTS UTF8 ON", 200);
    const logIn = async () => {
      await user.says("USER anonymous", 331);
      await user.says("PASS", 230);
    };
    const types = async () => (await user.says("STAT", 211)).split("\n").find((line) => line.includes("type"));
    await logIn();
    expect(await types()).toContain("type A, structure F, mode S, names in utf-8");
    await user.says("TYPE I", 200);
    await logIn();
    expect(await types()).toContain("type I, structure F, mode S, names in utf-8");
    await user.says("REIN", 220);
    await logIn();
    expect(await types()).toContain("type A, structure F, mode S, names in gbk");
  });

  test("are as --ftp-charset says, and what they cannot say is refused where it would be sent back", async () => {
    await using server = await FtpServer.start(["--allow-write", "--ftp-charset", "127.0.0.0/8=gbk"]);
    await server.write("测试.txt", "hello");
    mkdirSync(server.file("😀"));
    using user = await server.guest();
    expect((await user.fetches(`RETR ${GBK}`)).toString()).toBe("hello");
    expect((await user.fetches("NLST")).toString("latin1")).toBe(`${GBK}\r\n?\r\n`);
    await user.says("OPTS UTF8 ON", 200);
    await user.says(`CWD ${Buffer.from("😀").toString("latin1")}`, 250);
    expect(await user.says("PWD", 257)).toContain("😀");
    await user.says("OPTS UTF8 OFF", 200);
    await user.says("PWD", 550);
  });
});
