#!/bin/sh
# Starts nginx with a configuration of its own. DAEMON: on or off. The absolute path matters: on USR2 nginx executes argv[0] again.
set -eu
DIR=/tmp/zerodrop-nginx-$PORT
mkdir -p "$DIR"
sed -e "s|\${PORT}|$PORT|g" -e "s|\${DIR}|$DIR|g" nginx.conf > "$DIR/nginx.conf"
exec "$(command -v nginx || echo /usr/sbin/nginx)" -c "$DIR/nginx.conf" -g "daemon ${DAEMON:-off};"
