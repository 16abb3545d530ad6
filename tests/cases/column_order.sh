#!/usr/bin/env bash
# Columns in another order than in training, where data meet a model.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
python3 - <<'P'
import random
r = random.Random(3)
X = [(round(r.gauss(0, 1), 3), round(r.gauss(0, 10), 3), round(r.gauss(0, 100), 3)) for _ in range(400)]
def w(f, head, order):
    with open(f, 'w') as g:
        print(head, file=g)
        for x in X: print(*[x[j] for j in order], int(x[0] > 0), sep=',', file=g)
w('train.csv', 'a,b,c,label', (0, 1, 2))
w('reordered.csv', 'c,b,a,label', (2, 1, 0))
w('renamed.csv', 'x,y2,z,label', (0, 1, 2))
P
run 0 "$FL" train train.csv -o run -q
[[ $(accuracy run reordered.csv) == $(accuracy run train.csv) ]] || fail "evaluate takes columns by their places"
run 0 "$FL" predict run reordered.csv --format csv -q && cp out reordered
run 0 "$FL" predict run train.csv --format csv -q && cmp out reordered || fail "predict takes columns by their places"
run 0 "$FL" train train.csv --test reordered.csv -o again -q --format json
python3 -c 'import json; assert json.load(open("out"))["test"]["accuracy"] > 0.95' || fail "--test takes columns by their places"
run 3 "$FL" evaluate run renamed.csv && says "'a'" err
mkdir pair && cp train.csv pair/d.train.csv && cp reordered.csv pair/d.test.csv
run 0 "$FL" train pair -o pairs -q
