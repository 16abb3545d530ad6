#!/usr/bin/env bash
# Standard error closed or full ends no run, and nothing is written into what opens in its place.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
pictures p
"$FL" train p --epochs 2 -o closed >/dev/null 2>&- || fail "2>&-: exit status $?"
"$FL" train p --epochs 2 -o full >/dev/null 2>/dev/full || fail "2>/dev/full: exit status $?"
"$FL" train p -b full --epochs 5 --lr 1 -o warned -q 2>&- >/dev/null
for r in closed full warned; do
  model_of $r
  python3 -c "import json; [json.loads(l) for l in open('$r/history.jsonl')]" || fail "$r has a damaged history"
done
"$FL" train p --epochs 2 -o silent >&- 2>err
[[ $? == 1 ]] || fail ">&-: exit status $?"
model_of silent
