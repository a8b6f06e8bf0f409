#!/bin/sh
# Installs the packages of the folder that it is started in (npm's, or Python's into ./packages): once, and again when the file
# that names them has changed. One at a time, since several scenarios share a folder.
set -eu
if [ -f package-lock.json ]; then
  exec flock package-lock.json sh -c '[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund'
fi
exec flock requirements.txt sh -c '[ packages -nt requirements.txt ] ||
  { python3 -m pip install --quiet --disable-pip-version-check --upgrade --target packages -r requirements.txt && touch packages; }'
