import type { LifelineOptions } from "../chat/lifeline.ts";
import { Gather } from "./gather.ts";
import { socketUrl } from "./urls.ts";

/** The server is away behind its proxy, or takes nobody. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Opens WebSockets to the server at an address. Where the last one could not be opened, the server is asked by HTTP first:
 * behind each that failed Firefox lets the next one wait, longer and longer, up to a minute.
 */
export function dialer(root: string): LifelineOptions["dial"] {
  let hasFailed = false;
  return (events) => {
    const asking = new AbortController();
    let socket: WebSocket | null = null;
    const messages = new Gather<string>(
      (message) => events.message(message),
      (ms, then) => setTimeout(then, ms),
    );
    const open = () => {
      socket = new WebSocket(socketUrl(root));
      socket.onopen = () => {
        hasFailed = false;
        events.opened();
      };
      socket.onmessage = ({ data }) => typeof data === "string" && messages.take(data);
      socket.onclose = () => {
        messages.flush();
        events.closed();
      };
    };
    const openIfThere = async () => {
      const isThere = await answers(`${root}healthz`, asking.signal);
      if (asking.signal.aborted) return;
      if (isThere) open();
      else events.closed();
    };
    if (hasFailed) void openIfThere();
    else open();
    // Until it is open.
    hasFailed = true;
    return {
      send: (text) => socket?.readyState === WebSocket.OPEN && socket.send(text),
      close: () => {
        asking.abort();
        socket?.close();
      },
    };
  };
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  const answer = await fetch(url, { signal, cache: "no-store" }).catch(() => null);
  return answer !== null && !AWAY.has(answer.status);
}
