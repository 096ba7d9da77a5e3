import type { DatagramHandler } from "./tincan.d.ts";

// Whoever asks is told the time; try: echo | nc -u -w1 127.0.0.1 9000
export const datagram: DatagramHandler = (message, from) => {
  const zone = String(message).trim() || "UTC";
  return `${new Date().toLocaleString("sv", { timeZone: zone })} ${zone}, ${from.host}\n`;
};
