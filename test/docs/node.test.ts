import { expect, test } from "bun:test";
import { resolve } from "node:path";

/** Debian 13's. */
const NODE = "20.19.2";

interface Lock {
  readonly packages: Readonly<Record<string, { readonly engines?: { readonly node?: string } }>>;
}

test("no dependency asks for a later Node than the README does, but the one that it names", async () => {
  const lock = (await Bun.file(resolve(import.meta.dir, "../../package-lock.json")).json()) as Lock;
  const later = Object.entries(lock.packages).flatMap(([path, { engines }]) => {
    return Bun.semver.satisfies(NODE, engines?.node ?? "*") ? [] : path.replace("node_modules/", "");
  });
  expect(later).toEqual(["@prometheus-io/client"]);
});
