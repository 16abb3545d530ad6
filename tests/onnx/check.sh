#!/usr/bin/env bash
# Trains, exports, and compares: what fallline predicts with what onnxruntime makes of the export.
# Usage: check.sh FALLLINE VENV SCRATCH
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fallline=$1 venv=$2 scratch=$3
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch"

if ! cmp -s "$here/requirements.txt" "$venv/installed"; then
  rm -rf "$venv"
  if ! { python3 -m venv "$venv" && "$venv/bin/pip" install -q -r "$here/requirements.txt"; }; then
    echo "skipped: onnxruntime could not be installed (needs python3-venv and a package index)"
    exit 77
  fi
  cp "$here/requirements.txt" "$venv/installed"
fi

cat >branches.toml <<'TOML'
layer1 = "dense(24) of input"
act1 = "gelu of layer1"
beside = "dense(24) of input"
act2 = "sigmoid of beside"
sum = "add of act1, act2, act1"
drop = "dropout(0.3) of sum"
layer2 = "dense(classes) of drop"
TOML

"$fallline" data make pictures --train 600 --test 100 >/dev/null
models=(linear mlp:30,20 mlp:16,activation=leaky-relu mlp:12x3,activation=tanh,skip=1 branches.toml)
for model in "${models[@]}"; do
  for loss in softmax hinge; do
    run=runs/$model-$loss
    "$fallline" train pictures --model "$model" --loss "$loss" --epochs 3 -b 50 -q -o "$run" >/dev/null
    "$fallline" export "$run" "$run/model.onnx"
    "$fallline" predict "$run" pictures -q --format json >"$run/predictions.json"
    "$venv/bin/python" "$here/check.py" "$run/model.onnx" "$run/predictions.json" pictures
  done
done
