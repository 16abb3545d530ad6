"""JAX on the CPU, where it is found: a whole epoch compiled by XLA, a scan over its batches."""
import time

from machine import cores
from task import NotFound, Task, Turn

try:
    import jax
    import jax.numpy as jnp
except ImportError as error:
    raise NotFound(f"JAX: {error}") from error


def loss(parameters, x, y):
    weight, bias = parameters
    scores = x @ weight.T + bias
    own = jnp.take_along_axis(scores, y[:, None], axis=1)[:, 0]
    return jnp.mean(jax.nn.logsumexp(scores, axis=1) - own)


@jax.jit
def epoch(parameters, x, y, batches, rate):
    def step(parameters, batch):
        gradient = jax.grad(loss)(parameters, x[batch], y[batch])
        return jax.tree.map(lambda p, g: p - rate * g, parameters, gradient), None
    return jax.lax.scan(step, parameters, batches)[0]


class Jax:
    """The short last batch of an epoch is left out: a scan has steps of one size.

    XLA takes every core that the process may use, whatever --threads says.
    """

    name = "JAX"
    version = jax.__version__
    algorithm = "mini-batch softmax, jit and grad"
    blas = "XLA"

    def __init__(self) -> None:
        jax.config.update("jax_platforms", "cpu")

    def train(self, task: Task, epochs: int, seed: int) -> Turn:
        x, y = jnp.asarray(task.x), jnp.asarray(task.y)
        key = jax.random.key(seed)
        whole = len(y) // task.batch_size * task.batch_size
        parameters = jnp.zeros((task.classes, task.x.shape[1])), jnp.zeros(task.classes)
        start = time.perf_counter()
        for _ in range(epochs):
            key, use = jax.random.split(key)
            batches = jax.random.permutation(use, len(y))[:whole].reshape(-1, task.batch_size)
            parameters = epoch(parameters, x, y, batches, task.learning_rate)
        jax.block_until_ready(parameters)
        seconds = time.perf_counter() - start
        weight, bias = (jax.device_get(p) for p in parameters)
        return Turn(seconds, task.accuracy(weight, bias), cores())


def programs() -> list[Jax]:
    return [Jax()]
