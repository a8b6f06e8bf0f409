#!/bin/bash
# Unpacks the Debian packages that the lab needs ; nothing is installed: containerd, runc and CNI plugins, nft and iptables
# for kube-proxy, and busybox for images.
set -euo pipefail
. "$(dirname "$0")/../place.sh"
stamp=$(sha256sum < "$0"); [ "$(cat "$pkg/.complete" 2>/dev/null)" = "$stamp" ] && exit 0
packages='containerd runc containernetworking-plugins libseccomp2 busybox-static iptables nftables libip4tc2 libip6tc2 libxtables12
libnftnl11 libmnl0 libnfnetlink0 libnetfilter-conntrack3 libnftables1 libjansson4 libedit2 libgmp10'
rm -rf "$pkg"; mkdir -p "$pkg/debs"; cd "$pkg/debs"
apt-get download -q $packages 2>&1 | grep -v '^W:' || { apt-get update -q && apt-get download -q $packages; }
for deb in *.deb; do dpkg -x "$deb" "$pkg"; done
cd "$pkg"; rm -rf debs usr/share/doc usr/share/man usr/share/bash-completion usr/share/locale
# The programs find their libraries by these wrappers, wherever this folder lies.
mkdir -p "$pkg/wrapped"
libs="$pkg/usr/lib/x86_64-linux-gnu"
wrap() { # NAME PROGRAM
  printf '#!/bin/bash\nXTABLES_LIBDIR=%s/xtables LD_LIBRARY_PATH=%s exec -a %s %s "$@"\n' "$libs" "$libs" "$1" "$2" > "$pkg/wrapped/$1"
  chmod +x "$pkg/wrapped/$1"
}
for name in containerd containerd-shim-runc-v2 ctr; do ln -s "../usr/bin/$name" "wrapped/$name"; done
wrap nft "$pkg/usr/sbin/nft"; wrap runc "$pkg/usr/sbin/runc"
for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  wrap $name "$pkg/usr/sbin/xtables-nft-multi"
done
printf %s "$stamp" > "$pkg/.complete"
