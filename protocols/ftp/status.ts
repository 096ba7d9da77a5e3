import { unixLine } from "./listing/unix.ts";
import { select } from "./lists.ts";
import { refusalReply } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import type { FtpSession } from "./session.ts";

/** RFC 959, section 4.1.3: of a transfer that runs, of the session, or of a path, over the control connection. */
export async function stat(session: FtpSession, argument: string): Promise<Reply | undefined> {
  const progress = session.transfer?.progress ?? null;
  if (progress !== null) return { code: 213, text: progress };
  if (argument === "") return ofSession(session);
  return await ofPath(session, argument);
}

function ofSession({ host, conn, login, parameters, data }: FtpSession): Reply {
  const account = login?.visitor.account ?? null;
  const user = login === null ? "not logged in" : account === null ? "logged in as a guest" : `logged in as ${account}`;
  const lines = [
    `connected from ${conn.remote.host}`,
    user,
    `type ${parameters.ascii ? "A" : "I"}, structure F, mode S, names in ${parameters.charset.name}`,
    conn.tls === null ? "in the clear" : `${conn.tls.version}, data ${data.isPrivate ? "encrypted" : "in the clear"}`,
    "no transfer runs",
  ];
  return { code: 211, text: `${host.server}:`, lines };
}

/** Every line begins with a space, so that none is taken for the last (RFC 959, section 4.2). */
async function ofPath(session: FtpSession, argument: string): Promise<undefined> {
  const now = session.host.clock.now();
  const { pieces } = await select(session, argument);
  session.say("213-Here it is:\r\n");
  try {
    for await (const piece of pieces) {
      if (!session.isOpen) break;
      session.say(piece.map((entry) => ` ${unixLine(entry, now)}\r\n`).join(""));
      await session.untilRead();
    }
    session.reply(213, "End");
  } catch (error) {
    // The code that has begun the reply must end it, or the client would wait for that for ever.
    const why = refusalReply(error);
    if (why === null) throw error;
    session.reply(213, `That is not all: ${why.text}`);
  }
  return undefined;
}
