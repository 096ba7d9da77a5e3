import type { LifelineOptions } from "../chat/lifeline.ts";
import { Gather } from "./gather.ts";

/** Opens WebSockets to an address. */
export function dialer(url: string): LifelineOptions["dial"] {
  return (events) => {
    const socket = new WebSocket(url);
    const messages = new Gather<string>(
      (message) => events.message(message),
      (ms, then) => setTimeout(then, ms),
    );
    socket.onopen = () => events.opened();
    socket.onmessage = ({ data }) => typeof data === "string" && messages.take(data);
    socket.onclose = () => {
      messages.flush();
      events.closed();
    };
    return {
      send: (text) => socket.readyState === WebSocket.OPEN && socket.send(text),
      close: () => socket.close(),
    };
  };
}
