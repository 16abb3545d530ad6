"""The data sets, read or generated, with fallline's default preprocessing done ahead."""
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Set:
    name: str
    path: Path
    preprocess: str
    parts: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # x, y, x_test, y_test
    classes: int
    learning_rate: float


@dataclass(frozen=True)
class Recipe:
    train: int
    test: int
    features: int
    classes: int
    learning_rate: float


RECIPES = {
    "floats784": Recipe(60_000, 10_000, 784, 10, 0.05),
    "narrow28": Recipe(500_000, 50_000, 28, 2, 0.05),
}


def standardise(x: np.ndarray, x_test: np.ndarray, one_scale: bool) -> tuple[np.ndarray, np.ndarray]:
    """(x - mean) / deviation, both of the training part; `one_scale`: its features' mean variance."""
    mean = x.mean(axis=0, dtype=np.float64)
    variance = np.array([x[:, k].var(dtype=np.float64) for k in range(x.shape[1])])
    deviation = np.sqrt(variance.mean() if one_scale else variance)

    def prepared(rows: np.ndarray) -> np.ndarray:
        result = rows.astype(np.float32)
        result -= mean.astype(np.float32)
        result /= deviation.astype(np.float32)
        return result

    return prepared(x), prepared(x_test)


def cifar_records(files: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    record = 1 + 3 * 32 * 32
    for file in files:
        if file.stat().st_size % record:
            raise ValueError(f"{file}: {file.stat().st_size} bytes are no whole records of {record}")
    records = np.concatenate([np.fromfile(f, np.uint8).reshape(-1, record) for f in files])
    return records[:, 1:], records[:, 0].astype(np.int64)


def cifar10(directory: Path) -> Set:
    """CIFAR-10 in its official binary layout."""
    train = sorted(directory.glob("data_batch_*.bin"))
    test = sorted(directory.glob("test_batch*.bin"))
    if not train or not test:
        raise ValueError(f"{directory}: no data_batch_*.bin and test_batch.bin in it; "
                         "PATH is the directory of CIFAR-10's binary version")
    x, y = cifar_records(train)
    x_test, y_test = cifar_records(test)
    x, x_test = standardise(x, x_test, one_scale=True)
    return Set("CIFAR-10", directory, "global", (x, y, x_test, y_test), 10, 0.001)


def draw(recipe: Recipe) -> dict[str, np.ndarray]:
    """Labels drawn from a softmax classifier, so that a linear model is right but not always.

    Columns have offsets and spreads of their own, as measured quantities do.
    """
    random = np.random.default_rng(1)
    n = recipe.train + recipe.test
    z = random.standard_normal((n, recipe.features), np.float32)
    teacher = random.standard_normal((recipe.features, recipe.classes), np.float32)
    scores = z @ (teacher * np.float32(3 / np.sqrt(recipe.features)))
    labels = (scores + random.gumbel(size=scores.shape)).argmax(axis=1)
    spread = random.uniform(0.5, 2, recipe.features).astype(np.float32)
    offset = random.uniform(-2, 2, recipe.features).astype(np.float32)
    x = z * spread + offset
    k = recipe.train
    return {"x_train": x[:k], "y_train": labels[:k], "x_test": x[k:], "y_test": labels[k:]}


def generated(name: str, directory: Path) -> Set:
    """A set of RECIPES, kept as an NPZ file that fallline reads."""
    recipe = RECIPES[name]
    path = directory / f"{name}.npz"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, **draw(recipe))
        partial.rename(path)
    with np.load(path) as arrays:
        y, y_test = arrays["y_train"], arrays["y_test"]
        x, x_test = standardise(arrays["x_train"], arrays["x_test"], one_scale=False)
    return Set(name, path, "feature", (x, y, x_test, y_test), recipe.classes, recipe.learning_rate)
