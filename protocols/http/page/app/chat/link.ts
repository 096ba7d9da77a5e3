import type { Op, Requests, ServerEvent } from "./wire.ts";

/** The server refused a request; `code` is of the protocol's closed list. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The connection ended before the answer was there: what was asked may have been done or not. */
export class LinkDown extends Error {
  override readonly name = "LinkDown";
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

interface Answer {
  readonly id?: number;
  readonly ok?: boolean;
  readonly error?: { readonly code: string; readonly message: string };
}

/** The conversation on one connection: requests find their answers by id, and what comes unasked is told. */
export class Link {
  readonly #waiting = new Map<number, Waiting>();
  #id = 0;
  #down = false;

  constructor(
    private readonly send: (text: string) => void,
    private readonly tell: (event: ServerEvent) => void,
  ) {}

  /** @throws Refused, or LinkDown */
  request<Name extends Op>(op: Name, fields: Requests[Name]["fields"]): Promise<Requests[Name]["answer"]> {
    if (this.#down) return Promise.reject(new LinkDown("there is no connection"));
    this.#id += 1;
    const id = this.#id;
    const { promise, resolve, reject } = Promise.withResolvers<Requests[Name]["answer"]>();
    this.#waiting.set(id, { resolve, reject });
    this.send(JSON.stringify({ op, id, ...fields }));
    return promise;
  }

  receive(text: string): void {
    const message = JSON.parse(text) as Answer | ServerEvent;
    if ("event" in message) {
      this.tell(message);
      return;
    }
    const waiting = this.#waiting.get(message.id ?? 0);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id ?? 0);
    if (message.ok === true) waiting.resolve(message as never);
    else waiting.reject(new Refused(message.error?.code ?? "failed", message.error?.message ?? ""));
  }

  /** The connection has ended. */
  close(): void {
    this.#down = true;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new LinkDown("the connection ended"));
  }
}
