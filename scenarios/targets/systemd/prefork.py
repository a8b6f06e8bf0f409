"""Two workers on one listening socket, and a master that forks them. WORKERS and MASTER say what SIGTERM does to each.

Workers drain when the master's pipe ends and, unless WORKERS=die, on SIGTERM. The master waits for them; with MASTER=leaves it ends at
once and leaves them to themselves.
"""
import os
import select
import signal
import threading

from manager import listening_socket, server, tell_manager


def wait_and_tell(pipe):
    select.select([pipe], [], [])
    os.kill(os.getpid(), signal.SIGTERM)


def work(listener, pipe, dies):
    web = server.Server(listener)
    threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    if dies:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        select.select([pipe], [], [])
    else:
        threading.Thread(target=wait_and_tell, args=(pipe,), daemon=True).start()
        signal.sigwait({signal.SIGTERM})
    os._exit(web.leave())


def main():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    listener = listening_socket()
    listener.setblocking(False)
    pipe, keep = os.pipe()
    workers = []
    for _ in range(2):
        worker = os.fork()
        if worker == 0:
            os.close(keep)
            work(listener, pipe, os.environ.get("WORKERS") == "die")
        workers.append(worker)
    tell_manager("READY=1")
    signal.sigwait({signal.SIGTERM})
    if os.environ.get("MASTER") != "leaves":
        os.close(keep)
        for worker in workers:
            os.waitpid(worker, 0)


main()
