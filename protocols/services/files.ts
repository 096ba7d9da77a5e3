import type { Visitor } from "../../src/accounts/visitor.ts";
import type { Who } from "../../src/net/protocol.ts";
import type { Channel } from "./channel.ts";
import type { Request } from "./dialogue.ts";
import { FileDialogue } from "./file-dialogue.ts";
import { fileRequests } from "./file-requests.ts";
import { type HelloHost, welcome } from "./hello.ts";
import { unknownOp } from "./requests.ts";

const ops: readonly string[] = Object.keys(fileRequests);

/** A program that is here for files alone; nobody in the chat sees it. */
export class FilesService extends FileDialogue {
  constructor(channel: Channel, host: HelloHost, hello: Request, visitor: Visitor | null) {
    super(channel);
    if (visitor !== null) this.openDesk(visitor);
    this.answer(hello, welcome(host, "files"));
  }

  get who(): Who {
    return { name: null, ...this.login };
  }

  protected onOther(request: Request): void {
    this.refuse(request, "unknown-op", unknownOp(request.op, ops));
  }
}
