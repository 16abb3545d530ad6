"""Mini-batch softmax in a dozen lines of NumPy: two matrix products of its BLAS a step."""
import time

import numpy as np
from threadpoolctl import threadpool_info

from task import Task, Turn


def blas() -> tuple[str, int]:
    """NumPy's BLAS with version and kernels, and the threads it uses.

    SciPy may bring another one along. threadpoolctl does not know every BLAS.
    """
    for pool in threadpool_info():
        if pool["user_api"] == "blas" and "scipy.libs" not in pool["filepath"]:
            name = f"{pool['internal_api']} {pool['version']}, {pool.get('architecture', '?')}"
            return name, pool["num_threads"]
    build = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{build['name']} {build['version']}", 0


class NumPy:
    name = "NumPy, by hand"
    version = np.__version__
    algorithm = "mini-batch softmax, gradient written out"

    def __init__(self) -> None:
        self.blas, self.threads = blas()

    def train(self, task: Task, epochs: int, seed: int) -> Turn:
        random = np.random.default_rng(seed)
        n, features = task.x.shape
        weight = np.zeros((task.classes, features), np.float32)
        bias = np.zeros(task.classes, np.float32)
        space = np.empty((task.batch_size, features), np.float32)
        start = time.perf_counter()
        for _ in range(epochs):
            order = random.permutation(n)
            for first in range(0, n, task.batch_size):
                batch = order[first:first + task.batch_size]
                # mode="clip" writes straight into `out`; the default goes through a copy.
                rows = np.take(task.x, batch, axis=0, out=space[:len(batch)], mode="clip")
                gradient = rows @ weight.T + bias
                gradient -= gradient.max(axis=1, keepdims=True)
                np.exp(gradient, out=gradient)
                gradient /= gradient.sum(axis=1, keepdims=True)
                gradient[np.arange(len(batch)), task.y[batch]] -= 1
                gradient *= task.learning_rate / len(batch)
                weight -= gradient.T @ rows
                bias -= gradient.sum(axis=0)
        seconds = time.perf_counter() - start
        return Turn(seconds, task.accuracy(weight, bias), self.threads)


def programs() -> list[NumPy]:
    return [NumPy()]
