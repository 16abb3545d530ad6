"""fallline itself: `fallline train`, with the seconds that it reports for its steps."""
import json
import subprocess
import tempfile
from pathlib import Path

from task import Task, Turn


class Fallline:
    name = "fallline"
    algorithm = "mini-batch softmax"

    def __init__(self, binary: Path) -> None:
        self.binary = binary
        self.blas = "its own kernels"
        version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True)
        self.version = version.stdout.split()[-1]

    def train(self, task: Task, epochs: int, seed: int) -> Turn:
        with tempfile.TemporaryDirectory() as directory:
            options = {
                "model": "mlp:" + ",".join(map(str, task.hidden)) if task.hidden else "linear",
                "loss": "softmax", "optimizer": "sgd", "preprocess": task.preprocess,
                "learning-rate": task.learning_rate, "schedule": "constant",
                "batch-size": task.batch_size, "epochs": epochs, "sampling": "shuffle",
                "patience": 0, "validation-share": 0, "initial-scale": 0, "seed": seed,
                "threads": task.threads, "format": "json",
                "run-directory": Path(directory) / "run",
            }
            command = [self.binary, "train", task.path, "--quiet"]
            command += [f"--{name}={value}" for name, value in options.items()]
            done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"fallline train ended with status {done.returncode}\n{done.stderr.strip()}")
        summary = json.loads(done.stdout)
        chosen = summary["configuration"]
        if summary["epochs"] != epochs:
            raise RuntimeError(f"fallline ended after {summary['epochs']} of {epochs} epochs")
        self.blas = f"its own kernels, {chosen['instruction_set']}"
        self.percent_of_peak = summary["percent_of_peak"]
        return Turn(summary["seconds"], summary["test"]["accuracy"], chosen["threads"])
