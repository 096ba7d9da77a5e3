import { quote } from "../../src/bytes/text.ts";
import type { Channel, Service } from "./channel.ts";
import { ChatService, EntryRefused } from "./chat.ts";
import { Dialogue, type Request } from "./dialogue.ts";
import { FieldError, readFields } from "./fields.ts";
import { type HelloFields, type HelloHost, helloFields, welcome } from "./hello.ts";
import { type ErrorCode, type Failure, type ServiceName, VERSION } from "./messages.ts";

/** A channel on which a service can begin. */
export interface Switchboard extends Channel {
  /** From the next message on the peer speaks with this service; null: it is echoed. */
  serve(service: Service | null): void;
}

/** Why a hello is not granted. */
type No = Pick<Failure, "ok" | "error">;

/** A refused hello may be tried again so often. */
const MORE_TRIES = 5;
const SERVICES: readonly ServiceName[] = ["chat", "echo"];

/** Who came in by a hello, until one is granted. Nothing that comes before that is echoed. */
export class Greeting extends Dialogue {
  private refused = 0;

  constructor(
    private readonly board: Switchboard,
    private readonly host: HelloHost,
  ) {
    super(board);
  }

  /** Nobody knows of this peer yet. */
  onClose(): void {}

  protected onRequest(request: Request): void {
    if (request.op !== "hello") {
      this.refuse(request, "hello-first", `${quote(request.op)} needs a hello that was granted; say hello first`);
      return;
    }
    const refusal = this.hello(request);
    if (refusal === null) return;
    this.answer(request, refusal);
    this.refused += 1;
    if (this.refused <= MORE_TRIES) return;
    const detail = `hello was refused ${this.refused} times; the last time: ${refusal.error.message}`;
    this.board.finish({ kind: "violation", detail });
  }

  /** Grants a hello and answers it; or gives the reason why not. */
  private hello(request: Request): No | null {
    if (request.id === null) return no("needs-id", 'a hello is answered, so it needs an "id"');
    try {
      return this.grant(request, readFields("hello", helloFields, request.fields));
    } catch (error) {
      if (error instanceof FieldError) return no("bad-request", error.message);
      if (error instanceof EntryRefused) return error.refusal;
      throw error;
    }
  }

  private grant(request: Request, hello: HelloFields): No | null {
    const { v, service, user, password, name, room, session, echo } = hello;
    if (v !== VERSION) return no("bad-version", `version ${v} is not spoken here; send "v":${VERSION}`);
    if (user !== undefined || password !== undefined) {
      return no("no-accounts", "there are no accounts here; say hello without user and password");
    }
    if (!isService(service)) {
      return no("no-such-service", `there is no service ${quote(service)} here; there are ${SERVICES.join(" and ")}`);
    }
    if (!this.host.allow[service]) return no("denied", `${service} is not allowed here`);
    if (service === "echo") {
      this.answer(request, welcome(this.host, "echo"));
      this.board.serve(null);
      return null;
    }
    const entry = {
      ...(name !== undefined && { name }),
      ...(room !== undefined && { room }),
      ...(session !== undefined && { session }),
      ...(echo !== undefined && { echo }),
    };
    this.board.serve(new ChatService(this.board, this.host, request, entry));
    return null;
  }
}

function isService(name: string): name is ServiceName {
  return SERVICES.some((service) => service === name);
}

function no(code: ErrorCode, message: string): No {
  return { ok: false, error: { code, message } };
}
