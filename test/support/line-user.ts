import type { Inbox } from "./inbox.ts";
import type { Program } from "./program.ts";
import { connect, type Endpoint } from "./tcp.ts";

/** Whatever a person types into: a program with a stdin, or a socket. */
interface Typewriter {
  write(text: string): Promise<void>;
}

/** Someone at the line door, whatever client they came with: types lines and looks for lines. */
export class LineUser {
  constructor(
    private readonly keyboard: Typewriter,
    readonly screen: Inbox,
    /** What their client sends for Enter. */
    private readonly enter = "\n",
  ) {}

  /** Someone with a real client that is already running and connected. */
  static at(program: Program, enter?: string): LineUser {
    return new LineUser(program, program.stdout, enter);
  }

  async say(line: string): Promise<void> {
    await this.keyboard.write(line + this.enter);
  }

  /** The first line from here on that matches; without the line end. */
  hears(wanted: string | RegExp): Promise<string> {
    return this.screen.readLineWith(wanted);
  }

  /** Takes a name and waits until it is granted. */
  async isCalled(name: string): Promise<this> {
    await this.say(`/nick ${name}`);
    await this.hears(new RegExp(`^-- .*\\b${name}\\b`));
    return this;
  }
}

/** A line user on a plain socket of the test's own, for what needs no real client. */
export async function lineClient(to: Endpoint, name: string) {
  const tcp = await connect(to);
  const user = await new LineUser(tcp, tcp.inbox).isCalled(name);
  return { tcp, user, [Symbol.dispose]: () => tcp[Symbol.dispose]() };
}
