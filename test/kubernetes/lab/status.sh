#!/bin/bash
# status.sh: 0 and the nodes, when the cluster is up.
set -euo pipefail
. "$(dirname "$0")/place.sh"
[ -e "$run/ready" ] && "$root/in.sh" kubectl get nodes -o wide
