"""Programs at work in turns, so that what else the machine does meets all of them."""
import sys
import time
from dataclasses import dataclass, field
from statistics import median

from task import Program, Task, Turn

REST = 0.3  # seconds in which the threads of the program before go to sleep


@dataclass
class Series:
    """The turns of one program; `ratios` has one for each turn of a peer."""

    program: Program
    seconds: list[float] = field(default_factory=list)  # an epoch
    accuracies: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    threads: int = 0
    failure: str = ""

    def add(self, turn: Turn, epochs: int) -> float:
        self.seconds.append(turn.seconds / epochs)
        self.accuracies.append(turn.accuracy)
        self.threads = turn.threads
        return self.seconds[-1]

    def as_dict(self) -> dict:
        program = self.program
        head = {"program": program.name, "version": program.version,
                "algorithm": program.algorithm, "blas": program.blas}
        if hasattr(program, "configuration"):
            head["configuration"] = program.configuration
        if self.failure:
            return head | {"failure": self.failure}
        return head | {
            "threads": self.threads,
            "seconds_per_epoch": median(self.seconds),
            "test_accuracy": median(self.accuracies),
            "ratio": median(self.ratios) if self.ratios else 1.0,
            "seconds_of_turns": self.seconds,
            "accuracies_of_turns": self.accuracies,
            "ratios_of_turns": self.ratios,
        }


def one_turn(series: Series, task: Task, epochs: int, seed: int) -> float:
    time.sleep(REST)
    return series.add(series.program.train(task, epochs, seed), epochs)


def peer_turn(series: Series, task: Task, seed: int) -> float | None:
    """A peer that fails is out of the race, and the others go on."""
    try:
        return one_turn(series, task, task.epochs, seed)
    except Exception as error:
        series.failure = f"{type(error).__name__}: {error}"
        return None


def warm_up(series: Series, task: Task) -> None:
    try:
        series.program.train(task, 1, 1)
    except Exception as error:
        series.failure = f"{type(error).__name__}: {error}"


def take_turns(fallline: Program, peers: list[Program], task: Task, repeats: int) -> list[Series]:
    """fallline, a peer, fallline, the next peer, … fallline, `repeats` times over.

    Each peer has a turn of fallline on either side; its ratio is to the mean of the two.
    """
    own, others = Series(fallline), [Series(peer) for peer in peers]
    fallline.train(task, 1, 1)
    for series in others:
        print(f"warming up: {series.program.name}", file=sys.stderr)
        warm_up(series, task)
    before = one_turn(own, task, task.epochs, 1)
    for repeat in range(repeats):
        for series in others:
            if series.failure:
                continue
            print(f"{repeat + 1} of {repeats}: {series.program.name}", file=sys.stderr)
            seconds = peer_turn(series, task, repeat + 1)
            after = one_turn(own, task, task.epochs, repeat + 1)
            if seconds is not None:
                series.ratios.append(seconds / ((before + after) / 2))
            before = after
    return [own, *others]
