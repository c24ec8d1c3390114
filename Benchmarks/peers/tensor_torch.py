#!/usr/bin/env python3
"""A training step in PyTorch, eager, float32, one thread. usage: tensor_torch.py FOLDER WORKLOAD"""
from tensors import BATCH, MARGIN, RATE, load, measure
import torch

torch.set_num_threads(1)
x, y, layers = load()
x, y = torch.tensor(x), torch.tensor(y)
modules = []
for i, (w, b) in enumerate(layers):
    linear = torch.nn.Linear(*w.shape)
    with torch.no_grad():
        linear.weight.copy_(torch.tensor(w).T)
        linear.bias.copy_(torch.tensor(b))
    modules += ([torch.nn.ReLU()] if i else []) + [linear]
network = torch.nn.Sequential(*modules)
params = list(network.parameters())
optimiser = torch.optim.SGD(params, lr=RATE)


def step(i):
    xb, yb = x[i:i + BATCH], y[i:i + BATCH]
    optimiser.zero_grad(set_to_none=True)
    scores = network(xb)
    if MARGIN:
        loss = torch.relu(1 - yb * scores[:, 0]).mean() + 1e-4 * sum((p * p).sum() for p in params)
    else:
        loss = torch.nn.functional.cross_entropy(scores, yb)
    loss.backward()
    optimiser.step()
    return loss.detach()


measure(step, len(x))
