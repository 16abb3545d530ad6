#!/usr/bin/env bash
# A data file that loses its end while it is read.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
pictures p 2000
"$FL" train p --epochs 1000000 -q --threads 1 -o r >o 2>e &
pid=$!
cleanup() { kill -9 $pid 2>/dev/null; }
wait_for r/history.jsonl.partial
until [[ -s r/history.jsonl.partial ]]; do sleep 0.05; done
: >p/data_batch_1.bin
wait $pid
status=$?
[[ $status == 3 ]] || fail "exit status $status: $(cat e)"
says data_batch_1.bin e && model_of r
