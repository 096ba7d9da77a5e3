import { descriptorLimit } from "../../src/config/limits.ts";
import type { Case } from "./case.ts";
import { fileCases } from "./file-cases.ts";
import { httpCases } from "./http-cases.ts";
import { startConnecting } from "./loads/connect.ts";
import { startDatagrams } from "./loads/datagrams.ts";
import { startFanout } from "./loads/fanout.ts";
import { webSocket } from "./loads/forms.ts";
import { type Exchange, framedExchange, rawExchange, startTalking } from "./loads/talk.ts";
import { measureIdle, measureStart, measureWork } from "./measure.ts";

const ECHOES = { tincan: "echo", c: "echo", node: "echo", gevent: "echo" } as const;
const CHATS = { tincan: "chat", c: "chat", ngircd: "chat", nats: "chat" } as const;
/** Descriptors that are not connections. */
const RESERVE = 400;
const CROWD = Math.min(10_000, (descriptorLimit() ?? Number.POSITIVE_INFINITY) - RESERVE);
/** More would use up the client's ports, each of which rests for a minute after use. */
const MOST_CONNECTING_SECONDS = 0.5;

const WORK = { unit: "CPU us/answer", rate: "answers/s", reference: "c" } as const;

function talk(connections: number, exchange: Exchange): Case["measure"] {
  return (server, _, seconds) =>
    measureWork(server, seconds, (tally) => startTalking(server.port, connections, exchange, tally));
}

/** @param way "ws-chat": where there are WebSockets, over them */
function chat(receivers: number, publishers: number, window: number, way: "chat" | "ws-chat" = "chat") {
  const people = `${receivers} receivers, ${publishers} publisher${publishers === 1 ? "" : "s"}, window ${window}`;
  return {
    title: `chat: ${people}, 100-byte messages`,
    unit: "CPU us/delivery",
    rate: "deliveries/s",
    reference: "c",
    flags: ["--chat-rate", "0"],
    measure(server, peer, seconds) {
      const form = way === "ws-chat" && peer.serves["ws-chat"] !== undefined ? webSocket : peer.form;
      if (form === undefined) throw new Error("it has no chat");
      const load = { port: server.port, form, receivers, publishers, window, size: 100 };
      return measureWork(server, seconds, (tally) => startFanout(load, tally));
    },
  } as const satisfies Partial<Case>;
}

/** All cases, in the order of the report. */
export const cases: readonly Case[] = [
  {
    ...WORK,
    name: "echo",
    title: "echo: 50 connections x 64 B",
    contenders: ECHOES,
    goals: [
      { against: "c", most: 1.2 },
      { against: "node", most: 0.8 },
    ],
    measure: talk(50, rawExchange(64)),
  },
  {
    ...WORK,
    name: "echo-64k",
    title: "echo: 4 connections x 64 KiB",
    contenders: ECHOES,
    goals: [{ against: "c", most: 2 }],
    measure: talk(4, rawExchange(65_536)),
  },
  {
    ...WORK,
    name: "frames",
    title: "frames: 50 connections x 64 B, beside the raw echo of others",
    contenders: { tincan: "frames", c: "echo" },
    goals: [{ against: "c", most: 1.5 }],
    measure: (server, peer, seconds) =>
      talk(50, peer.serves.frames ? framedExchange(64) : rawExchange(64))(server, peer, seconds),
  },
  {
    ...WORK,
    name: "udp",
    title: "UDP echo: 64 B, 64 under way",
    contenders: { tincan: "udp", c: "udp" },
    goals: [{ against: "c", most: 1.6 }],
    measure: (server, _, seconds) =>
      measureWork(server, seconds, (tally) => startDatagrams(server.port, 64, 64, tally)),
  },
  {
    ...WORK,
    name: "connect",
    title: "connect, one line, close: 16 at a time",
    contenders: ECHOES,
    goals: [{ against: "c", most: 1.5 }],
    measure: (server, _, seconds) =>
      measureWork(server, Math.min(seconds, MOST_CONNECTING_SECONDS), (tally) =>
        startConnecting(server.port, 16, tally),
      ),
  },
  {
    ...chat(1000, 4, 16),
    name: "chat-1000",
    contenders: CHATS,
    goals: [
      { against: "ngircd", most: 0.3 },
      { against: "nats", most: 0.3 },
      { against: "c", most: 1.2 },
    ],
  },
  {
    ...chat(1000, 4, 16),
    name: "chat-kept",
    title: "chat with kept history: 1000 receivers, 4 publishers, window 16, 100-byte messages",
    contenders: { tincan: "kept-chat", unkept: "chat" },
    reference: "unkept",
    goals: [{ against: "unkept", most: 1.15 }],
  },
  {
    ...chat(1000, 4, 16, "ws-chat"),
    name: "chat-ws",
    title: "chat to WebSockets: 1000 receivers, 4 publishers, window 16, 100-byte messages",
    contenders: { tincan: "ws-chat", "line-door": "chat" },
    reference: "line-door",
    goals: [{ against: "line-door", most: 4 }],
  },
  { ...chat(100, 1, 1), name: "chat-100", contenders: CHATS, goals: [{ against: "ngircd", most: 1.1 }] },
  // ncat accepts slowly from some 60 connections on, so that it takes part only here.
  { ...chat(20, 1, 16), name: "chat-20", contenders: { ...CHATS, ncat: "chat" }, goals: [] },
  {
    name: "idle-chat",
    title: `${CROWD.toLocaleString("en-US")} idle chat members`,
    unit: "bytes each",
    contenders: { tincan: "chat", ngircd: "chat", nats: "chat" },
    reference: "ngircd",
    flags: ["--max-connections", "20000"],
    fresh: true,
    rounds: 1,
    goals: [
      { figure: "cost", most: 2.4 * 1024 },
      { against: "ngircd", most: 1 },
    ],
    measure: (server, { form }) => measureIdle(server, CROWD, (at) => form?.register(`idle${at}`) ?? []),
  },
  {
    name: "idle-echo",
    title: `${CROWD.toLocaleString("en-US")} idle echo connections`,
    unit: "bytes each",
    contenders: ECHOES,
    reference: "c",
    flags: ["--max-connections", "20000"],
    fresh: true,
    rounds: 1,
    goals: [{ figure: "cost", most: 2000 }],
    measure: (server) => measureIdle(server, CROWD, () => [{ send: "ping\n", until: "PING" }]),
  },
  {
    name: "start",
    title: "from the start of the process to the first connection, all doors open",
    unit: "ms",
    contenders: ECHOES,
    reference: "node",
    flags: ["--doors", "line,framed", "--line-port", "0", "--framed-port", "0"],
    fresh: true,
    goals: [
      { figure: "cost", most: 80 },
      { figure: "memory", most: 50e6 },
    ],
    measure: measureStart,
  },
  ...fileCases,
  ...httpCases,
];
