"""A server whose successor binds the same port with SO_REUSEPORT. When it is asked to end, it finishes what it has accepted; what
waits in its own accept queue is reset when its listener closes (unless net.ipv4.tcp_migrate_req is 1)."""

import os
import signal
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hello(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"hello\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 1024

    def server_bind(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()


def leave(*_):
    raise SystemExit(0)


server = Server(("127.0.0.1", int(os.environ["PORT"])), Hello)
signal.signal(signal.SIGTERM, leave)
try:
    server.serve_forever()
finally:
    server.server_close()
