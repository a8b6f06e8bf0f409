#!/bin/sh
# The mistake: stops the old version, starts the new one in the background, and asks nobody whether it came up.
set -eu
"$(dirname "$0")/install.sh"
kill "$(cat "$PID_FILE")"
sleep 1
"$SCRATCH/current/server" > /dev/null 2>&1 &
