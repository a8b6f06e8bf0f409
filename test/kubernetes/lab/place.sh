# Sourced by the others: where everything lies. Nothing is written below this folder.
#
#   LAB_HOME   programs and images, which last: by default zerodrop-lab in the user's cache folder
#   LAB_RUN    one cluster: two of them may run side by side, in folders of their own
#   PACKED     a folder with kubernetes.xz and etcd.xz, so that nothing need be compiled
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export LAB_HOME=${LAB_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/zerodrop-lab}
export LAB_RUN=${LAB_RUN:-$LAB_HOME/run}
run=$LAB_RUN bin=$LAB_HOME/bin pkg=$LAB_HOME/pkg images=$LAB_HOME/images
lab=zerodrop-lab-$(printf %s "$run" | sha256sum | cut -c1-8)

# The machine's number of a process that has this number in the lab whose first process is known by LAB_PID.
outside_pid() { # LAB_PID NUMBER
  local namespace status pid; namespace=$(readlink "/proc/$1/ns/pid_for_children")
  for status in /proc/[0-9]*/status; do
    [ "$(awk '/^NSpid:/ {print $NF}' "$status" 2>/dev/null)" = "$2" ] || continue
    pid=${status#/proc/}; pid=${pid%/status}
    if [ "$(readlink "/proc/$pid/ns/pid")" = "$namespace" ]; then echo "$pid"; return; fi
  done
  return 1
}
