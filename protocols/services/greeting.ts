import type { Credentials, Login } from "../../src/accounts/gate.ts";
import type { Visitor } from "../../src/accounts/visitor.ts";
import { quote } from "../../src/bytes/text.ts";
import type { Channel, Service } from "./channel.ts";
import { ChatService, EntryRefused } from "./chat.ts";
import { Dialogue, type Request } from "./dialogue.ts";
import { FieldError, readFields } from "./fields.ts";
import { FilesService } from "./files.ts";
import { type HelloFields, type HelloHost, helloFields, welcome } from "./hello.ts";
import { type ErrorCode, type Failure, type ServiceName, VERSION } from "./messages.ts";

/** A channel on which a service can begin. */
export interface Switchboard extends Channel {
  /** From the next message on the peer speaks with this service; null: it is echoed. */
  serve(service: Service | null): void;
  /** Checks a password; takes its time, the longer the more were wrong. */
  login(credentials: Credentials): Promise<Login>;
}

/** Why a hello is not granted. */
type No = Pick<Failure, "ok" | "error">;

/** A refused hello may be tried again so often. */
const MORE_TRIES = 5;
const SERVICES: readonly ServiceName[] = ["chat", "files", "echo"];

/** Who came in by a hello, until one is granted. Nothing that comes before that is echoed. */
export class Greeting extends Dialogue {
  private refused = 0;
  private gone = false;

  constructor(
    private readonly board: Switchboard,
    private readonly host: HelloHost,
  ) {
    super(board);
  }

  /** Nobody knows of this peer yet. */
  onClose(): void {
    this.gone = true;
  }

  protected onRequest(request: Request): void | Promise<void> {
    if (request.op !== "hello") {
      this.refuse(request, "hello-first", `${quote(request.op)} needs a hello that was granted; say hello first`);
      return;
    }
    const refusal = this.hello(request);
    if (refusal instanceof Promise) return refusal.then((late) => this.judge(request, late));
    this.judge(request, refusal);
  }

  private judge(request: Request, refusal: No | null): void {
    if (refusal === null) return;
    this.answer(request, refusal);
    this.refused += 1;
    if (this.refused <= MORE_TRIES) return;
    const detail = `hello was refused ${this.refused} times; the last time: ${refusal.error.message}`;
    this.board.finish({ kind: "violation", detail });
  }

  /** Grants a hello and answers it; or gives the reason why not. */
  private hello(request: Request): No | null | Promise<No | null> {
    if (request.id === null) return no("needs-id", 'a hello is answered, so it needs an "id"');
    try {
      return this.consider(request, readFields("hello", helloFields, request.fields));
    } catch (error) {
      if (error instanceof FieldError) return no("bad-request", error.message);
      throw error;
    }
  }

  private consider(request: Request, hello: HelloFields): No | null | Promise<No | null> {
    const { v, service, user, password } = hello;
    if (v !== VERSION) return no("bad-version", `version ${v} is not spoken here; send "v":${VERSION}`);
    if (!isService(service)) {
      return no("no-such-service", `there is no service ${quote(service)} here; there are ${SERVICES.join(", ")}`);
    }
    if (service !== "files" && !this.host.allow[service]) return no("denied", `${service} is not allowed here`);
    if (user === undefined && password === undefined) return this.grant(request, service, hello, null);
    if (user === undefined || password === undefined) {
      return no("bad-request", "user and password belong together; send both, or neither");
    }
    return this.board.login({ user, password }).then((login) => {
      if (!login.ok) return no(login.code, login.message);
      return this.gone ? null : this.grant(request, service, hello, login.visitor);
    });
  }

  private grant(request: Request, service: ServiceName, hello: HelloFields, visitor: Visitor | null): No | null {
    const { board, host } = this;
    if (service === "echo") {
      this.answer(request, welcome(host, "echo"));
      board.serve(null);
    } else if (service === "files") {
      board.serve(new FilesService(board, host, request, visitor));
    } else {
      return this.enter(request, hello, visitor);
    }
    return null;
  }

  private enter(request: Request, { name, room, session, echo }: HelloFields, visitor: Visitor | null): No | null {
    const entry = {
      ...(name !== undefined && { name }),
      ...(room !== undefined && { room }),
      ...(session !== undefined && { session }),
      ...(echo !== undefined && { echo }),
    };
    try {
      this.board.serve(new ChatService(this.board, this.host, request, visitor, entry));
      return null;
    } catch (error) {
      if (error instanceof EntryRefused) return error.refusal;
      throw error;
    }
  }
}

function isService(name: string): name is ServiceName {
  return SERVICES.some((service) => service === name);
}

function no(code: ErrorCode, message: string): No {
  return { ok: false, error: { code, message } };
}
