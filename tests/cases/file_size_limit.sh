#!/usr/bin/env bash
# Under a limit of a file's size the histories go, and the weights stay.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
pictures p 1000
status=0
(ulimit -f 200 && exec "$FL" train p --epochs 5000 --lr 0.001 -b 100 -q --threads 1 -o r) >out 2>err || status=$?
[[ $status == 1 ]] || fail "exit status $status: $(cat err)"
model_of r
