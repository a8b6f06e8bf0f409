#!/bin/bash
# in.sh COMMAND...: runs a command where the cluster can be reached: in the network of a client outside of it, with KUBECONFIG set.
# LAB_NODE=node1 in.sh ... runs it in the network of that node. Files and processes are the machine's own, only the network is the lab's.
# WHOLE=1 LAB_NODE=node1 in.sh ... enters the node as a whole, with its view of the disk: for ctr, which finds containerd as its default address.
set -euo pipefail
. "$(dirname "$0")/place.sh"
export KUBECONFIG=$run/kubeconfig KUBECACHEDIR=$run/cache PATH=$bin:$pkg/wrapped:$PATH
lab=$(cat "$run/pid" 2>/dev/null) && [ -e "/proc/$lab" ] || { echo 'in.sh: the cluster is not up' >&2; exit 69; }
inside=$lab
[ -z "${LAB_NODE:-}" ] || inside=$(outside_pid "$lab" "$(cat "$run/$LAB_NODE/pid")")
[ -z "${WHOLE:-}" ] || TMPDIR=$run/tmp exec nsenter --target "$inside" --mount --uts --ipc --net --pid -- "$@"
exec nsenter --net="/proc/$inside/ns/net" -- "$@"
