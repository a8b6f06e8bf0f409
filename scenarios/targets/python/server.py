"""A server that replaces itself, with Python's standard library alone.

On SIGUSR2 it starts its successor, hands it the listening socket, and leaves only when the successor says that it serves. A
successor that fails changes nothing. gunicorn does the same for a WSGI application, with SIGHUP for its workers.

While leaving, every connection may bring one more request, whose answer says "Connection: close"; one that stays silent for
DRAIN_MS is closed, and one that has never spoken gets four times as long.
"""
import http.server
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

INSTANCE = f"{os.getpid()}-{time.time_ns() // 1_000_000}"
PATIENCE_S = int(os.environ.get("DRAIN_MS", "500")) / 1000
LIMIT_S = 8
READY_WITHIN_S = 10
SIGNALS = {signal.SIGUSR2, signal.SIGTERM}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet; otherwise Nagle and delayed ACK cost 40 ms

    def setup(self):
        super().setup()
        self.spoke = self.busy = False
        self.silent_since = time.monotonic()
        self.server.open.add(self)

    def finish(self):
        self.server.open.discard(self)
        super().finish()

    def parse_request(self):
        self.spoke = self.busy = True
        return super().parse_request()

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/slow":
            time.sleep(int(parse_qs(url.query).get("ms", ["300"])[0]) / 1000)
        text = {"/": "hello\n", "/healthz": "ok\n", "/slow": "slow hello\n"}.get(url.path)
        body = (text or "not found\n").encode()
        self.send_response(404 if text is None else 200)
        self.send_header("X-Instance", INSTANCE)
        self.send_header("Content-Length", str(len(body)))
        if self.server.draining:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        self.silent_since = time.monotonic()
        self.busy = False

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 4096
    draining = False

    def __init__(self, listener):
        super().__init__(listener.getsockname(), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        # For a while two processes accept on this socket: who comes second must not wait there.
        self.socket.setblocking(False)
        self.server_activate()
        self.open = set()

    def leave(self):
        self.draining = True
        since = time.monotonic()
        self.shutdown()  # ends serve_forever
        self.socket.close()
        while self.open:
            now = time.monotonic()
            if now - since > LIMIT_S:
                return 1
            for handler in list(self.open):
                silent = now - max(handler.silent_since, since)
                if not handler.busy and silent >= PATIENCE_S * (1 if handler.spoke else 4):
                    try:
                        handler.connection.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass  # the client was first
            time.sleep(0.025)
        return 0


def listening_socket():
    """The predecessor's socket, or one of our own."""
    if "LISTEN_FD" in os.environ:
        return socket.socket(fileno=int(os.environ.pop("LISTEN_FD")))
    own = socket.socket()
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    own.bind(("127.0.0.1", int(os.environ["PORT"])))
    return own


def start_successor(listener):
    """Returns when it serves; raises when it does not."""
    ours, theirs = os.pipe()
    try:
        successor = subprocess.Popen(
            [sys.executable, *sys.argv],
            pass_fds=(listener.fileno(), theirs),
            env={**os.environ, "LISTEN_FD": str(listener.fileno()), "READY_FD": str(theirs)},
        )
    finally:
        os.close(theirs)
    try:
        # When it dies, the pipe ends: it is readable, and there is nothing to be read.
        readable, _, _ = select.select([ours], [], [], READY_WITHIN_S)
        if not readable or os.read(ours, 5) != b"ready":
            successor.kill()
            successor.wait()
            raise RuntimeError("it did not say that it is ready")
    finally:
        os.close(ours)


def serve(listener):
    # Signals wait until the main thread takes them; threads and successors inherit that.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    server = Server(listener)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


def say_ready():
    """Tells the predecessor, if there is one."""
    if "READY_FD" in os.environ:
        ready = int(os.environ.pop("READY_FD"))
        os.write(ready, b"ready")
        os.close(ready)


def obey(server):
    """Hands over on SIGUSR2, leaves on SIGTERM."""
    while True:
        if signal.sigwait(SIGNALS) == signal.SIGUSR2:
            try:
                start_successor(server.socket)
            except (OSError, RuntimeError) as problem:
                print(f"The successor did not start ({problem}); process {os.getpid()} stays.", file=sys.stderr)
                continue
        # Threads that still answer past the limit are not waited for.
        os._exit(server.leave())


def main():
    server = serve(listening_socket())
    say_ready()
    obey(server)


if __name__ == "__main__":
    main()
