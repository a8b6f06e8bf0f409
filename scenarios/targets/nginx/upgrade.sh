#!/bin/sh
# The documented upgrade of nginx on the fly: USR2; when the new master and its workers are there, WINCH; then QUIT to the old master.
set -eu
PID_FILE=/tmp/zerodrop-nginx-$PORT/nginx.pid
old=$(cat "$PID_FILE")
kill -USR2 "$old"
for _ in $(seq 100); do
  sleep 0.1
  new=$(cat "$PID_FILE" 2>/dev/null || echo "$old")
  [ "$new" != "$old" ] && [ "$(pgrep -c -P "$new")" -gt 0 ] && break
done
if [ "$new" = "$old" ]; then
  echo "no new master within 10 s" >&2
  exit 1
fi
kill -WINCH "$old"
sleep 0.3
kill -QUIT "$old"
