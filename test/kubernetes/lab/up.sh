#!/bin/bash
# up.sh: brings the cluster up and returns when both nodes are Ready; does nothing when it is up already.
#
# All of it lives in namespaces of its own (mount, pid, network, ...) below one process, whose pid is in run/pid: when that ends, all ends.
# Nothing is written but LAB_HOME, LAB_RUN (place.sh says what they are), the Go caches (while it builds) and cgroups named after this lab,
# which down.sh removes.
#
#   NODES=2           how many nodes
#   PROXY=nftables    kube-proxy's mode: nftables or iptables
#   LIMIT=3600        the lab ends by itself after so many seconds
#   READY=180         longest wait for Ready nodes, s
#   NICE=0            for the builds
set -euo pipefail
. "$(dirname "$0")/place.sh"
export NODES=${NODES:-2} PROXY=${PROXY:-nftables} LIMIT=${LIMIT:-3600} READY=${READY:-180} NICE=${NICE:-0}
[ "$(id -u)" = 0 ] || { echo 'up.sh: needs root, for namespaces and cgroups' >&2; exit 77; }

"$root/build.sh"

if "$root/status.sh" >/dev/null 2>&1; then echo 'The cluster is up.'; exit 0; fi
"$root/down.sh"
mkdir -p "$run/log"
"$root/conf/generate.sh"

began=$(date +%s)
setsid unshare --mount --net --uts --ipc --pid --fork --kill-child --propagation private \
  bash "$root/conf/lab.sh" > "$run/log/lab.log" 2>&1 < /dev/null &
unshare_pid=$!
echo "$unshare_pid" > "$run/pid"
# The start time tells our process from another one that has got its number.
cut -d' ' -f22 "/proc/$unshare_pid/stat" > "$run/pid.started"

while [ ! -e "$run/ready" ]; do
  if ! kill -0 "$unshare_pid" 2>/dev/null; then
    echo 'up.sh: the lab has ended; its last words:' >&2; tail -n 20 "$run/log/lab.log" >&2
    "$root/down.sh"; exit 1
  fi
  if [ $(($(date +%s) - began)) -gt "$READY" ]; then
    echo "up.sh: not ready within $READY s; its logs are in $LAB_HOME/log.last" >&2
    "$root/in.sh" kubectl get nodes,pods -A >&2 || true
    "$root/down.sh" --keep-logs; exit 1
  fi
  sleep 0.2
done
echo "The cluster is up after $(($(date +%s) - began)) s: $root/in.sh kubectl get nodes"
