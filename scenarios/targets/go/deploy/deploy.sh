#!/bin/sh
# Deploys: a versioned folder, the link, a restart by handing over, a healthcheck. Ends with 0 only when the new version answers.
set -eu
version=$("$(dirname "$0")/install.sh")
kill -USR2 "$(cat "$PID_FILE")"
tries=0
until "$SCRATCH/current/server" -serves "$version"; do
  tries=$((tries + 1))
  [ $tries -lt 20 ] || { echo "$version does not answer" >&2; exit 1; }
  sleep 0.1
done
