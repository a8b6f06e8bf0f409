#!/bin/sh
# The part of manager.sh that has mounts of its own.
set -eu
for group in $MANAGER_GROUPS; do echo $$ > "$group/cgroup.procs"; done
mount -t tmpfs -o mode=755 tmpfs /run # first: mount itself writes there
mkdir -p /run/systemd/system
mount --bind "$XDG_RUNTIME_DIR" "$XDG_RUNTIME_DIR"
mount -o remount,bind,ro /
exec /usr/lib/systemd/systemd --user --unit=app.target --log-target=console --log-level="${LOG_LEVEL:-notice}" --show-status=false
