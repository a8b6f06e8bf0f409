"""What a service and its manager say to each other: sd_listen_fds(3) and sd_notify(3)."""
import os
import socket
import sys

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
