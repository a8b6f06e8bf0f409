"""The Python server of ../python as a service of systemd: Type=notify, a socket unit, and a socket kept in the manager's store.

With FDSTORE=1 it hands its listening socket to the manager (FileDescriptorStoreMax= must allow it) and gets it back, as sd_listen_fds(3)
says, when it is started again: then no socket unit is needed. On SIGUSR2 it starts its successor, which with ANNOUNCES=1 tells the
manager that it is the main process now.
"""
import os

from manager import listening_socket, server, tell_manager


def main():
    web = server.serve(listening_socket())
    # A successor of ours is the service from now on: a manager that does not know it ends what is left with the old process.
    follows = "READY_FD" in os.environ and os.environ.get("ANNOUNCES") == "1"
    tell_manager(f"READY=1\nMAINPID={os.getpid()}" if follows else "READY=1")
    server.say_ready()
    server.obey(web)


main()
