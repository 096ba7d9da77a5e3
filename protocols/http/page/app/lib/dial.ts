import type { LifelineOptions } from "../chat/lifeline.ts";

/** Opens WebSockets to an address. */
export function dialer(url: string): LifelineOptions["dial"] {
  return (events) => {
    const socket = new WebSocket(url);
    socket.onopen = () => events.opened();
    socket.onmessage = ({ data }) => typeof data === "string" && events.message(data);
    socket.onclose = () => events.closed();
    return {
      send: (text) => socket.readyState === WebSocket.OPEN && socket.send(text),
      close: () => socket.close(),
    };
  };
}
