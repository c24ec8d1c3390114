#!/usr/bin/env python3
"""A training step in NumPy, differentiated by hand, float32: no tape. usage: tensor_numpy.py FOLDER WORKLOAD"""
from tensors import BATCH, MARGIN, RATE, layers as pairs, load, measure
import numpy as np

x, y, parts = load()
layers = pairs(parts)
rows, rate, count = np.arange(BATCH), np.float32(RATE), np.float32(BATCH)


def gradients(i):
    """The loss, and the gradients of weights and biases, the last layer's first."""
    xb, yb = x[i:i + BATCH], y[i:i + BATCH]
    inputs, h = [], xb
    for w, b in layers:
        if inputs:
            np.maximum(h, 0, out=h)
        inputs.append(h)
        h = h @ w
        h += b
    if MARGIN:
        margin = 1 - yb * h[:, 0]
        loss = np.maximum(margin, 0).mean() + 1e-4 * sum((w * w).sum() + (b * b).sum() for w, b in layers)
        d = (np.where(margin > 0, -yb, np.float32(0)) / count)[:, None]
    else:
        d = np.exp(h - h.max(1, keepdims=True))
        d /= d.sum(1, keepdims=True)
        loss = -np.log(d[rows, yb]).mean()
        d[rows, yb] -= 1
        d /= count
    found = []
    for (w, b), a in zip(reversed(layers), reversed(inputs)):
        dw, db = a.T @ d, d.sum(0)
        if a is not xb:
            d = d @ w.T
            d *= a > 0
        if MARGIN:
            dw += np.float32(2e-4) * w
            db += np.float32(2e-4) * b
        found.append((dw, db))
    return loss, found


def step(i):
    loss, found = gradients(i)
    for (w, b), (dw, db) in zip(reversed(layers), found):
        w -= rate * dw
        b -= rate * db
    return loss


measure(step, len(x), lambda: [g for pair in gradients(0)[1] for g in pair])
