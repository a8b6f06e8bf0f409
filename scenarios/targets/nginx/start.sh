#!/bin/sh
# Starts nginx with a configuration of its own in the scratch folder of the run. DAEMON: on or off. The absolute path matters: on USR2 nginx executes argv[0] again.
set -eu
sed -e "s|\${PORT}|$PORT|g" -e "s|\${SCRATCH}|$SCRATCH|g" nginx.conf > "$SCRATCH/nginx.conf"
head -c 30000 /dev/zero > "$SCRATCH/slow"
exec "$(command -v nginx || echo /usr/sbin/nginx)" -c "$SCRATCH/nginx.conf" -g "daemon ${DAEMON:-off};"
