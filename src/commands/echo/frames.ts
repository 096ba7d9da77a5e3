import { encodeFrame } from "../../bytes/framer.ts";
import { type HeaderFormat, parseHeaderFormat } from "../../bytes/header.ts";
import { quote } from "../../bytes/text.ts";
import { FrameStream } from "../../client/frame-stream.ts";
import { stdinLines } from "../../client/input.ts";
import { formatTarget, unreachable } from "../../client/target.ts";
import { CommandError, Exit } from "../../exit.ts";
import type { Target } from "../../net/address.ts";
import { messageOf } from "../../thrown.ts";
import { isEcho, NO_ECHO } from "./expected.ts";
import { Output } from "./output.ts";

const TIMEOUT_MS = 10_000;
const LONGEST_LINE = 16 * 1024 * 1024;

/** Sends a text, or each line of stdin, as one frame and prints the body of each answer on a line. */
export async function echoFrames(target: Target, text: string | null, format: string | true): Promise<void> {
  const header = headerOf(format === true ? "!I" : format);
  const failed = (why: string) => new CommandError(Exit.failed, `${formatTarget(target)} ${why}`);
  const frames = await FrameStream.connect(target, header).catch((error: unknown) => {
    throw unreachable(target, error);
  });
  const late = setTimeout(() => frames.close(failed(`gave no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  const output = new Output();
  try {
    for await (const line of text === null ? stdinLines(LONGEST_LINE) : [text]) {
      const body = Buffer.from(line ?? "");
      if (line === null || body.length > header.most) {
        throw new CommandError(
          Exit.failed,
          `a header of format ${quote(header.format)} cannot say ${body.length} bytes`,
        );
      }
      late.refresh();
      frames.write(encodeFrame(header, body));
      const answer = await frames.read();
      output.line(answer);
      if (answer.length !== body.length) throw failed(`answered ${body.length} bytes with ${answer.length}`);
      if (!isEcho(answer, body)) throw failed(NO_ECHO);
    }
  } catch (error) {
    throw error instanceof CommandError ? error : failed(messageOf(error));
  } finally {
    clearTimeout(late);
    frames.close();
    process.stdin.destroy();
  }
}

function headerOf(format: string): HeaderFormat {
  try {
    return parseHeaderFormat(format);
  } catch (cause) {
    const reason = messageOf(cause);
    throw new CommandError(Exit.usage, `${reason}; write --frames=FORMAT, or --frames last`, { cause });
  }
}
