#!/bin/bash
# api.sh VARIANT > manifest of a Deployment and its Service. Variants: no-prestop, prestop-sleep, prestop-exec, broken-exec, close, linger,
# deaf (ignores SIGTERM: killed after its grace period of 2 s). Every pod keeps its account below /var/log/account of its node.
set -euo pipefail
variant=$1 lifecycle='' args='' grace=30
case $variant in
  no-prestop) ;;
  prestop-exec) lifecycle='lifecycle: {preStop: {exec: {command: [sleep, "3"]}}}';;
  prestop-sleep) lifecycle='lifecycle: {preStop: {sleep: {seconds: 3}}}';;
  broken-exec) lifecycle='lifecycle: {preStop: {exec: {command: [/no/such/program, "3"]}}}';;
  close) args=', --close';;
  linger) args=', --linger=3s';;
  deaf) args=', --deaf' grace=2;;
  *) echo "api.sh: no variant $variant" >&2; exit 64;;
esac
cat <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, labels: {app: api, variant: $variant}}
spec:
  replicas: 3
  selector: {matchLabels: {app: api}}
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
  template:
    metadata: {labels: {app: api}}
    spec:
      terminationGracePeriodSeconds: $grace
      containers:
        - name: api
          image: lab/api:1
          imagePullPolicy: Never
          args: [--account=/account$args]
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 1, failureThreshold: 2}
          volumeMounts: [{name: account, mountPath: /account}]
          $lifecycle
      volumes: [{name: account, hostPath: {path: /var/log/account, type: DirectoryOrCreate}}]
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec:
  clusterIP: 10.96.0.80
  selector: {app: api}
  ports: [{name: http, port: 80, targetPort: http}]
YAML
