import { quote } from "../../bytes/text.ts";
import type { Identity } from "../../client/chat/entry.ts";
import type { SessionListener } from "../../client/chat/session.ts";
import { ChatSession } from "../../client/chat/session.ts";
import { type Endpoint, notConnected, notFramed } from "../../client/endpoint.ts";
import { Refused } from "../../client/messages.ts";
import { formatTarget } from "../../client/target.ts";
import { NotTrusted } from "../../client/trust.ts";
import { ForeignProtocol } from "../../client/wire.ts";
import { CommandError, Exit } from "../../exit.ts";
import { messageOf } from "../../thrown.ts";

/** What the command line says about a chat. */
export interface ChatSettings {
  readonly endpoint: Endpoint;
  readonly identity: Identity;
  /** The wire's events instead of text. */
  readonly json: boolean;
  /** Commands are taken from stdin although it is no terminal. */
  readonly commands: boolean;
}

/** Begins a session. @throws CommandError in one sentence when the server cannot be had */
export async function openSession(
  { endpoint, identity }: ChatSettings,
  listener: SessionListener,
  recent: number,
): Promise<ChatSession> {
  try {
    return await ChatSession.open({ endpoint, identity, listener, recent });
  } catch (cause) {
    throw explain(endpoint, cause);
  }
}

function explain(endpoint: Endpoint, cause: unknown): CommandError {
  const where = formatTarget(endpoint.target);
  if (cause instanceof Refused) return new CommandError(Exit.failed, cause.message, { cause });
  if (cause instanceof ForeignProtocol) return notFramed(endpoint, "chat needs", cause);
  if (cause instanceof NotTrusted || (cause instanceof Error && "code" in cause)) return notConnected(endpoint, cause);
  const reason = messageOf(cause);
  return new CommandError(Exit.failed, `${where} ended the conversation: ${quote(reason, 200)}`, { cause });
}
