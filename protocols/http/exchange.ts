import type { PeerAddress } from "../../src/accounts/gate.ts";
import type { Visitor } from "../../src/accounts/visitor.ts";
import type { Connection } from "../../src/net/protocol.ts";
import { wantsPage } from "./wire/accept.ts";
import type { RequestBody } from "./wire/request-body.ts";
import type { RequestHead } from "./wire/request-head.ts";

/** Who asks, and below which prefix. */
export interface Asker {
  /** Where it comes from: behind a proxy that is trusted, who asked the proxy. */
  readonly peer: PeerAddress;
  /** Logged in, or somebody without an account. */
  readonly visitor: Visitor;
  readonly prefix: string;
}

/** One request, and who asks: what a handler works with. */
export class Exchange {
  readonly method: string;
  /** Below the door's prefix, percent-encoded as it came, without the query; begins with `/`. */
  readonly path: string;
  readonly peer: PeerAddress;
  readonly visitor: Visitor;
  /** Behind the `?`, as it came. */
  readonly search: string;
  private parsed: URLSearchParams | null = null;

  constructor(
    readonly head: RequestHead,
    readonly body: RequestBody,
    readonly conn: Connection,
    { peer, visitor, prefix }: Asker,
  ) {
    this.method = head.method;
    this.peer = peer;
    this.visitor = visitor;
    const target = withoutPrefix(head.target, prefix);
    const mark = target.indexOf("?");
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.search = mark < 0 ? "" : target.slice(mark + 1);
  }

  /** What stands behind the `?`. */
  get query(): URLSearchParams {
    // What a person types into curl comes as bare UTF-8.
    this.parsed ??= new URLSearchParams(Buffer.from(this.search, "latin1").toString("utf8"));
    return this.parsed;
  }

  /** Whether a word stands in the query, as `?word`, `?word=1` and the like, and is not taken back: `?word=0`. */
  asks(word: string): boolean {
    const value = this.search === "" ? null : this.query.get(word);
    return value !== null && !/^(?:0|false|no|off)$/i.test(value);
  }

  /** A header field's value, by its name in lower case. */
  field(name: string): string | undefined {
    return this.head.fields.get(name);
  }

  /** Whether a person's browser asks, who is better served by a page than by JSON. */
  get wantsPage(): boolean {
    return wantsPage(this.head.fields);
  }
}

/** A proxy may have taken the prefix off already. */
function withoutPrefix(target: string, prefix: string): string {
  if (prefix === "" || !target.startsWith(prefix)) return target;
  const rest = target.slice(prefix.length);
  return rest === "" ? "/" : rest.startsWith("?") ? `/${rest}` : rest.startsWith("/") ? rest : target;
}
