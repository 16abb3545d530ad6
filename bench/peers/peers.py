"""Trains one classifier with fallline and its peers in turns; prints one table."""
import argparse
import importlib
import os
import subprocess
import sys
from pathlib import Path

from machine import cores, machine

ROOT = Path(__file__).resolve().parents[2]
PEERS = ("pytorch", "by_numpy", "scikit_learn", "by_jax", "vowpal_wabbit")
NETWORK_PEERS = ("pytorch_network",)


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def rate(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError
    return value


def units(text: str) -> tuple[int, ...]:
    return tuple(positive(word) for word in text.split(","))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/peers/run", description=__doc__)
    parser.add_argument("path", type=Path, nargs="?", metavar="PATH",
                        help="directory of CIFAR-10's binary version")
    parser.add_argument("--set", choices=("floats784", "narrow28"), help="a set generated here")
    parser.add_argument("--batch-size", type=positive, default=256, metavar="N", help="(%(default)s)")
    parser.add_argument("--epochs", type=positive, default=5, metavar="N", help="of a turn (%(default)s)")
    parser.add_argument("--repeats", type=positive, default=5, metavar="N",
                        help="turns of each peer (%(default)s)")
    parser.add_argument("--learning-rate", type=rate, metavar="A", help="constant (the set's own)")
    parser.add_argument("--threads", type=positive, default=cores(), metavar="N",
                        help="of every program (all that may be used: %(default)s)")
    parser.add_argument("--hidden", type=units, default=(), metavar="N,N",
                        help="units of hidden layers with ReLUs: a network (none)")
    parser.add_argument("--peers", metavar="A,B",
                        help=f"({','.join(PEERS)}; with --hidden {','.join(NETWORK_PEERS)})")
    parser.add_argument("--fallline", type=Path, metavar="PATH",
                        default=ROOT / "build/release/tools/fallline/fallline", help="its binary")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(%(default)s)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="in place of standard output")
    options = parser.parse_args()
    if (options.path is None) == (options.set is None):
        parser.error("one of PATH and --set is needed")
    known = NETWORK_PEERS if options.hidden else PEERS
    options.peers = options.peers.split(",") if options.peers else list(known)
    if unknown := set(options.peers) - set(known):
        parser.error(f"--peers: {', '.join(sorted(unknown))}: choose among {', '.join(known)}")
    return options


def limit_threads(threads: int) -> None:
    """Before the first import of a package that reads it."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)


def find_peers(names: list[str]) -> tuple[list, list[str]]:
    from task import NotFound
    found, missing = [], []
    for name in names:
        try:
            found += importlib.import_module(name).programs()
        except NotFound as error:
            missing.append(str(error))
        except ImportError as error:
            missing.append(f"{name}: {error}")
    return found, missing


def prepare(options: argparse.Namespace):
    from sets import cifar10, generated
    from task import Task
    chosen = cifar10(options.path) if options.path else generated(options.set, ROOT / "build/peers/data")
    x, y, x_test, y_test = chosen.parts
    return Task(chosen.name, chosen.path, chosen.preprocess, x, y, x_test, y_test, chosen.classes,
                options.batch_size, options.epochs, options.learning_rate or chosen.learning_rate,
                options.threads, options.hidden)


def compare(options: argparse.Namespace) -> dict:
    from threadpoolctl import threadpool_info

    from fallline import Fallline
    from turns import take_turns
    state = machine()
    fallline = Fallline(options.fallline)
    task = prepare(options)
    found, missing = find_peers(options.peers)
    series = take_turns(fallline, found, task, options.repeats)
    return {
        "machine": state,
        "task": {
            "set": task.name, "examples": len(task.y), "test_examples": len(task.y_test),
            "features": task.x.shape[1], "classes": task.classes,
            "hidden": list(task.hidden), "cells": "bytes" if options.path else "floats", "batch_size": task.batch_size,
            "epochs": task.epochs, "learning_rate": task.learning_rate, "threads": task.threads,
            "repeats": options.repeats,
        },
        "programs": [s.as_dict() for s in series],
        "not_found": missing,
        "libraries": threadpool_info(),
    }


def deliver(text: str, output: Path | None) -> int:
    """What took minutes to measure is not lost where the file cannot be written."""
    if output:
        try:
            output.write_text(text)
            return 0
        except OSError as error:
            print(f"bench/peers: {error}", file=sys.stderr)
    print(text, end="")
    return 1 if output else 0


def main() -> int:
    options = arguments()
    limit_threads(options.threads)
    if not os.access(options.fallline, os.X_OK) or options.fallline.is_dir():
        print(f"{options.fallline}: no program there\nBuild it (cmake --preset release && cmake "
              "--build --preset release) or name another with --fallline.", file=sys.stderr)
        return 3
    import report
    try:
        result = compare(options)
    except (OSError, ValueError, RuntimeError, subprocess.SubprocessError) as error:
        print(f"bench/peers: {error}", file=sys.stderr)
        return 3
    text = report.as_json(result) if options.format == "json" else report.as_text(result)
    return deliver(text, options.output)


if __name__ == "__main__":
    sys.exit(main())
