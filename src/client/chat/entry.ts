import { type Answer, type Fields, listOf, Refused, textOf } from "../messages.ts";
import type { Wire } from "../wire.ts";
import { RoomProgress } from "./room-progress.ts";

/** How one wants to be known. */
export interface Identity {
  /** Without it the server gives a guest name. */
  readonly name?: string;
  readonly room?: string;
  /** The session of an earlier hello, to take the name back from a connection that is half dead. */
  readonly session?: string;
  /** Of an account. */
  readonly user?: string;
  readonly password?: string;
}

/** What hello was answered. */
export interface Entered {
  readonly name: string;
  readonly session: string;
  readonly rooms: readonly RoomProgress[];
}

/** A server lets a refused hello be tried again five times. */
const OTHER_NAMES = 3;
/** Refusals that another name may cure. */
const ABOUT_NAME: readonly string[] = ["name-taken", "name-reserved", "bad-name"];

/** Says hello to the chat. Rejects with Refused, or when the connection ends. */
export async function enter(wire: Wire, identity: Identity): Promise<Entered> {
  return entered(await wire.ask("hello", { v: 1, service: "chat", ...identity } satisfies Fields));
}

/**
 * Says hello under one's old name, or, when somebody else has it by now, under one like it: `ann_`, `ann__`. In the end
 * as a guest, and at once where the name was a guest's: nobody can ask for such a one, but the session may bring it back.
 */
export async function enterAgain(wire: Wire, identity: Identity & { readonly name: string }): Promise<Entered> {
  const { name, ...nameless } = identity;
  for (let other = 0; other <= OTHER_NAMES; other++) {
    try {
      return await enter(wire, { ...identity, name: name + "_".repeat(other) });
    } catch (error) {
      if (!(error instanceof Refused && ABOUT_NAME.includes(error.code))) throw error;
      if (error.code === "name-reserved") break;
    }
  }
  return await enter(wire, nameless);
}

function entered(answer: Answer): Entered {
  return {
    name: textOf(answer, "name"),
    session: textOf(answer, "session"),
    rooms: listOf(answer, "rooms").map(RoomProgress.of),
  };
}
