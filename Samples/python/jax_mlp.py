"""A loss of JAX with the gradient of every value in it."""

import jax
import jax.numpy as jnp

import gradviz

key = jax.random.PRNGKey(0)
params = {"w1": jax.random.normal(key, (2, 3)), "b1": jnp.zeros(3), "w2": jnp.full((3, 1), 0.5)}
x = jnp.array([[0.5, -1.0], [1.5, 2.0]])
y = jnp.array([[1.0], [0.0]])


@jax.jit
def loss(params, x, y):
    h = jnp.tanh(x @ params["w1"] + params["b1"])
    return jnp.mean((h @ params["w2"] - y) ** 2)


gradviz.record_jax(loss, params, x, y, title="A loss of JAX").save("jax_mlp.json")
