#!/usr/bin/env python3
"""A training step in JAX, compiled, float32, one call a step. usage: tensor_jax.py FOLDER WORKLOAD"""
from tensors import BATCH, MARGIN, RATE, load, measure
import numpy as np
import jax, jax.numpy as jnp

x, y, layers = load()
x, y = jnp.asarray(x), jnp.asarray(y if MARGIN else y.astype(np.int32))
params = [(jnp.asarray(w), jnp.asarray(b)) for w, b in layers]


def loss_of(params, xb, yb):
    h = xb
    for i, (w, b) in enumerate(params):
        h = (jax.nn.relu(h) if i else h) @ w + b
    if MARGIN:
        return jax.nn.relu(1 - yb * h[:, 0]).mean() + 1e-4 * sum((w * w).sum() + (b * b).sum() for w, b in params)
    return -jnp.take_along_axis(jax.nn.log_softmax(h), yb[:, None], 1).mean()


@jax.jit
def compiled(params, i):
    xb, yb = jax.lax.dynamic_slice_in_dim(x, i, BATCH), jax.lax.dynamic_slice_in_dim(y, i, BATCH)
    loss, g = jax.value_and_grad(loss_of)(params, xb, yb)
    return jax.tree_util.tree_map(lambda p, d: p - RATE * d, params, g), loss


def step(i):
    global params
    params, loss = compiled(params, i)
    return loss.block_until_ready()


measure(step, len(x))
