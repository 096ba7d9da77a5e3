"""Uppercase echo over TCP on gevent: echo-gevent.py PORT"""

import sys

from gevent.server import StreamServer


def echo(sock, _address):
    while chunk := sock.recv(65536):
        sock.sendall(chunk.upper())


StreamServer(("127.0.0.1", int(sys.argv[1])), echo, backlog=1024).serve_forever()
