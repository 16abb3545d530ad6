#!/usr/bin/env bash
# A document of 100,000 levels is left out of the report, with a note.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
pictures p
run 0 "$FL" train p --epochs 2 -q -o r
python3 -c "n=100000; open('r/deep.json','w').write('{\"kind\":\"landscape\",\"version\":1,\"x\":'+'['*n+']'*n+'}')"
run 0 "$FL" report r || { says "Node.js" err && skip "built without the page"; }
says deep.json err
