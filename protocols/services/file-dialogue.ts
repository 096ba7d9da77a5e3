import type { Visitor } from "../../src/accounts/visitor.ts";
import type { CloseReason, Who } from "../../src/net/protocol.ts";
import { isChunk, readChunk } from "./chunk.ts";
import { Dialogue, type Request } from "./dialogue.ts";
import { FileDesk } from "./file-desk.ts";
import { fileRequestOf } from "./file-requests.ts";

/** A dialogue after a hello: whatever else its service is for, files can be asked for too. */
export abstract class FileDialogue extends Dialogue {
  /** Null until the peer asks for files or has logged in. */
  protected desk: FileDesk | null = null;

  /** Requests of the service's own. */
  protected abstract onOther(request: Request): void | Promise<void>;

  get working(): boolean {
    return this.desk?.working === true;
  }

  finishLater(why: CloseReason): void {
    this.desk?.finishLater(why);
  }

  override onMessage(message: Uint8Array): void | Promise<void> {
    return isChunk(message) ? this.openDesk().chunk(readChunk(message)) : super.onMessage(message);
  }

  onClose(_: CloseReason): void {
    this.desk?.leave();
  }

  /** Whoever has logged in. */
  protected get login(): Pick<Who, "account" | "ended"> {
    const visitor = this.desk?.visitor;
    return { account: visitor?.account ?? null, ended: visitor?.ended };
  }

  protected onRequest(request: Request): void | Promise<void> {
    const { op, id, fields } = request;
    if (id !== null && this.desk?.uses(id)) {
      return this.refuse(request, "id-in-use", `the request with id ${id} still runs; take another id`);
    }
    if (op === "hello") {
      return this.refuse(request, "hello-again", "hello was said already; for another service open another connection");
    }
    const kind = fileRequestOf(op);
    if (kind === null) return this.onOther(request);
    if (id === null && kind.needsId) return this.needsId(request);
    return this.openDesk().request(kind, request, fields);
  }

  protected needsId(request: Request): void {
    this.refuse(request, "needs-id", `${request.op} without an id would get no answer; send an "id" with it`);
  }

  /** As whom the peer comes to the files. */
  protected asVisitor(visitor: Visitor): Visitor {
    return visitor;
  }

  protected openDesk(visitor?: Visitor): FileDesk {
    this.desk ??= new FileDesk(this.channel, this.asVisitor(visitor ?? this.channel.stranger));
    return this.desk;
  }
}
