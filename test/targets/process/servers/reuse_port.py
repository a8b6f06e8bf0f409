"""Binds its port with SO_REUSEPORT. SUCCESSOR says what is wrong with an instance that finds another one there: warm (503 for a
while), sick (503 for ever), deaf (never accepts), plain (binds without the option), leaves (ends with 0 and does nothing)."""

import os
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ["PORT"])
with socket.socket() as visitor:
    flaw = os.environ.get("SUCCESSOR", "") if visitor.connect_ex(("127.0.0.1", PORT)) == 0 else ""
if flaw == "leaves":
    sys.exit(0)
well_at = time.monotonic() + {"warm": 0.6, "sick": 1e9}.get(flaw, 0)


class Hello(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if time.monotonic() >= well_at else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    def server_bind(self):
        if flaw != "plain":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()


server = Server(("127.0.0.1", PORT), Hello)
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
if flaw == "deaf":
    threading.Event().wait()
server.serve_forever()
