#!/usr/bin/env bash
# A warm-up that never ends is said.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
python3 -c "
print('a,b,label')
for i in range(100): print(i, i * 7 % 50, int(i >= 50), sep=',')" >t.csv
run 0 "$FL" train t.csv --schedule 'warmup:steps=1000' -o a --epochs 3
cat out err >all && says "1000" all && says "0.3 %" all
run 0 "$FL" train t.csv --schedule 'warmup:epochs=10 then cosine' -o b --epochs 3
cat out err >all && says "cosine" all && says "never" all
