#!/usr/bin/env bash
# LIBSVM files that count from 0, of which the second has no index 0.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
python3 - <<'P'
import random
r = random.Random(5)
X = [[round(r.random(), 3) if r.random() < 0.4 else 0 for _ in range(6)] for _ in range(600)]
for x in X[400:]: x[0] = 0
def w(f, rows):
    with open(f, 'w') as g:
        for x in rows:
            print(int(x[1] - x[2] + 0.1 * x[0] > 0), *[f'{j}:{v}' for j, v in enumerate(x) if v], file=g)
w('train.svm', X[:400])
w('new.svm', X[400:])
P
run 0 "$FL" train train.svm -o run -q --test-share 0
[[ $(accuracy run new.svm) == $(accuracy run new.svm --features 6 --index-base 0) ]] ||
  fail "the index base is guessed anew"
run 0 "$FL" predict run new.svm -q
