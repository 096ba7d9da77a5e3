import { describe, expect, test } from "bun:test";
import { readBasic } from "../../../../protocols/http/auth/basic.ts";
import { HttpError } from "../../../../protocols/http/wire/http-error.ts";

function read(field: string): string | number {
  try {
    const { user, password } = readBasic(field);
    return `${user}|${password}`;
  } catch (error) {
    if (error instanceof HttpError) return error.status;
    throw error;
  }
}

const of = (text: string, encoding: "utf8" | "latin1" = "utf8") => Buffer.from(text, encoding).toString("base64");

describe("Authorization: Basic", () => {
  for (const [what, field, due] of [
    ["is a user and a password", `Basic ${of("ann:secret")}`, "ann|secret"],
    ["may have colons in the password", `Basic ${of("ann:a:b:")}`, "ann|a:b:"],
    ["may have nothing on either side", `Basic ${of(":")}`, "|"],
    ["is written in any case, with any number of spaces", `bAsIc   ${of("ann:secret")}`, "ann|secret"],
    ["needs no padding", `Basic ${of("ann:secre").replace(/=+$/, "")}`, "ann|secre"],
    ["is UTF-8", `Basic ${of("änne:пароль")}`, "änne|пароль"],
    ["is latin1 where it cannot be UTF-8", `Basic ${of("änne:pässwörd", "latin1")}`, "änne|pässwörd"],
    ["needs a colon", `Basic ${of("ann")}`, 400],
    ["is base64", "Basic ann:secret", 401],
    ["is not two of them", `Basic ${of("ann:secret")}, Basic ${of("ann:secret")}`, 401],
    ["is not another scheme", "Bearer abc", 401],
    ["is not nothing", "Basic", 401],
  ] as const)
    test(what, () => expect(read(field)).toBe(due));
});
