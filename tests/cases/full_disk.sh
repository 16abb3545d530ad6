#!/usr/bin/env bash
# Where the disk is full the histories go, and the weights stay.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
mkdir m
mount -t tmpfs -o size=512k tmpfs m 2>/dev/null || skip "mounting a small disk needs root"
cleanup() { umount m; }
pictures p 1000
status=0
"$FL" train p --epochs 1000 --lr 0.001 -b 100 -q --threads 1 -o m/r >out 2>err || status=$?
[[ $status == 1 ]] || fail "exit status $status: $(cat err)"
[[ -s err ]] || fail "nothing was said"
cp -r m/r r && model_of r
