"""Vowpal Wabbit: per-example SGD over its binary cache, where its Python package is found."""
import tempfile
import time
from pathlib import Path

import numpy as np

from task import NotFound, Task, Turn

try:
    import vowpalwabbit
except ImportError as error:
    raise NotFound(f"Vowpal Wabbit: {error}") from error


def write(path: Path, x: np.ndarray, y: np.ndarray) -> None:
    line = "%d |" + "".join(f" {k}:%.6g" for k in range(x.shape[1])) + "\n"
    with path.open("w") as file:
        for label, row in zip(y + 1, x):
            file.write(line % (label, *row.tolist()))


def call(arguments: str) -> float:
    """Seconds of one call; with a file of data, making a workspace is all the work."""
    start = time.perf_counter()
    workspace = vowpalwabbit.Workspace(arguments + " --quiet")
    seconds = time.perf_counter() - start
    workspace.finish()
    return seconds


class VowpalWabbit:
    """Another algorithm: an update after every example, in the order of the file, on one thread.

    It reads as it learns; the text is turned into its cache before, in a pass of its own.
    """

    name = "Vowpal Wabbit"
    version = vowpalwabbit.__version__
    algorithm = "per-example SGD, logistic, one against the rest"
    blas = "none"

    def __init__(self) -> None:
        self.directory = tempfile.TemporaryDirectory(prefix="fallline-peers-")

    def source(self, task: Task) -> str:
        train, test = (Path(self.directory.name) / name for name in ("train.txt", "test.txt"))
        options = f"-d {train} --cache_file {train}.cache"
        if not train.exists():
            write(test, task.x_test, task.y_test)
            write(train, task.x, task.y)
            call(f"{options} --oaa {task.classes}")
        return options

    def train(self, task: Task, epochs: int, seed: int) -> Turn:
        source, directory = self.source(task), self.directory.name
        model, predictions = f"{directory}/model", f"{directory}/predictions"
        seconds = call(f"{source} --oaa {task.classes} --loss_function logistic --sgd --power_t 0 "
                       f"-l {task.rate_per_example} --passes {epochs} --holdout_off -f {model}")
        call(f"-t -i {model} -d {directory}/test.txt -p {predictions}")
        accuracy = float(np.mean(np.loadtxt(predictions) == task.y_test + 1))
        return Turn(seconds, accuracy, 1)


def programs() -> list[VowpalWabbit]:
    return [VowpalWabbit()]
