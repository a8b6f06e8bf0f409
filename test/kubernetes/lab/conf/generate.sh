#!/bin/bash
# Writes what the programs read: certificates, tokens, kubeconfigs, and the configuration of each node.
set -euo pipefail
. "$(dirname "$0")/../place.sh"
pki=$run/pki; mkdir -p "$pki"
(
  cd "$pki"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=lab-ca -keyout ca.key -out ca.crt 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=kube-apiserver -keyout apiserver.key -out apiserver.csr 2>/dev/null
  printf 'subjectAltName=IP:10.200.0.1,IP:10.96.0.1,IP:127.0.0.1,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc' > san
  openssl x509 -req -in apiserver.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile san -out apiserver.crt 2>/dev/null
  openssl genrsa -out sa.key 2048 2>/dev/null
)
: > "$run/tokens.csv"
kubeconfig() { # FILE USER GROUP
  local token; token=$(openssl rand -hex 16)
  echo "$token,$2,$2,\"$3\"" >> "$run/tokens.csv"
  cat > "$1" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "https://10.200.0.1:6443", certificate-authority: "$pki/ca.crt"}}]
users: [{name: "$2", user: {token: $token}}]
contexts: [{name: lab, context: {cluster: lab, user: "$2"}}]
current-context: lab
YAML
}
kubeconfig "$run/kubeconfig" admin system:masters
kubeconfig "$run/controller.kubeconfig" system:kube-controller-manager system:masters
kubeconfig "$run/scheduler.kubeconfig" system:kube-scheduler system:kube-scheduler
for i in $(seq "$NODES"); do
  node=$run/node$i; mkdir -p "$node"/{run,lib,log,tmp,cgroup,cni}
  kubeconfig "$node/kubeconfig" "system:node:node$i" system:nodes
  kubeconfig "$node/proxy.kubeconfig" system:kube-proxy system:node-proxier
  cat > "$node/containerd.toml" <<TOML
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/lab/pause:1"
  # The machine lacks CAP_SYS_RESOURCE: no score may be lowered.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$pkg/usr/lib/cni"
    conf_dir = "$node/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      BinaryName = "$pkg/wrapped/runc"
      SystemdCgroup = false
TOML
  cat > "$node/cni/10-lab.conflist" <<JSON
{"cniVersion": "1.0.0", "name": "lab", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true, "ipMasq": false,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.244.$i.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
JSON
  cat > "$node/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
failCgroupV1: false          # this kind of machine has cgroup v1
cgroupDriver: cgroupfs
cgroupRoot: /$lab/node$i
cgroupsPerQOS: true
enforceNodeAllocatable: []
failSwapOn: false
oomScoreAdj: 0
makeIPTablesUtilChains: false
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
evictionHard: {memory.available: 1Mi, nodefs.available: 1Mi, imagefs.available: 1Mi, nodefs.inodesFree: "1", imagefs.inodesFree: "1"}
imageGCHighThresholdPercent: 100
resolvConf: ""
registerNode: true
YAML
done
