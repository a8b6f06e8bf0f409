#!/bin/sh
# The part of manager.sh that has mounts of its own.
set -eu
for group in $MANAGER_GROUPS; do echo $$ > "$group/cgroup.procs"; done
# --no-mtab: mount would leave a note in the /run that is not ours.
mount --no-mtab -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/systemd/system
mount --no-mtab --bind "$XDG_RUNTIME_DIR" "$XDG_RUNTIME_DIR"
mount --no-mtab -o remount,bind,ro /
exec /usr/lib/systemd/systemd --user --unit=app.target --log-target=console --log-level="${LOG_LEVEL:-notice}" --show-status=false
