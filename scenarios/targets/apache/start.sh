#!/bin/sh
# Starts Apache in the foreground with a configuration and a page of its own. MPM: event or prefork.
set -eu
mkdir -p "$SCRATCH/htdocs"
echo hello > "$SCRATCH/htdocs/hello"
printf '%01024d' 0 > "$SCRATCH/htdocs/slow"
exec "$(command -v apache2 || echo /usr/sbin/apache2)" -f "$PWD/apache.conf" -DFOREGROUND
