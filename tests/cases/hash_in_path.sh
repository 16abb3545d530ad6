#!/usr/bin/env bash
# A path that TOML could take for something else, in a configuration that is read back.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
for name in 'C#data' "it's \"quoted\"" 'back\slash' 'two
lines = 0.5' ' blanks ' 'größe'; do
  rm -rf r r2 "$name"
  pictures "$name"
  run 0 "$FL" train "$name" --epochs 2 -q -o r
  run 0 "$FL" evaluate r -q
  run 0 "$FL" train --config r/run.toml -q -o r2
done
