#!/usr/bin/env bash
# A directory belongs to one run.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
pictures p
"$FL" train p --epochs 100000 --seed 1 -q --threads 1 -o r >o1 2>e1 &
first=$!
cleanup() { kill -9 $first 2>/dev/null; }
wait_for r/run.toml
run 2 "$FL" train p --epochs 3 --seed 2 --model mlp:8 -q --threads 1 -o r
run 2 "$FL" search random p -q -o r --tries 3
kill -TERM $first
wait $first
[[ $? == 130 ]] || fail "the first run was not saved: $(cat e1)"
says "seed = 1" r/run.toml && model_of r
python3 -c "import json; [json.loads(l) for l in open('r/history.jsonl')]" || fail "a damaged history"
