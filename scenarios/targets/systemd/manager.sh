#!/bin/sh
# manager.sh KIND [SETTING...]: runs a systemd user manager of our own in the foreground, with the units of units/KIND, until it is told
# to end. PROGRAM is what the service starts, app.py if it is not set; each SETTING is a line of its [Service], such as KillMode=mixed.
#
# systemd wants to be at home: it runs only where /run/systemd/system exists, and it makes control groups. So that nothing of this
# machine is touched, it gets mounts of its own (the root read-only, an empty /run) and a control group of its own, which goes with it.
# Where that is not allowed, as in most containers, it ends with 77: what the gallery then skips.
# "systemctl --user" reaches it through XDG_RUNTIME_DIR, which must be a folder of this run.
set -eu

needs() { echo "needs $1, which keep systemd away from this machine's" >&2; exit 77; }
if [ "$(id -u)" -ne 0 ] || ! unshare --mount --propagation private mount --no-mtab -t tmpfs tmpfs /run 2>/dev/null; then
  needs "root with CAP_SYS_ADMIN: mounts and a control group of its own"
fi

here=$(cd "$(dirname "$0")" && pwd)
targets=${here%/*}
units=$XDG_RUNTIME_DIR/units
rm -rf "$units"
mkdir -p "$units"
cp "$here/units/$1"/* "$units"
shift
for setting in "$@"; do echo "$setting" >> "$units/app.service"; done
sed -i -e "s|@PROGRAM@|${PROGRAM:-/usr/bin/python3 @TARGETS@/systemd/app.py}|" \
  -e "s|@PORT@|$PORT|g" -e "s|@SCRATCH@|$XDG_RUNTIME_DIR|g" -e "s|@TARGETS@|$targets|g" "$units"/*
# What a manager needs in order to end; nothing else of this machine's units is known to it.
for unit in exit.target systemd-exit.service shutdown.target; do ln -sf "/usr/lib/systemd/user/$unit" "$units/$unit"; done

# Without a group of its own the manager would take every process of ours for its.
groups=
clear_up() { for group in $groups; do find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true; done; }
trap clear_up EXIT
for root in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
  [ -e "$root/cgroup.procs" ] || continue
  mkdir "$root/zerodrop-$$" 2>/dev/null || needs "a control group of its own in $root, and mounts"
  groups="$groups $root/zerodrop-$$"
done

SYSTEMD_UNIT_PATH=$units MANAGER_GROUPS=$groups unshare --mount --propagation private "$here/inside.sh" &
manager=$!
trap 'kill -TERM $manager 2>/dev/null || true' TERM INT
while kill -0 $manager 2>/dev/null; do wait $manager || true; done
