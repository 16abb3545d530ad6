#!/usr/bin/env bash
# A column of numbers below float's normal ones, and one below double's.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
python3 - <<'P'
import random
r = random.Random(11)
b = [r.gauss(0, 1) for _ in range(300)]
with open('tiny.csv', 'w') as f:
    print('likelihood,x,label', file=f)
    for v in b: print(f'{1e-40 * r.random():.3e},{v:.4f},{int(v > 0)}', file=f)
with open('pvalue.csv', 'w') as f:
    print('p,x,label', file=f)
    for v in b: print(f'1e-{400 * r.random():.0f},{v:.4f},{int(v > 0)}', file=f)
P
for set in tiny pvalue; do
  run 0 "$FL" train $set.csv -o $set -q --format json
  python3 -c 'import json; s = json.load(open("out")); assert 0 < s["configuration"]["learning_rate"] < 1e3, s; assert s["test"]["accuracy"] > 0.9' ||
    fail "$set.csv was not learned"
done
