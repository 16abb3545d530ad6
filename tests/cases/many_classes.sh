#!/usr/bin/env bash
# Memory and results grow with the classes that there are, not with their square.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
python3 -c "
print('x,y,label')
for i in range(4000): print(f'{i},{i % 7},c{i % 2000}')" >c.csv
run 0 "$FL" train c.csv -o r --epochs 1
(($(stat -c %s r/summary.json) < 4000000)) || fail "summary.json has $(stat -c %s r/summary.json) bytes"
python3 -c "
print('x,y,label')
for i in range(40000): print(f'{i},{i % 7},c{i % 20000}')" >d.csv
(ulimit -v 2000000 && exec "$FL" train d.csv -q -o r2 --epochs 1 --threads 2) >out 2>err
status=$?
[[ $status == 5 || $status == 0 ]] || fail "exit status $status: $(cat err)"
[[ $status == 5 ]] || model_of r2
