import { setSocketOption } from "../libc.ts";

const SOL_SOCKET = 1;
const SO_KEEPALIVE = 9;
const SO_OOBINLINE = 10;
const IPPROTO_TCP = 6;
const TCP_KEEPIDLE = 4;
const TCP_KEEPINTVL = 5;
const TCP_KEEPCNT = 6;
const TCP_USER_TIMEOUT = 18;
const TCP_NOTSENT_LOWAT = 25;

/** Bytes that the kernel keeps for one peer beside those that are on their way to it. */
const MOST_UNSENT = 256 * 1024;

/*
 * Options are set on listening sockets: Linux hands them on to every connection that they accept, so they cost nothing for
 * each.
 */

/**
 * Leaves urgent bytes in their place in the stream. Telnet clients send the IAC of an interrupt as urgent data (RFC 854,
 * Synch; RFC 959 for ABOR); TCP would take that byte out, and the rest of the command would be read as text.
 */
export function keepUrgentBytes(fd: number): boolean {
  return setSocketOption(fd, SOL_SOCKET, SO_OOBINLINE, 1);
}

/**
 * Lets a slow reader be seen to read. Without it Linux takes up to 4 MiB for a peer and then nothing until a third of that
 * has left: a peer that reads 20 KB a second looks stalled for over a minute. With it the memory that a peer who does not
 * read can hold in the kernel is bounded, too (tcp(7)).
 */
export function boundUnsent(fd: number): boolean {
  return setSocketOption(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, MOST_UNSENT);
}

/**
 * Lets the kernel find dead peers within three minutes: an idle peer is probed after 60 s and given up after three
 * unanswered probes 20 s apart; a peer that acknowledges nothing of what was sent to it is given up after 120 s
 * (tcp(7); without TCP_USER_TIMEOUT that takes 15 minutes).
 */
export function findDeadPeers(fd: number): boolean {
  return (
    setSocketOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1) &&
    setSocketOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, 60) &&
    setSocketOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, 20) &&
    setSocketOption(fd, IPPROTO_TCP, TCP_KEEPCNT, 3) &&
    setSocketOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 120_000)
  );
}
