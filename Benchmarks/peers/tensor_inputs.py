#!/usr/bin/env python3
"""Write the data and the first parameters of the tensor workloads, so that all peers train the same network.

usage: tensor_inputs.py FOLDER    (needs numpy and scikit-learn; moons.txt and mlp337.txt are there already)

<name>.bin, little-endian: int32 samples, int32 features, then float64: the features row by row, the labels, and
for each layer its weights (inputs x outputs) and its bias. All numbers are those of float32, exactly.
"""
import math, sys
import numpy as np
from sklearn.datasets import load_digits

SIZES = {"moons": (2, 16, 16, 1), "digits": (64, 128, 10), "784-256-128-10": (784, 256, 128, 10)}
folder = sys.argv[1]


def data(name):
    if name == "moons":
        rows = np.loadtxt(folder + "/moons.txt")
        return rows[:, :2], rows[:, 2]
    if name == "digits":
        x, y = load_digits(return_X_y=True)
        return x / 16.0, y
    rng = np.random.default_rng(5)
    y = rng.integers(0, 10, 2048)
    centre = rng.normal(size=(10, 784)).astype(np.float32)
    return centre[y] * 0.3 + rng.normal(size=(2048, 784)), y


def layers(name):
    sizes = SIZES[name]
    if name == "moons":
        flat = np.loadtxt(folder + "/mlp337.txt")
        at = 0
        for inputs, outputs in zip(sizes, sizes[1:]):
            block = flat[at:at + outputs * (inputs + 1)].reshape(outputs, inputs + 1)
            at += block.size
            yield np.ascontiguousarray(block[:, :inputs].T), block[:, inputs]
        return
    rng = np.random.default_rng(3)
    for inputs, outputs in zip(sizes, sizes[1:]):
        yield rng.normal(size=(inputs, outputs)) * math.sqrt(2.0 / inputs), np.zeros(outputs)


for name in SIZES:
    x, y = data(name)
    parts = [x, y] + [part for layer in layers(name) for part in layer]
    with open(f"{folder}/{name}.bin", "wb") as file:
        np.array(x.shape, "<i4").tofile(file)
        for part in parts:
            np.asarray(part).astype(np.float32).astype("<f8").tofile(file)
