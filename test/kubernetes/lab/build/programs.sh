#!/bin/bash
# Kubernetes' programs, all in one that goes by the name it is called by, and etcd. Unpacked from PACKED where they are, otherwise built
# from the Go module proxy: some 28 minutes of processor time the first time, half a minute when the Go cache is warm.
# (Debian's etcd 3.4 is too old: without its progress notices the API server ends watches at once.)
set -euo pipefail
. "$(dirname "$0")/../place.sh"
packed=${PACKED:-}; mkdir -p "$bin"
export GOFLAGS='-buildvcs=false -trimpath' GOTOOLCHAIN=local CGO_ENABLED=0
version=v1.37.2
base=k8s.io/component-base/version
flags="-s -w -X $base.gitVersion=$version -X $base.gitMajor=1 -X $base.gitMinor=37 -X $base.gitTreeState=clean -X $base.gitCommit=module -X $base.buildDate=1970-01-01T00:00:00Z"
make() { # NAME PACKAGE FLAGS
  [ ! -x "$bin/$1" ] || return 0
  if [ -e "$packed/$1.xz" ]; then xz -dc "$packed/$1.xz" > "$bin/$1.part"
  else echo "+ go build $2" >&2; (cd "$root/build/kubernetes" && nice -n "${NICE:-0}" go build -ldflags "$3" -o "$bin/$1.part" "$2"); fi
  chmod +x "$bin/$1.part"; mv "$bin/$1.part" "$bin/$1"
}
make kubernetes . "$flags"
make etcd go.etcd.io/etcd/server/v3 '-s -w'
for name in kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl; do ln -sf kubernetes "$bin/$name"; done
