#!/bin/bash
# down.sh: ends the cluster, if it runs, and removes what it left: its cgroups and LAB_RUN. --keep-logs copies its logs to log.last.
set -euo pipefail
. "$(dirname "$0")/place.sh"
if [ -e "$run/pid" ]; then
  pid=$(cat "$run/pid")
  if [ -e "/proc/$pid/stat" ] && [ "$(cut -d' ' -f22 "/proc/$pid/stat")" = "$(cat "$run/pid.started" 2>/dev/null)" ]; then
    kill -KILL "$pid" 2>/dev/null || true   # --kill-child: the first process of the pid namespace dies with it, and all others with that
    # Its first process in there is gone when it is; a zombie that nobody has waited for yet is as good as gone.
    for _ in $(seq 100); do
      case $(cut -d' ' -f3 "/proc/$pid/stat" 2>/dev/null) in ''|Z|X) break;; esac
      sleep 0.1
    done
  fi
fi
for _ in $(seq 50); do
  left=$(find /sys/fs/cgroup -depth -type d -path "*/$lab*" 2>/dev/null | grep -v '/unified/' || true)
  [ -n "$left" ] || break
  while read -r group; do rmdir "$group" 2>/dev/null || true; done <<< "$left"
  sleep 0.1
done
find /sys/fs/cgroup -depth -type d -path "*/$lab*" -exec rmdir {} + 2>/dev/null || true
[ "${1:-}" = --keep-logs ] && [ -e "$run/log" ] && { rm -rf "$LAB_HOME/log.last"; cp -r "$run/log" "$LAB_HOME/log.last"; }
rm -rf "$run"
