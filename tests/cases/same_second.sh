#!/usr/bin/env bash
# Runs that start in one second have a directory each.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
pictures p
for seed in 1 2 3 4; do
  "$FL" train p --epochs 5 --seed $seed -q --threads 1 >o$seed 2>e$seed &
  pids[seed]=$!
done
for seed in 1 2 3 4; do wait "${pids[seed]}" || fail "seed $seed: $(cat e$seed)"; done
found=$(for d in runs/*; do
  python3 - "$d" <<'P'
import json, re, sys
d = sys.argv[1]
told = json.load(open(d + '/summary.json'))['configuration']['seed']
asked = int(re.search(r'^seed = (\d+)', open(d + '/run.toml').read(), re.M)[1])
assert told == asked, (d, told, asked)
print(told)
P
done | sort | tr '\n' ' ')
[[ $found == "1 2 3 4 " ]] || fail "the runs that were kept: $found"
