#!/usr/bin/env python3
"""A training step in JAX, compiled, float32, one call a step. usage: tensor_jax.py FOLDER WORKLOAD"""
import statistics, sys, time
import numpy as np
import jax, jax.numpy as jnp

folder, work = sys.argv[1:3]
SIZES = {"moons": (2, 16, 16, 1), "digits": (64, 128, 10), "784-256-128-10": (784, 256, 128, 10)}[work]
BATCH = {"moons": 100, "digits": 64, "784-256-128-10": 128}[work]
RATE = {"moons": 0.1, "digits": 0.1, "784-256-128-10": 0.05}[work]
with open(f"{folder}/{work}.bin", "rb") as file:
    samples, features = np.fromfile(file, "<i4", 2)
    numbers = np.fromfile(file, "<f8").astype(np.float32)
x, y = jnp.asarray(numbers[:samples * features].reshape(samples, features)), numbers[samples * features:][:samples]
at = samples * (features + 1)
params = []
for a, b in zip(SIZES, SIZES[1:]):
    params.append((jnp.asarray(numbers[at:at + a * b].reshape(a, b)), jnp.asarray(numbers[at + a * b:at + a * b + b])))
    at += a * b + b
y = jnp.asarray(y if work == "moons" else y.astype(np.int32))


def loss_of(params, xb, yb):
    h = xb
    for i, (w, b) in enumerate(params):
        h = (jax.nn.relu(h) if i else h) @ w + b
    if work == "moons":
        return jax.nn.relu(1 - yb * h[:, 0]).mean() + 1e-4 * sum((w * w).sum() + (b * b).sum() for w, b in params)
    return -jnp.take_along_axis(jax.nn.log_softmax(h), yb[:, None], 1).mean()


@jax.jit
def step(params, i):
    xb, yb = jax.lax.dynamic_slice_in_dim(x, i, BATCH), jax.lax.dynamic_slice_in_dim(y, i, BATCH)
    loss, g = jax.value_and_grad(loss_of)(params, xb, yb)
    return jax.tree_util.tree_map(lambda p, d: p - RATE * d, params, g), loss


times = []
for k in range(400):
    start = time.process_time()
    params, loss = step(params, k * BATCH % (samples - BATCH + 1) if samples > BATCH else 0)
    loss.block_until_ready()
    if k >= 50:
        times.append(time.process_time() - start)
    if k == 19:
        print("check", float(loss), "loss at step 20")
print("step", statistics.median(times) * 1e6, "us")
