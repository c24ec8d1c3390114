#!/usr/bin/env python3
"""A training step in JAX, compiled, float32, one call a step. usage: tensor_jax.py FOLDER WORKLOAD"""
from tensors import BATCH, IDS, MARGIN, RATE, layers, load, measure, work
import numpy as np
import jax, jax.numpy as jnp

x, y, parts = load()
x, y = jnp.asarray(x, jnp.int32 if IDS else jnp.float32), jnp.asarray(y if MARGIN else y.astype(np.int32))
params = [jnp.asarray(part) for part in parts]


def dense(params, x):
    h = x
    for i, (w, b) in enumerate(layers(params)):
        h = (jax.nn.relu(h) if i else h) @ w + b
    return h


def conv(params, x):
    k, b, w, c = params
    maps = jax.lax.conv_general_dilated(x.reshape(-1, 1, 8, 8), k, (1, 1), "SAME")
    maps = jax.nn.relu(maps + b[:, None, None])
    pooled = jax.lax.reduce_window(maps, -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
    return pooled.reshape(-1, 256) @ w + c


def embedding(params, x):
    e, w, b, v, c = params
    return jnp.tanh(e[x].reshape(-1, 30) @ w + b) @ v + c


def norm(x, scale, shift):
    distance = x - x.mean(-1, keepdims=True)
    return distance / jnp.sqrt((distance ** 2).mean(-1, keepdims=True) + 1e-5) * scale + shift


def transformer(params, x):
    e, p, g, s, wq, bq, wk, bk, wv, bv, wo, bo, g2, s2, w1, b1, w2, b2, w3, b3 = params
    x = e[x] + p
    u = norm(x, g, s)
    q, k, v = ((u @ w + b).reshape(-1, 16, 2, 16).swapaxes(1, 2) for w, b in ((wq, bq), (wk, bk), (wv, bv)))
    scores = jnp.where(jnp.tril(jnp.ones((16, 16), bool)), q @ k.swapaxes(2, 3) * 0.25, -jnp.inf)
    o = (jax.nn.softmax(scores) @ v).swapaxes(1, 2).reshape(-1, 16, 32)
    h = x + o @ wo + bo
    h = h + jax.nn.gelu(norm(h, g2, s2) @ w1 + b1, approximate=False) @ w2 + b2
    return (h @ w3 + b3).reshape(-1, 16)


network = {"conv": conv, "embedding": embedding, "transformer": transformer}.get(work, dense)


def loss_of(params, xb, yb):
    h = network(params, xb)
    if MARGIN:
        return jax.nn.relu(1 - yb * h[:, 0]).mean() + 1e-4 * sum((p * p).sum() for p in params)
    return -jnp.take_along_axis(jax.nn.log_softmax(h), yb.reshape(-1, 1), 1).mean()


@jax.jit
def compiled(params, i):
    xb, yb = jax.lax.dynamic_slice_in_dim(x, i, BATCH), jax.lax.dynamic_slice_in_dim(y, i, BATCH)
    loss, g = jax.value_and_grad(loss_of)(params, xb, yb)
    return jax.tree_util.tree_map(lambda p, d: p - RATE * d, params, g), loss


def step(i):
    global params
    params, loss = compiled(params, i)
    return loss.block_until_ready()


measure(step, len(x), lambda: jax.grad(loss_of)(params, x[:BATCH], y[:BATCH]))
