#!/bin/sh
# start.sh [-x]: starts haproxy in the foreground. With -x, one that starts beside another of this run is given its listening sockets;
# without, each binds a socket of its own (haproxy always sets SO_REUSEPORT).
set -eu
[ "${1:-}" = -x ] && [ -S "$SCRATCH/haproxy.sock" ] && [ -e "$SCRATCH/started" ] || set --
touch "$SCRATCH/started"
exec haproxy -db -f haproxy.cfg ${1:+-x "$SCRATCH/haproxy.sock"}
