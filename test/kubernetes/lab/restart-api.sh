#!/bin/bash
# restart-api.sh [SECONDS]: kills the API server, which comes back after so many seconds (0), and returns when it answers again.
set -euo pipefail
. "$(dirname "$0")/place.sh"
echo "${1:-0}" > "$run/kube-apiserver.pause"
kill -KILL "$(outside_pid "$(cat "$run/pid")" "$(cat "$run/kube-apiserver.pid")")"
sleep "${1:-0}"
until "$root/in.sh" kubectl get --raw /readyz > /dev/null 2>&1; do sleep 0.2; done
