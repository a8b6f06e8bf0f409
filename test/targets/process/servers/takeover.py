"""Fetches the listening socket from its predecessor over TAKEOVER_SOCKET, which leaves when this one has confirmed.
STAY=1 is a predecessor that does not leave."""

import os
import signal
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = os.environ["TAKEOVER_SOCKET"]


class Hello(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def hand_over(door, listener):
    while True:
        visitor, _ = door.accept()
        socket.send_fds(visitor, [b"L"], [listener.fileno()])
        if visitor.recv(5) == b"ready" and os.environ.get("STAY") != "1":
            os._exit(0)


visitor = socket.socket(socket.AF_UNIX)
server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Hello, bind_and_activate=False)
succeeds = visitor.connect_ex(PATH) == 0
if succeeds:
    _, fds, _, _ = socket.recv_fds(visitor, 1, 1)
    server.socket.close()
    server.socket = socket.socket(fileno=fds[0])
    os.unlink(PATH)
else:
    server.server_bind()
    server.server_activate()
door = socket.socket(socket.AF_UNIX)
door.bind(PATH)
door.listen()
threading.Thread(target=hand_over, args=(door, server.socket), daemon=True).start()
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
if succeeds:
    visitor.send(b"ready")
server.serve_forever()
