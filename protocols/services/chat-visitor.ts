import type { Permission } from "../../src/accounts/permission.ts";
import type { Visitor } from "../../src/accounts/visitor.ts";
import type { Seat } from "../../src/chat/member.ts";

/** A visitor of the files who is in the chat: what is told of it there is told by its name. */
export class ChatVisitor implements Visitor {
  readonly account: string | null;
  readonly owner: string;
  readonly host: string;
  readonly countedHost: string | undefined;
  readonly home: string;

  constructor(
    private readonly visitor: Visitor,
    private readonly seat: Seat,
  ) {
    ({ account: this.account, owner: this.owner, home: this.home } = visitor);
    ({ host: this.host, countedHost: this.countedHost } = visitor);
  }

  get nick(): string {
    return this.seat.name;
  }

  get ended(): boolean {
    return this.visitor.ended === true;
  }

  may(permission: Permission): boolean {
    return this.visitor.may(permission);
  }
}
