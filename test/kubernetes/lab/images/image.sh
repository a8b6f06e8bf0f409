#!/bin/bash
# image.sh OUT.tar NAME:TAG ROOTFS COMMAND...: makes an image of one layer, for `ctr images import`. No daemon, no registry.
set -euo pipefail
out=$1 name=$2 rootfs=$3; shift 3
work=$(mktemp -d "${out%.tar}.XXXXXX"); trap 'rm -rf "$work"' EXIT
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$rootfs" -cf "$work/layer.tar" .
layer=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
entry=''; for word; do entry+="${entry:+,}\"$word\""; done
cat > "$work/config.json" <<JSON
{"architecture": "amd64", "os": "linux", "created": "1970-01-01T00:00:00Z",
 "config": {"Entrypoint": [$entry], "Env": ["PATH=/bin:/usr/bin:/usr/local/bin"], "WorkingDir": "/"},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$layer"]}, "history": [{"created": "1970-01-01T00:00:00Z"}]}
JSON
printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$name" > "$work/manifest.json"
tar -C "$work" -cf "$out.part" manifest.json config.json layer.tar
mv "$out.part" "$out"
