import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "./case.ts";
import { getExchange } from "./loads/http.ts";
import { startTalking } from "./loads/talk.ts";
import { measureWork } from "./measure.ts";
import { measureDownload, measureUpload } from "./measure-files.ts";

const MOVE = { unit: "CPU s/GiB", rate: "MiB/s", reference: "nginx" } as const;

/** What browsers and curl ask for, beside a web server. */
export const httpCases: readonly Case[] = [
  {
    name: "http-small",
    title: "HTTP: a file of 1 KiB, 50 connections",
    unit: "CPU us/answer",
    rate: "answers/s",
    contenders: { tincan: "http", nginx: "http" },
    reference: "nginx",
    goals: [{ against: "nginx", most: 0.75 }],
    async measure(server, _, seconds) {
      const { port, share } = server.site;
      const { root, small } = share;
      const exchange = await getExchange(port, `/files/${small}`, readFileSync(join(root, small)));
      return await measureWork(server, seconds, (tally) => startTalking(port, 50, exchange, tally));
    },
  },
  {
    name: "http-two",
    title: "HTTP: two files of 1 KiB in turn, 50 connections",
    unit: "CPU us/answer",
    rate: "answers/s",
    contenders: { tincan: "http", nginx: "http" },
    reference: "nginx",
    goals: [],
    // No request is the one before once more, which is answered without being read.
    async measure(server, _, seconds) {
      const { port, share } = server.site;
      const { root, small, other } = share;
      const ask = (name: string) => getExchange(port, `/files/${name}`, readFileSync(join(root, name)));
      const exchanges = [await ask(small), await ask(other)];
      return await measureWork(server, seconds, (tally) => startTalking(port, 50, exchanges, tally));
    },
  },
  {
    ...MOVE,
    name: "http-down",
    title: "HTTP download, plain",
    contenders: { tincan: "http", nginx: "http" },
    goals: [{ against: "nginx", most: 1.2 }],
    measure: (server) => measureDownload(server, "http", false),
  },
  {
    ...MOVE,
    name: "https-down",
    title: "HTTP download, TLS 1.2 with AES256-GCM",
    contenders: { tincan: "https", nginx: "https" },
    goals: [{ against: "nginx", most: 0.6 }],
    measure: (server) => measureDownload(server, "https", true),
  },
  {
    ...MOVE,
    name: "http-up",
    title: "HTTP upload by PUT, to memory",
    contenders: { tincan: "http-inbox", nginx: "http-inbox" },
    goals: [{ against: "nginx", most: 1.3 }],
    measure: (server) => measureUpload(server, "http"),
  },
];
