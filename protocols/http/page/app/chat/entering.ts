import { ignoreRefusals } from "./endings.ts";
import { type Link, Refused } from "./link.ts";
import type { RoomState, Welcome } from "./wire.ts";

/** How this page wants to come in. */
export interface Wish {
  readonly name: string | null;
  /** The rooms it was in, in their order. */
  readonly rooms: readonly string[];
  /** Of an earlier welcome: takes the name back from a connection that is half dead. */
  readonly session: string | null;
}

const NAME_CODES: ReadonlySet<string> = new Set(["name-taken", "name-reserved", "bad-name"]);

/**
 * Says hello until a name is granted: the wanted one, the same with `_` behind it (another tab may have it), a guest's.
 * @throws Refused, LinkDown
 */
export async function sayHello(link: Link, { name, rooms, session }: Wish): Promise<Welcome> {
  const names = name === null ? [undefined] : [name, `${name}_`, `${name}__`, undefined];
  const [room] = rooms;
  for (const wanted of names) {
    try {
      return await link.request("hello", {
        v: 1,
        service: "chat",
        ...(wanted !== undefined && { name: wanted }),
        ...(room !== undefined && { room }),
        ...(session !== null && { session }),
      });
    } catch (error) {
      const isNamed = error instanceof Refused && NAME_CODES.has(error.code);
      if (!isNamed || wanted === undefined) throw error;
    }
  }
  throw new Refused("bad-name", "no name was granted");
}

/** Comes in for the files alone, where there is no chat. @throws Refused, LinkDown */
export async function sayHelloToFiles(link: Link): Promise<void> {
  await link.request("hello", { v: 1, service: "files" });
}

/** @returns the first of these names that was to be had, or null. @throws LinkDown */
export async function takeOneOf(link: Link, names: readonly string[]): Promise<string | null> {
  for (const name of names) {
    const taken = await link.request("name", { name }).catch(ignoreRefusals);
    if (taken !== undefined) return taken.name;
  }
  return null;
}

/**
 * Goes into those of the rooms in which the welcome has not put this member already.
 * @returns all rooms that this member is in now; a room that refuses is not among them
 */
export async function joinAll(link: Link, welcome: Welcome, rooms: readonly string[]): Promise<readonly RoomState[]> {
  const here = welcome.rooms ?? [];
  const missing = rooms.filter((wanted) => !here.some(({ room }) => room === wanted));
  const joined = missing.map((room) => {
    return link.request("join", { room }).catch((error: unknown) => {
      if (error instanceof Refused) return null;
      throw error;
    });
  });
  const states = (await Promise.all(joined)).filter((state) => state !== null);
  return [...here, ...states];
}
