#!/usr/bin/env python3
"""Writes torch_trajectories.csv: where PyTorch's own optimizers get to in 200 steps.

Usage: torch_trajectories.py > torch_trajectories.csv  (made with PyTorch 2.15)

The function of 50 parameters has arithmetic only, and constants that are exact in float, so that
its gradient is the same to the bit wherever it is written in the same order:

    f(w) = sum_i a_i (w_i - b_i)^2 / 2 + d_i^4 / 4,     d_i = w_i - w_{i+1 mod 50}
    a_i = 2^-(i mod 3),   b_i = ((7 i) mod 13 - 6) / 4,   start: w_i = ((5 i) mod 11 - 5) / 4 + 1/8

The rates are small enough that no adaptive method comes to rest within the 200 steps: there, where
gradients are rounding, any two implementations part. AdamW's 1 - lr * weight_decay is exact in
float: rounded, it would let PyTorch's parameters drift from its own in double.

One line for a case, a type and a step: the parameters after it.
"""
import sys
import torch

N = 50
STEPS = (1, 2, 3, 5, 10, 20, 50, 100, 150, 200)
CASES = {
    "sgd": (torch.optim.SGD, dict(lr=0.05)),
    "momentum": (torch.optim.SGD, dict(lr=0.01, momentum=0.9)),
    "dampening": (torch.optim.SGD, dict(lr=0.02, momentum=0.9, dampening=0.5)),
    "nesterov": (torch.optim.SGD, dict(lr=0.01, momentum=0.9, nesterov=True)),
    "rmsprop": (torch.optim.RMSprop, dict(lr=0.001)),
    "rmsprop-momentum": (torch.optim.RMSprop, dict(lr=0.0001, momentum=0.9)),
    "rmsprop-centered": (torch.optim.RMSprop, dict(lr=0.001, centered=True)),
    "rmsprop-both": (torch.optim.RMSprop, dict(lr=0.0001, momentum=0.9, centered=True)),
    "adam": (torch.optim.Adam, dict(lr=0.001)),
    "adamw": (torch.optim.AdamW, dict(lr=2.0 ** -10, weight_decay=0.125)),
    "nadam": (torch.optim.NAdam, dict(lr=0.001)),
    "amsgrad": (torch.optim.Adam, dict(lr=0.001, amsgrad=True)),
    "adagrad": (torch.optim.Adagrad, dict(lr=0.1)),
    "adadelta": (torch.optim.Adadelta, dict(lr=0.1)),
}


def problem(dtype):
    i = torch.arange(N)
    a = torch.tensor([2.0 ** -(k % 3) for k in range(N)], dtype=dtype)
    b = ((7 * i) % 13 - 6).to(dtype) / 4
    start = ((5 * i) % 11 - 5).to(dtype) / 4 + 0.125
    return a, b, start


def gradient(w, a, b):
    d = w - torch.roll(w, -1)
    cube = d * d * d
    return a * (w - b) + cube - torch.roll(cube, 1)


def line(name, dtype, step, w):
    numbers = ",".join(f"{x:.17g}" for x in w.double().tolist())
    print(f"{name},{'float' if dtype == torch.float32 else 'double'},{step},{numbers}")


def descend(name, dtype, make, settings):
    a, b, start = problem(dtype)
    w = start.clone().requires_grad_()
    optimizer = make([w], **settings)
    for step in range(1, max(STEPS) + 1):
        w.grad = gradient(w.detach(), a, b)
        optimizer.step()
        if step in STEPS:
            line(name, dtype, step, w.detach())


def lbfgs(dtype):
    a, b, start = problem(dtype)
    w = start.clone().requires_grad_()

    def closure():
        with torch.no_grad():
            d = w - torch.roll(w, -1)
            w.grad = gradient(w, a, b)
            return (a * (w - b) ** 2 / 2 + d ** 4 / 4).sum()

    # Its line search compares values, which stop telling points apart some 1e-8 from the minimum;
    # the last steps are full ones.
    for search in ("strong_wolfe", None):
        torch.optim.LBFGS([w], lr=1, max_iter=1000, max_eval=2000, tolerance_grad=0,
                          tolerance_change=0, line_search_fn=search).step(closure)
    line("lbfgs", dtype, "converged", w.detach())


if __name__ == "__main__":
    torch.set_num_threads(1)
    print("case,type,step," + ",".join(f"w{k}" for k in range(N)))
    for dtype in (torch.float64, torch.float32):
        torch.set_default_dtype(dtype)
        for name, (make, settings) in CASES.items():
            descend(name, dtype, make, settings)
        lbfgs(dtype)
    print(f"PyTorch {torch.__version__}", file=sys.stderr)
