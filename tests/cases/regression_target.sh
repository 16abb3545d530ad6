#!/usr/bin/env bash
# A column of prices is no class, and a column called y may be a coordinate.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
python3 - <<'P'
import random
r = random.Random(2)
with open('price.csv', 'w') as f:
    print('a,b,price', file=f)
    for _ in range(200):
        x = [round(r.gauss(0, 1), 3) for _ in range(3)]
        print(x[0], x[1], int(100000 + 37500 * x[2]), sep=',', file=f)
with open('xyz.csv', 'w') as f:
    print('x,y,z,species', file=f)
    for i in range(1, 61): print(i, i * 13 % 40, i * 7 % 50, i % 2, sep=',', file=f)
P
run 0 "$FL" train price.csv -o a && says "regression" err
run 0 "$FL" sweep train price.csv --lr 0.1 --epochs 2 && says "regression" err
run 0 "$FL" data info xyz.csv && says "species" out
