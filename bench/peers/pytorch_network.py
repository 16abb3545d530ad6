"""PyTorch's network with hidden layers: nn.Sequential, autograd and torch.optim.SGD."""
import time

import torch
import torch.nn.functional as F

from pytorch import PyTorch
from task import Task, Turn


def network(task: Task) -> torch.nn.Sequential:
    """Linear and ReLU layers that begin as fallline's: He's variance, Glorot's in the last."""
    widths = [task.x.shape[1], *task.hidden, task.classes]
    layers: list[torch.nn.Module] = []
    for inputs, units in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU()]
        torch.nn.init.kaiming_normal_(layers[-2].weight, nonlinearity="relu")
        torch.nn.init.zeros_(layers[-2].bias)
    torch.nn.init.xavier_normal_(layers[-2].weight)
    return torch.nn.Sequential(*layers[:-1])


class PyTorchNetwork(PyTorch):
    name = "PyTorch"
    algorithm = "mini-batch softmax, nn.Sequential, autograd"

    def train(self, task: Task, epochs: int, seed: int) -> Turn:
        torch.set_num_threads(task.threads)
        torch.manual_seed(seed)
        x, y = torch.from_numpy(task.x), torch.from_numpy(task.y)
        model = network(task)
        optimizer = torch.optim.SGD(model.parameters(), lr=task.learning_rate)
        start = time.perf_counter()
        for _ in range(epochs):
            for batch in torch.randperm(len(y)).split(task.batch_size):
                optimizer.zero_grad()
                F.cross_entropy(model(x.index_select(0, batch)), y[batch]).backward()
                optimizer.step()
        seconds = time.perf_counter() - start
        with torch.no_grad():
            guesses = model(torch.from_numpy(task.x_test)).argmax(dim=1).numpy()
        return Turn(seconds, float((guesses == task.y_test).mean()), torch.get_num_threads())


def programs() -> list[PyTorchNetwork]:
    return [PyTorchNetwork()]
