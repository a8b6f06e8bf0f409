"""The Python server of ../python as a service of systemd: Type=notify, a socket unit, and a socket kept in the manager's store.

With FDSTORE=1 it hands its listening socket to the manager (FileDescriptorStoreMax= must allow it) and gets it back, as sd_listen_fds(3)
says, when it is started again: then no socket unit is needed.
"""
import os
import signal
import socket
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
import server  # noqa: E402


def listening_socket():
    """The socket that the manager passed to this very process, or one of our own."""
    if os.environ.get("LISTEN_PID") == str(os.getpid()) and int(os.environ.get("LISTEN_FDS", "0")) >= 1:
        return socket.socket(fileno=3)
    own = server.listening_socket()
    if os.environ.get("FDSTORE") == "1":
        # Listening from now on: what is stored must take connections when this process is gone.
        own.listen(4096)
        tell_manager("FDSTORE=1\nFDNAME=web", own.fileno())
    return own


def tell_manager(text, *descriptors):
    """As sd_notify(3), with descriptors."""
    address = os.environ["NOTIFY_SOCKET"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.connect("\0" + address[1:] if address.startswith("@") else address)
        socket.send_fds(notify, [text.encode()], descriptors)


def main():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    web = server.Server(listening_socket())
    threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    tell_manager("READY=1")
    signal.sigwait({signal.SIGTERM})
    # Threads that still answer past the limit are not waited for.
    os._exit(web.leave())


main()
