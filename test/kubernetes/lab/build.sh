#!/bin/bash
# build.sh: makes what is missing of the programs and images. One at a time, for several labs may share them.
# build.sh --check: makes nothing; 0 when the programs are there, or packed.
set -euo pipefail
. "$(dirname "$0")/place.sh"
if [ "${1:-}" = --check ]; then
  [ -x "$bin/kubernetes" ] && [ -x "$bin/etcd" ] && exit 0
  [ -e "${PACKED:-}/kubernetes.xz" ] && [ -e "${PACKED:-}/etcd.xz" ]
  exit
fi
mkdir -p "$LAB_HOME"
exec 9> "$LAB_HOME/.building"; flock 9
"$root/build/packages.sh"
"$root/build/programs.sh"
"$root/images/build.sh"
