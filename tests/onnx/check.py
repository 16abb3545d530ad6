"""Compares an exported model's scores in onnxruntime with fallline's predictions, to 1e-5.

Usage: check.py MODEL.onnx PREDICTIONS.json PICTURES
"""
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

model, predictions, pictures = sys.argv[1:]
records = np.fromfile(Path(pictures) / "test_batch.bin", np.uint8).reshape(-1, 3073)
features = records[:, 1:].astype(np.float32)

session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
names = json.loads(session.get_modelmeta().custom_metadata_map["class_names"])
outputs = [output.name for output in session.get_outputs()]
results = dict(zip(outputs, session.run(outputs, {"features": features})))

rows = json.loads(Path(predictions).read_text())
assert len(rows) == len(features), (len(rows), len(features))
kind = "probabilities" if "probabilities" in rows[0] else "scores"
ours = np.array([[row[kind][name] for name in names] for row in rows])
theirs = results[kind]
error = np.abs(ours - theirs).max() / np.abs(ours).max()
same = [names[k] for k in theirs.argmax(axis=1)] == [row["class"] for row in rows]
print(f"{model}: {kind} of {len(rows)} examples, largest difference {error:.1e} of the largest")
if not (error <= 1e-5 and same):
    sys.exit("onnxruntime and fallline disagree")
