"""scikit-learn: SGDClassifier, and its network without a hidden layer."""
import time

import numpy as np

from by_numpy import blas
from task import NotFound, Task, Turn

try:
    import sklearn
    from sklearn.linear_model import SGDClassifier
    from sklearn.neural_network import MLPClassifier
except ImportError as error:
    raise NotFound(f"scikit-learn: {error}") from error


def rows_of(weight: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The one row that two classes have here, as a row for either."""
    if len(bias) > 1:
        return weight, bias
    return np.concatenate([-weight, weight]), np.concatenate([-bias, bias])


class PerExample:
    """Another algorithm: an update after every example, one classifier against the rest a class.

    A thread a classifier is what it can share out; two classes are one classifier.
    """

    name = "scikit-learn SGDClassifier"
    version = sklearn.__version__
    algorithm = "per-example SGD, logistic, one against the rest"
    blas = "none in its steps"

    def train(self, task: Task, epochs: int, seed: int) -> Turn:
        threads = 1 if task.classes == 2 else min(task.threads, task.classes)
        model = SGDClassifier(
            loss="log_loss", penalty=None, learning_rate="constant", eta0=task.rate_per_example,
            max_iter=epochs, tol=None, n_jobs=threads, random_state=seed)
        start = time.perf_counter()
        model.fit(task.x, task.y)
        seconds = time.perf_counter() - start
        accuracy = task.accuracy(*rows_of(model.coef_, model.intercept_))
        return Turn(seconds, accuracy, threads)


class MiniBatch:
    """MLPClassifier with no hidden layer: softmax over W x + b, plain descent from zero."""

    name = "scikit-learn MLPClassifier"
    version = sklearn.__version__
    algorithm = "mini-batch softmax, no hidden layer"

    def __init__(self) -> None:
        self.blas, self.threads = blas()

    def train(self, task: Task, epochs: int, seed: int) -> Turn:
        model = MLPClassifier(
            hidden_layer_sizes=(), solver="sgd", alpha=0, batch_size=task.batch_size,
            learning_rate_init=task.rows * task.learning_rate, momentum=0, nesterovs_momentum=False,
            random_state=seed)
        first = slice(0, task.batch_size)
        model.partial_fit(task.x[first], task.y[first], classes=np.arange(task.classes))
        for array in (*model.coefs_, *model.intercepts_):
            array[...] = 0
        start = time.perf_counter()
        for _ in range(epochs):
            model.partial_fit(task.x, task.y)
        seconds = time.perf_counter() - start
        accuracy = task.accuracy(*rows_of(model.coefs_[0].T, model.intercepts_[0]))
        return Turn(seconds, accuracy, self.threads)


def programs() -> list[PerExample | MiniBatch]:
    return [PerExample(), MiniBatch()]
