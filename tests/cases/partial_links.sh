#!/usr/bin/env bash
# A link under the name of a file in the making is not followed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
pictures p
run 0 "$FL" train p --epochs 2 -q -o r
echo precious >victim
for name in landscape.json onnx.onnx; do ln -s ../victim r/$name.partial; done
"$FL" landscape r --points 3 --output r/landscape.json -q >out 2>err
"$FL" export r r/onnx.onnx >out 2>err
[[ $(cat victim) == precious ]] || fail "the victim was written to"
for name in landscape.json onnx.onnx; do [[ ! -L r/$name ]] || fail "$name is a link"; done
