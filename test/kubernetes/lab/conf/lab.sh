#!/bin/bash
# The first process of the lab's pid namespace: makes the networks, starts everything, and waits. Its end is the end of all.
set -euo pipefail
. "$(dirname "$0")/../place.sh"
log=$run/log
export PATH=$bin:$pkg/wrapped:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export KUBECONFIG=$run/kubeconfig KUBECACHEDIR=$run/cache TMPDIR=$run/tmp HOME=$run/tmp
mkdir -p "$run/tmp"
umask 022; ulimit -n "$(ulimit -Hn)"
began=$(date +%s.%N); say() { printf '%5.1f s  %s\n' "$(echo "$(date +%s.%N) $began" | awk '{print $1 - $2}')" "$1"; }
mount -t proc proc /proc

# The whole machine's settings that a kubelet would write: it writes these files instead.
fake=$run/fake; mkdir -p "$fake"
for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
  name=${setting%=*}; [ -e "/proc/sys/$name" ] || continue
  echo "${setting#*=}" > "$fake/${name//\//.}"; mount --bind "$fake/${name//\//.}" "/proc/sys/$name"
done

# A cgroup for each node, in every hierarchy.
for controller in /sys/fs/cgroup/*/; do
  case $controller in */unified/) continue;; esac
  [ -e "$controller/cgroup.procs" ] || continue
  for i in $(seq "$NODES"); do mkdir -p "$controller/$lab/node$i"; done
done

# What is written goes to LAB_RUN; the rest of the machine is read-only.
mount --bind "$run" "$run"; mount -o remount,bind,ro /
if touch /usr/.zerodrop-lab 2>/dev/null; then rm -f /usr/.zerodrop-lab; echo 'The root is still writable: not here.'; exit 1; fi

# The outside: a bridge to which each node has a cable, and the routes of a router.
hostname outside; ip link set lo up
ip link add lab0 type bridge; ip addr add 10.200.0.1/16 dev lab0; ip link set lab0 up
echo 1 > /proc/sys/net/ipv4/ip_forward
hops=()
for i in $(seq "$NODES"); do
  unshare --mount --net --uts --propagation private bash "$root/conf/node.sh" "$i" > "$log/node$i.log" 2>&1 &
  echo $! > "$run/node$i/pid"
  until [ -e "$run/node$i/awaits-cable" ]; do kill -0 $! || exit 1; sleep 0.02; done
  ip link add "node$i" type veth peer name eth0 netns $!
  ip link set "node$i" master lab0 up
  ip route add "10.244.$i.0/24" via "10.200.1.$i"
  touch "$run/node$i/has-cable"
  hops+=(nexthop via "10.200.1.$i" weight 1)
done
# Clients outside reach Services by way of the nodes, in turns: by the connection, not by the packet.
echo 1 > /proc/sys/net/ipv4/fib_multipath_hash_policy 2>/dev/null || hops=("${hops[@]:0:5}")
ip route add 10.96.0.0/16 "${hops[@]}"

mkdir -p "$run/etcd"; mount -t tmpfs -o size=512m tmpfs "$run/etcd"
start() { local name=$1; shift; "$@" >> "$log/$name.log" 2>&1 & }
start etcd etcd --data-dir "$run/etcd/data" --unsafe-no-fsync --log-level warn \
  --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380
# It comes back when it is killed, as a control plane does that runs it as a static pod. Its pid stands in a file.
keep() {
  local name=$1; shift
  while :; do
    "$@" >> "$log/$name.log" 2>&1 & echo $! > "$run/$name.pid"; wait $! || true; sleep "$(cat "$run/$name.pause" 2>/dev/null || echo 0)"
  done
}
keep kube-apiserver kube-apiserver --etcd-servers=http://127.0.0.1:2379 --service-cluster-ip-range=10.96.0.0/16 --advertise-address=10.200.0.1 --secure-port=6443 \
  --tls-cert-file="$run/pki/apiserver.crt" --tls-private-key-file="$run/pki/apiserver.key" --token-auth-file="$run/tokens.csv" \
  --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged --kubelet-preferred-address-types=InternalIP \
  --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$run/pki/sa.key" --service-account-signing-key-file="$run/pki/sa.key" &
until kubectl get --raw /readyz > /dev/null 2>&1; do sleep 0.2; done
say 'the API server is ready'
start kube-controller-manager kube-controller-manager --kubeconfig="$run/controller.kubeconfig" --leader-elect=false --bind-address=127.0.0.1 \
  --service-account-private-key-file="$run/pki/sa.key" --root-ca-file="$run/pki/ca.crt" --allocate-node-cidrs=false
start kube-scheduler kube-scheduler --kubeconfig="$run/scheduler.kubeconfig" --leader-elect=false --bind-address=127.0.0.1 \
  --authentication-kubeconfig="$run/scheduler.kubeconfig" --authorization-kubeconfig="$run/scheduler.kubeconfig"
touch "$run/serves"
until [ "$(kubectl get nodes --no-headers 2>/dev/null | awk '$2 == "Ready"' | wc -l)" = "$NODES" ] && kubectl get serviceaccount default > /dev/null 2>&1; do sleep 0.2; done
say 'the nodes are Ready'
touch "$run/ready"
sleep "$LIMIT" & wait $!
say "ends after $LIMIT s, as LIMIT says"
