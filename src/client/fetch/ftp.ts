import { type Client, FTPError } from "basic-ftp";
import { quote } from "../../bytes/text.ts";
import { bareHost } from "../../bytes/url.ts";
import type { Clock } from "../../clock.ts";
import { checkSize, FetchFailure } from "./failure.ts";
import { FtpClient } from "./ftp-client.ts";
import { openData } from "./ftp-data.ts";
import { type RemotePath, remotePath } from "./ftp-path.ts";
import { patiently } from "./patience.ts";
import { pump } from "./pump.ts";
import type { Facts, Sink, Watch } from "./sink.ts";
import { credentials } from "./source.ts";

/** Until the server has greeted: what listens there may speak something else, or nothing at all. */
const GREETING_TIMEOUT_MS = 15_000;
/** Until it has said what it has, which takes some of them a while. */
const HEAD_TIMEOUT_MS = 60_000;
const STALL_MS = 60_000;
/** How long bytes may still come after the server has said that it broke off. */
const REST_MS = 2_000;

/** What RFC 1635 asks for, and what servers that check it accept: something like a mail address. */
const ANONYMOUS = { user: "anonymous", password: "tincan@" };

export interface FtpOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * One try to bring a sink's file to its end by FTP: binary, passive, from where the bytes end that are there already (REST)
 * if the file still has the size and time of change that it had.
 * @throws FetchFailure; what the sink throws
 */
export async function fetchFtp(url: URL, sink: Sink, o: FtpOptions, watch: Watch): Promise<void> {
  const { path, encoding } = remotePath(url);
  const client = new FtpClient(STALL_MS);
  const giveUp = () => client.close();
  o.signal.addEventListener("abort", giveUp);
  try {
    const greeted = client.connect(bareHost(url.hostname), url.port === "" ? 21 : Number(url.port));
    const what = "no answer in FTP came";
    await patiently(greeted, { ms: GREETING_TIMEOUT_MS, clock: o.clock, what, giveUp });
    const enter = arrive(client, url, path, encoding);
    const facts = await patiently(enter, { ms: HEAD_TIMEOUT_MS, clock: o.clock, what: "no answer came", giveUp });
    const held = await sink.open(facts);
    if (held > 0 && held === facts.size) return;
    if (held === 0 || facts.size === null || held > facts.size) sink.restart();
    await receive(client, path, sink, o, watch);
    checkSize(sink.received, facts.size);
  } catch (error) {
    throw reasonOf(error);
  } finally {
    o.signal.removeEventListener("abort", giveUp);
    client.close();
  }
}

async function arrive(client: Client, url: URL, path: string, encoding: RemotePath["encoding"]): Promise<Facts> {
  const { user, password } = credentials(url) ?? ANONYMOUS;
  await client.login(user, password);
  client.ftp.encoding = encoding;
  // RFC 2640 makes UTF-8 the rule; a few servers must be asked.
  if (encoding === "utf8" && /[^\x20-\x7e]/.test(path)) await client.sendIgnoringError("OPTS UTF8 ON");
  await client.send("TYPE I");
  const size = /^213 (\d{1,15})\b/.exec((await client.sendIgnoringError(`SIZE ${path}`)).message);
  const time = /^213 (\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\b/.exec(
    (await client.sendIgnoringError(`MDTM ${path}`)).message,
  );
  const [year, month, ...rest] = time?.slice(1).map(Number) ?? [];
  const mtime = year === undefined || month === undefined ? null : Date.UTC(year, month - 1, ...rest);
  const validator = size && mtime !== null ? `${size[1]} ${mtime}` : null;
  return { size: size ? Number(size[1]) : null, mtime, validator };
}

async function receive(client: Client, path: string, sink: Sink, o: FtpOptions, watch: Watch): Promise<void> {
  const late = new AbortController();
  const giveUp = () => {
    late.abort();
    client.close();
  };
  const opened = openData(client.ftp, AbortSignal.any([o.signal, late.signal]));
  const data = await patiently(opened, {
    ms: HEAD_TIMEOUT_MS,
    clock: o.clock,
    what: "no data connection came up",
    giveUp,
  });
  try {
    await goTo(client, sink, watch);
    watch.begins();
    let begun = false;
    const told = client.ftp.handle(`RETR ${path}`, (reply, task) => {
      if (reply instanceof Error) return task.reject(reply);
      begun = true;
      // The control connection is silent while the data flows, however long that takes.
      if (reply.code < 200) client.ftp.socket.setTimeout(0);
      else task.resolve(reply);
    });
    const came = pump(data, sink, o, watch).finally(() => client.ftp.socket.setTimeout(STALL_MS));
    try {
      await Promise.all([told, came]);
    } catch (error) {
      const rest = { ms: REST_MS, clock: o.clock, what: "nothing came", giveUp };
      if (begun) await patiently(came, rest).catch(() => {});
      else
        await patiently(told, rest).catch((refusal: unknown) => {
          // ProFTPD resets the data connection before it says that there is no such file.
          if (refusal instanceof FTPError && !begun) throw refusal;
        });
      throw error;
    }
  } finally {
    data.on("error", () => {});
    data.destroy();
  }
}

/** Has the server begin where the sink's bytes end; one that cannot begins at the start. */
async function goTo(client: Client, sink: Sink, watch: Watch): Promise<void> {
  if (sink.received === 0) return;
  try {
    await client.send(`REST ${sink.received}`);
    watch.resumes(true);
  } catch (error) {
    if (!(error instanceof FTPError)) throw error;
    watch.resumes(false);
    sink.restart();
  }
}

/** What servers answer, as a reason; 4xx is of the moment (RFC 959, section 4.2.1). */
function reasonOf(error: unknown): unknown {
  if (error instanceof FTPError) {
    const text = quote(error.message.replace(/^\d{3}[ -]?/, ""), 200);
    if (error.code === 530) return new FetchFailure(`the server does not let you in: ${text}`);
    return new FetchFailure(`the server answered ${error.code} ${text}`, error.code < 500);
  }
  return error;
}
