import type { FtpCommand } from "./command.ts";
import { dele, mdtm, mfmt, rnfr, rnto, size } from "./files.ts";
import { cdup, cwd, mkd, pwd, rmd } from "./folders.ts";
import { hash } from "./hashes.ts";
import { helpReply } from "./help.ts";
import { feat, noop, opts, syst } from "./information.ts";
import { list, mlsd, mlst, nlst } from "./lists.ts";
import { acct, pass, quit, rein, user } from "./login.ts";
import { eprt, epsv, pasv, port } from "./open-data.ts";
import { allo, mode, rest, stru, type } from "./representation.ts";
import { auth, ccc, pbsz, prot } from "./security.ts";
import { site } from "./site.ts";
import { stat } from "./status.ts";
import { abor, appe, retr, stor, stou } from "./transfers.ts";

type Checks = Partial<Pick<FtpCommand, "login" | "permission" | "duringTransfer">>;

const anybody: Checks = { login: false };
const member: Checks = { login: true };
const reader: Checks = { login: true, permission: "read" };
const uploader: Checks = { login: true, permission: "upload" };

function row(
  verb: string,
  argument: string,
  checks: Checks,
  source: string,
  help: string,
  run: FtpCommand["run"],
): FtpCommand {
  return { verb, argument, source, help, run, login: false, permission: null, duringTransfer: false, ...checks };
}

const RFC959 = "RFC 959";
const RFC1123 = "RFC 1123";
const RFC2389 = "RFC 2389";
const RFC2428 = "RFC 2428";
const RFC3659 = "RFC 3659";
const RFC4217 = "RFC 4217";

/** Every command of the FTP door: what is checked, what HELP says, and what runs. */
export const commands: readonly FtpCommand[] = [
  row("USER", "NAME", anybody, RFC959, "say who you are; anonymous is nobody in particular", user),
  row("PASS", "[PASSWORD]", anybody, RFC959, "say the password, and you are in", pass),
  row("ACCT", "[NAME]", anybody, RFC959, "is not needed", acct),
  row("REIN", "", anybody, RFC959, "log out and begin again; not under TLS", rein),
  row("QUIT", "", anybody, RFC959, "end the session, when a transfer that runs has ended", quit),
  row("AUTH", "TLS", anybody, RFC4217, "encrypt this connection", auth),
  row("PBSZ", "0", anybody, RFC4217, "must come before PROT; it is 0 with TLS", pbsz),
  row("PROT", "C|P", anybody, RFC4217, "data connections in the clear, or encrypted", prot),
  row("CCC", "", anybody, RFC4217, "is refused: the control connection stays encrypted", ccc),
  row("CWD", "FOLDER", member, RFC959, "go to a folder", cwd),
  row("XCWD", "FOLDER", member, RFC1123, "the same as CWD", cwd),
  row("CDUP", "", member, RFC959, "go to the folder above", cdup),
  row("XCUP", "", member, RFC1123, "the same as CDUP", cdup),
  row("PWD", "", member, RFC959, "tell where you are", pwd),
  row("XPWD", "", member, RFC1123, "the same as PWD", pwd),
  row("PORT", "H1,H2,H3,H4,P1,P2", member, RFC959, "send data to your own IPv4 address and this port", port),
  row("PASV", "", member, RFC959, "wait for your data connection at an IPv4 address", pasv),
  row("EPRT", "|1|ADDRESS|PORT|", member, RFC2428, "send data to your own address and this port", eprt),
  row("EPSV", "[1|2|ALL]", member, RFC2428, "wait for your data connection at the address that you have reached", epsv),
  row("TYPE", "A|I|L 8", member, RFC959, "send files as text with CR LF, or as they are", type),
  row("STRU", "F", member, RFC959, "files have no structure", stru),
  row("MODE", "S", member, RFC959, "files are sent as a stream", mode),
  row("REST", "OFFSET", member, RFC3659, "begin the next transfer at this byte", rest),
  row("ALLO", "BYTES", member, RFC959, "tell how long the next upload is; it counts only if so much comes", allo),
  row("RETR", "FILE", reader, RFC959, "fetch a file", retr),
  row("STOR", "FILE", uploader, RFC959, "put a file", stor),
  row("APPE", "FILE", uploader, RFC959, "add to a file, or to what an earlier upload has left", appe),
  row("STOU", "[FILE]", uploader, RFC959, "put a file under a name that is free", stou),
  row("ABOR", "", { duringTransfer: true }, RFC959, "end the transfer that runs; what came is kept", abor),
  row("LIST", "[PATH]", reader, RFC959, "list a folder as ls -l does", list),
  row("NLST", "[PATH]", reader, RFC959, "list the names in a folder", nlst),
  row("MLSD", "[FOLDER]", reader, RFC3659, "list a folder for programs", mlsd),
  row("MLST", "[PATH]", reader, RFC3659, "tell the facts of a file or folder", mlst),
  row(
    "STAT",
    "[PATH]",
    { duringTransfer: true },
    RFC959,
    "tell how the transfer or the session is, or list a path here",
    stat,
  ),
  row("SIZE", "FILE", member, RFC3659, "tell the size of a file, or of what an earlier upload has left", size),
  row("MDTM", "[TIME] FILE", reader, RFC3659, "tell when a file was changed last, in UTC", mdtm),
  row("MFMT", "TIME FILE", member, "draft-somers-ftp-mfxx", "set when a file was changed last, in UTC", mfmt),
  row("HASH", "FILE", reader, "draft-bryan-ftp-hash", "tell the hash of a file", hash),
  row("DELE", "FILE", member, RFC959, "delete a file", dele),
  row("MKD", "FOLDER", uploader, RFC959, "make a folder", mkd),
  row("XMKD", "FOLDER", uploader, RFC1123, "the same as MKD", mkd),
  row("RMD", "FOLDER", member, RFC959, "remove an empty folder", rmd),
  row("XRMD", "FOLDER", member, RFC1123, "the same as RMD", rmd),
  row("RNFR", "PATH", member, RFC959, "name what RNTO gives another name", rnfr),
  row("RNTO", "PATH", member, RFC959, "give it this name", rnto),
  row("FEAT", "", anybody, RFC2389, "list what this server can do beyond RFC 959", feat),
  row("OPTS", "COMMAND OPTIONS", anybody, RFC2389, "set UTF8, the facts of MLST, or the kind of HASH", opts),
  row("SYST", "", anybody, RFC959, "tell the kind of system", syst),
  row("SITE", "COMMAND", anybody, RFC959, "what this server alone has; SITE HELP lists it", site),
  row("HELP", "[COMMAND]", anybody, RFC959, "list the commands, or explain one", (_, asked) =>
    helpReply(commands, asked),
  ),
  row("NOOP", "", anybody, RFC959, "do nothing", noop),
];

const byVerb: ReadonlyMap<string, FtpCommand> = new Map(commands.map((command) => [command.verb, command]));

/** The command of that verb, which is in upper case. */
export function commandOf(verb: string): FtpCommand | undefined {
  return byVerb.get(verb);
}
