#!/bin/bash
# Makes the images that are missing or whose source has changed: lab/pause, which every pod needs, and lab/api, a small Go server.
set -euo pipefail
. "$(dirname "$0")/../place.sh"
here=$root/images; mkdir -p "$images"
export GOFLAGS='-buildvcs=false -trimpath' GOTOOLCHAIN=local CGO_ENABLED=0
work=$(mktemp -d "$images/.work.XXXXXX"); trap 'rm -rf "$work"' EXIT
base() { # a root with busybox and the few files that programs look for
  mkdir -p "$1"/{bin,etc,tmp,proc,sys,dev}; chmod 1777 "$1/tmp"
  cp "$pkg/bin/busybox" "$1/bin/"; for name in sh sleep cat ls wget env; do ln -s busybox "$1/bin/$name"; done
  echo 'root:x:0:0::/:/bin/sh' > "$1/etc/passwd"; echo 'hosts: files dns' > "$1/etc/nsswitch.conf"
}
make() { # NAME: a static program in an image of its own; its stamp is what it was made of
  local stamp; stamp=$(cat "$here/$1"/*.go "$here"/*.sh "$here/go.mod" | sha256sum)
  [ -e "$images/$1.tar" ] && [ "$(cat "$images/$1.stamp" 2>/dev/null)" = "$stamp" ] && return 0
  base "$work/$1"
  (cd "$here" && nice -n "${NICE:-0}" go build -ldflags '-s -w' -o "$work/$1/bin/$1" "./$1")
  "$here/image.sh" "$images/$1.tar" "docker.io/lab/$1:1" "$work/$1" "/bin/$1"
  printf %s "$stamp" > "$images/$1.stamp"
}
make pause
make api
