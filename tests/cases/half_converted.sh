#!/usr/bin/env bash
# A conversion that was killed leaves nothing that opens as a whole set.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
command -v strace >/dev/null || skip "strace is not on this machine"
strace -o /dev/null true 2>/dev/null || skip "processes may not be traced here"
pictures p
for call in rename write fsync; do
  for n in 1 2 3 4 5 6 7 8; do
    rm -rf out.set*
    strace -f -o /dev/null -e trace=$call -e inject=$call:signal=SIGKILL:when=$n \
      "$FL" data convert p out.set --to idx >/dev/null 2>&1
    [[ $? != 0 ]] || continue
    rm -f out.set/*.partial
    [[ ! -e out.set ]] || run 3 "$FL" data info out.set
  done
done
