import type { Case } from "./case.ts";
import {
  measureBeside,
  measureDownload,
  measureFramed,
  measureIdleSessions,
  measureRaw,
  measureSessions,
  measureUpload,
} from "./measure-files.ts";

const MOVE = { unit: "CPU s/GiB", rate: "MiB/s", reference: "vsftpd" } as const;
const FTP = { tincan: "ftp", vsftpd: "ftp", pyftpdlib: "ftp" } as const;

/** Moving files and listing them, beside other servers. */
export const fileCases: readonly Case[] = [
  {
    ...MOVE,
    name: "ftp-down",
    title: "FTP download, plain",
    contenders: FTP,
    goals: [
      { against: "vsftpd", most: 1.7 },
      { against: "pyftpdlib", most: 0.7 },
    ],
    measure: (server) => measureDownload(server, "ftp", false),
  },
  {
    ...MOVE,
    name: "ftps-down",
    title: "FTP download, TLS 1.2 with AES256-GCM",
    contenders: { tincan: "ftps", vsftpd: "ftps" },
    goals: [{ against: "vsftpd", most: 0.6 }],
    measure: (server) => measureDownload(server, "ftp", true),
  },
  {
    ...MOVE,
    name: "ftp-up",
    title: "FTP upload, plain, to memory",
    contenders: { tincan: "inbox", vsftpd: "inbox", pyftpdlib: "inbox" },
    goals: [{ against: "vsftpd", most: 1.25 }],
    measure: (server) => measureUpload(server, "ftp"),
  },
  {
    ...MOVE,
    name: "get",
    title: "framed download without hash, beside plain FTP of others",
    contenders: { tincan: "files", vsftpd: "ftp" },
    goals: [{ against: "vsftpd", most: 2.5 }],
    measure: (server, { serves }) =>
      serves.files ? measureFramed(server, false) : measureDownload(server, "ftp", false),
  },
  {
    ...MOVE,
    name: "get-hashed",
    title: "framed download with SHA-256, beside what that takes at least",
    contenders: { tincan: "files", hashed: "raw" },
    reference: "hashed",
    goals: [{ against: "hashed", most: 1.2 }],
    measure: (server, { serves }) => (serves.files ? measureFramed(server, true) : measureRaw(server)),
  },
  {
    name: "ftp-sessions",
    title: "FTP: login, CWD, LIST of 100 files, QUIT; 50 at a time",
    unit: "CPU ms/session",
    rate: "sessions/s",
    contenders: FTP,
    reference: "vsftpd",
    goals: [{ against: "vsftpd", most: 0.5 }],
    measure: (server, _, seconds) => measureSessions(server, seconds, 50),
  },
  {
    name: "idle-ftp",
    title: "memory with 200 idle FTP sessions (PSS of all processes)",
    unit: "MB",
    contenders: FTP,
    reference: "vsftpd",
    fresh: true,
    rounds: 1,
    goals: [
      { against: "vsftpd", most: 1 },
      { against: "pyftpdlib", most: 1 },
    ],
    measure: (server) => measureIdleSessions(server, 200),
  },
  {
    name: "beside",
    title: "echo while 4 FTP downloads run at full speed",
    unit: "p99 ms",
    rate: "MiB/s",
    contenders: { tincan: "ftp-and-echo" },
    reference: "tincan",
    goals: [{ figure: "cost", most: 20 }],
    measure: (server, _, seconds) => measureBeside(server, seconds, 4),
  },
];
