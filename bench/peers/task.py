"""What every program is given, and what each gives back."""
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class Task:
    """A classifier to train: prepared float rows for the peers, the file as it lies for fallline."""

    name: str
    path: Path
    preprocess: str  # fallline's name for what was done to the rows below
    x: np.ndarray  # N x D, float32, C order
    y: np.ndarray  # N, int64, from 0
    x_test: np.ndarray
    y_test: np.ndarray
    classes: int
    batch_size: int
    epochs: int
    learning_rate: float
    threads: int
    hidden: tuple[int, ...] = ()  # units of the hidden layers, with ReLUs

    @property
    def rows(self) -> int:
        """How many rows of softmax's weights one row of a logistic classifier stands for.

        With two classes the difference of the two rows moves twice as far as each.
        """
        return 2 if self.classes == 2 else 1

    @property
    def rate_per_example(self) -> float:
        """The rate at which updates example by example move as far as those by a batch's mean."""
        return self.rows * self.learning_rate / self.batch_size

    def accuracy(self, weight: np.ndarray, bias: np.ndarray) -> float:
        """Share of the test part whose own class scores highest; weight is C x D."""
        scores = self.x_test @ weight.T + bias
        return float(np.mean(scores.argmax(axis=1) == self.y_test))


@dataclass(frozen=True)
class Turn:
    seconds: float  # of all training steps, with nothing else
    accuracy: float  # on the test part
    threads: int  # that it could use


class Program(Protocol):
    name: str
    version: str
    algorithm: str
    blas: str  # or whatever else computes

    def train(self, task: Task, epochs: int, seed: int) -> Turn: ...


class NotFound(Exception):
    """The program is not on this machine; the message says what is missing."""
