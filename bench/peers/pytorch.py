"""PyTorch on the CPU: the rows in one tensor, a permutation and an index for each batch."""
import time

from task import NotFound, Task, Turn

try:
    import torch
    import torch.nn.functional as F
except (ImportError, OSError, ValueError) as error:
    raise NotFound(f"PyTorch: {error}") from error


def blas() -> str:
    """The library and the instruction set that PyTorch says it uses."""
    lines = [line.strip(" -") for line in torch.__config__.show().splitlines()]
    isa = next((l.split(": ")[1] for l in lines if l.startswith("CPU capability usage")), "?")
    library = "MKL" if torch.backends.mkl.is_available() else "?"
    return f"{library}, oneDNN, {isa}" if torch.backends.mkldnn.is_available() else f"{library}, {isa}"


class PyTorch:
    """F.linear, F.cross_entropy, backward() and torch.optim.SGD: what a user writes."""

    name = "PyTorch"
    version = torch.__version__
    algorithm = "mini-batch softmax, autograd"
    blas = blas()
    configuration = torch.__config__.show()

    def train(self, task: Task, epochs: int, seed: int) -> Turn:
        torch.set_num_threads(task.threads)
        torch.manual_seed(seed)
        x, y = torch.from_numpy(task.x), torch.from_numpy(task.y)
        weight = torch.zeros(task.classes, task.x.shape[1], requires_grad=True)
        bias = torch.zeros(task.classes, requires_grad=True)
        optimizer = torch.optim.SGD([weight, bias], lr=task.learning_rate)
        start = time.perf_counter()
        for _ in range(epochs):
            for batch in torch.randperm(len(y)).split(task.batch_size):
                optimizer.zero_grad()
                scores = F.linear(x.index_select(0, batch), weight, bias)
                F.cross_entropy(scores, y[batch]).backward()
                optimizer.step()
        seconds = time.perf_counter() - start
        accuracy = task.accuracy(weight.detach().numpy(), bias.detach().numpy())
        return Turn(seconds, accuracy, torch.get_num_threads())


class PyTorchByHand(PyTorch):
    """The same tensors with the gradient written out: nothing recorded, updates in place."""

    name = "PyTorch, by hand"
    algorithm = "mini-batch softmax, gradient written out"

    @torch.no_grad()
    def train(self, task: Task, epochs: int, seed: int) -> Turn:
        torch.set_num_threads(task.threads)
        torch.manual_seed(seed)
        x, y = torch.from_numpy(task.x), torch.from_numpy(task.y)
        weight, bias = torch.zeros(task.classes, task.x.shape[1]), torch.zeros(task.classes)
        start = time.perf_counter()
        for _ in range(epochs):
            for batch in torch.randperm(len(y)).split(task.batch_size):
                rows, rate = x.index_select(0, batch), task.learning_rate / len(batch)
                gradient = F.softmax(torch.addmm(bias, rows, weight.t()), dim=1)
                gradient[torch.arange(len(batch)), y[batch]] -= 1
                weight.addmm_(gradient.t(), rows, alpha=-rate)
                bias.sub_(gradient.sum(0), alpha=rate)
        seconds = time.perf_counter() - start
        accuracy = task.accuracy(weight.numpy(), bias.numpy())
        return Turn(seconds, accuracy, torch.get_num_threads())


def programs() -> list[PyTorch]:
    return [PyTorch(), PyTorchByHand()]
