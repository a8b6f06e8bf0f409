"""Runs a command and waits for it, as wrappers do.

WRAPPER: dies (of a signal), stays (takes it and waits on), passes (it on and waits), hasty (passes it on and ends)."""
import os
import signal
import subprocess
import sys

child = None
how = os.environ.get("WRAPPER", "dies")


def take(number, _frame):
    if how in ("passes", "hasty"):
        child.send_signal(number)
    if how == "hasty":
        os._exit(0)


if how != "dies":
    for number in (signal.SIGTERM, signal.SIGUSR2, signal.SIGHUP):
        signal.signal(number, take)
child = subprocess.Popen(sys.argv[1:])
child.wait()
