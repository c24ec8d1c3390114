#!/usr/bin/env python3
"""Write the data and the first parameters of the tensor workloads, so that all peers train the same network.

usage: tensor_inputs.py FOLDER    (needs numpy and scikit-learn; moons.txt and mlp337.txt are there already)

<name>.bin, little-endian: int32 samples, int32 features, then float64: the features row by row, the labels, and the
parameters in order. All numbers are those of float32, exactly.
"""
import math, sys
import numpy as np
from sklearn.datasets import load_digits
from tensors import NETWORKS

folder = sys.argv[1]


def data(name):
    if name == "moons":
        rows = np.loadtxt(folder + "/moons.txt")
        return rows[:, :2], rows[:, 2]
    if name in ("digits", "conv"):
        x, y = load_digits(return_X_y=True)
        return x / 16.0, y
    rng = np.random.default_rng(5)
    if name == "embedding":
        x = rng.integers(0, 27, (2048, 3))
        return x, x.sum(1) % 27
    if name == "transformer":
        # After half of the word, its second half is the first in reverse.
        x = rng.integers(0, 16, (512, 16))
        x[:, 8:] = x[:, 7::-1]
        return x, np.roll(x, -1, 1)
    y = rng.integers(0, 10, 2048)
    centre = rng.normal(size=(10, 784)).astype(np.float32)
    return centre[y] * 0.3 + rng.normal(size=(2048, 784)), y


def parameters(name, shapes):
    if name == "moons":
        flat = np.loadtxt(folder + "/mlp337.txt")
        at = 0
        for inputs, outputs in shapes[::2]:
            block = flat[at:at + outputs * (inputs + 1)].reshape(outputs, inputs + 1)
            at += block.size
            yield np.ascontiguousarray(block[:, :inputs].T)
            yield block[:, inputs]
        return
    rng = np.random.default_rng(3)
    for shape in shapes:
        inputs = shape[0] if len(shape) == 2 else math.prod(shape[1:])
        yield rng.normal(size=shape) * math.sqrt(2.0 / inputs) if len(shape) > 1 else np.zeros(shape)


for name, (_, _, _, shapes) in NETWORKS.items():
    x, y = data(name)
    parts = list(parameters(name, shapes))
    if name == "transformer":
        # The factors of both layer norms.
        parts[2] += 1
        parts[12] += 1
    with open(f"{folder}/{name}.bin", "wb") as file:
        np.array(x.shape, "<i4").tofile(file)
        for part in [x, y] + parts:
            np.asarray(part).astype(np.float32).astype("<f8").tofile(file)
