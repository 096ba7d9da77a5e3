"""A socket that does exactly what it is told on stdin and nothing else: above all, it never reads unasked.

Arguments: PORT RCVBUF. Every command is a line and is answered by a line.
  send HEX       sends all of it                                -> sent N
  repeat N HEX   sends it N times, blocking as the kernel does  -> sent N
  flood HEX      sends it over and over, reading nothing, until the kernel takes no more for a while or breaks
                                                                -> stuck N | broken N
  read N         reads exactly N bytes                          -> read BASE64 | ended BASE64 | broken BASE64
  trickle        reads 512 bytes twenty times a second until the next line comes on stdin
                                                                -> read BASE64 | ended BASE64 | broken BASE64
  drain          reads to the end                               -> ended BASE64 | broken BASE64
  half-close     shuts down the sending side                    -> done
  reset          closes with RST                                -> done
"""
import base64, select, socket, struct, sys

port, receive_buffer = int(sys.argv[1]), int(sys.argv[2])
sock = socket.socket()
sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
sock.connect(("127.0.0.1", port))
print("connected", sock.getsockname()[1], flush=True)


def read(limit):
    got = bytearray()
    while len(got) < limit:
        try:
            chunk = sock.recv(min(65536, limit - len(got)))
        except OSError:
            return answer_read("broken", got)
        if not chunk:
            return answer_read("ended", got)
        got += chunk
    return answer_read("read", got)


def trickle():
    got = bytearray()
    while True:
        try:
            chunk = sock.recv(512)
        except OSError:
            return answer_read("broken", got)
        if not chunk:
            return answer_read("ended", got)
        got += chunk
        # Behind it, so that there is something also where the line was there first.
        if select.select([sys.stdin], [], [], 0.05)[0]:
            break
    sys.stdin.readline()
    return answer_read("read", got)


def answer_read(how, got):
    return f"{how} {base64.b64encode(got).decode()}"


def send(times, data):
    try:
        for _ in range(times):
            sock.sendall(data)
    except OSError:
        return "broken"
    return f"sent {times * len(data)}"


def flood(data):
    sent = 0
    try:
        # Writable within two seconds, or nobody takes it: the server has paused us.
        while select.select([], [sock], [], 2)[1]:
            sent += sock.send(data, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return f"stuck {sent}"
    except OSError:
        return f"broken {sent}"
    return f"stuck {sent}"


while line := sys.stdin.readline():
    command, *args = line.split()
    if command == "send":
        answer = send(1, bytes.fromhex(args[0]))
    elif command == "repeat":
        answer = send(int(args[0]), bytes.fromhex(args[1]))
    elif command == "flood":
        answer = flood(bytes.fromhex(args[0]))
    elif command == "read":
        answer = read(int(args[0]))
    elif command == "trickle":
        answer = trickle()
    elif command == "drain":
        answer = read(1 << 62)
    elif command == "half-close":
        sock.shutdown(socket.SHUT_WR)
        answer = "done"
    else:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
        answer = "done"
    print(answer, flush=True)
