#!/bin/bash
# One node: a network of its own and a view of the disk of its own, with containerd, kubelet and kube-proxy.
set -euo pipefail
. "$(dirname "$0")/../place.sh"
i=$1; node=$run/node$1 log=$run/log
hostname "node$i"; ip link set lo up
# /sys shows this network's devices; the cgroups stay where they are.
mount --rbind /sys/fs/cgroup "$node/cgroup"
mount -t sysfs sysfs /sys; mount --rbind "$node/cgroup" /sys/fs/cgroup
mount --bind "$node/run" /run; mount --bind "$node/log" /var/log; mount --bind "$node/lib" /var/lib
mount --make-rshared /
export TMPDIR=$node/tmp HOME=$node/tmp
touch "$node/awaits-cable"; until [ -e "$node/has-cable" ]; do sleep 0.02; done

ip addr add "10.200.1.$i/16" dev eth0; ip link set eth0 up; ip route add default via 10.200.0.1
for other in $(seq "$NODES"); do [ "$other" = "$i" ] || ip route add "10.244.$other.0/24" via "10.200.1.$other"; done
echo 1 > /proc/sys/net/ipv4/ip_forward

containerd --config "$node/containerd.toml" >> "$log/node$i-containerd.log" 2>&1 &
until ctr -a /run/containerd/containerd.sock version > /dev/null 2>&1; do sleep 0.1; done
for image in "$images"/*.tar; do ctr -a /run/containerd/containerd.sock -n k8s.io images import --no-unpack=false "$image"; done
until [ -e "$run/serves" ]; do sleep 0.1; done
kubelet --config="$node/kubelet.yaml" --kubeconfig="$node/kubeconfig" --hostname-override="node$i" --node-ip="10.200.1.$i" >> "$log/node$i-kubelet.log" 2>&1 &
kube-proxy --kubeconfig="$node/proxy.kubeconfig" --hostname-override="node$i" --proxy-mode="$PROXY" --cluster-cidr=10.244.0.0/16 \
  --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0 --conntrack-tcp-timeout-close-wait=0 >> "$log/node$i-kube-proxy.log" 2>&1 &
wait
