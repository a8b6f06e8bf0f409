#!/bin/bash
# restart-api.sh [SECONDS]: kills the API server, which comes back after so many seconds (0), and returns when it answers again.
set -euo pipefail
. "$(dirname "$0")/place.sh"
echo "${1:-0}" > "$run/kube-apiserver.pause"
kill -KILL "$(outside_pid "$(cat "$run/pid")" "$(cat "$run/kube-apiserver.pid")")"
sleep "${1:-0}"
for _ in $(seq 150); do
  if "$root/in.sh" kubectl get --raw /readyz > /dev/null 2>&1; then exit 0; fi
  [ -e "$run/pid" ] || { echo 'restart-api.sh: the lab has ended' >&2; exit 1; }
  sleep 0.2
done
echo 'restart-api.sh: the API server does not come back' >&2; exit 1
