"""Executes itself anew on SIGUSR2, in the same process, with the listening socket kept open."""
import os
import signal
import socket
import sys

kept = os.environ.get("KEPT_FD")
listener = socket.socket(fileno=int(kept)) if kept else socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
listener.set_inheritable(True)


def again(*_):
    os.environ["KEPT_FD"] = str(listener.fileno())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR2])
    os.execv(sys.executable, [sys.executable, __file__])


signal.signal(signal.SIGUSR2, again)
while True:
    connection, _ = listener.accept()
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nfine")
    connection.close()
