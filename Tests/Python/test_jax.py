"""The recorder for JAX: gradients are those of jax.grad."""

import unittest

try:
    import jax
    import jax.numpy as jnp
except ImportError:
    raise unittest.SkipTest("jax is not installed") from None

import gradviz
from gradviz import program


class Functions(unittest.TestCase):
    def check(self, function, *arguments):
        step = gradviz.record_jax(function, *arguments)
        own = jax.tree_util.tree_leaves(jax.grad(function)(*arguments))
        nodes = [node for node in step.data["nodes"] if node.get("role") == "parameter"]
        self.assertEqual(len(nodes), len(own))
        for node, gradient in zip(nodes, own):
            got = jnp.array(node["gradient"]).reshape(gradient.shape)
            self.assertTrue(jnp.allclose(got, gradient, rtol=1e-5, atol=1e-6), node["name"])
        if program.path():
            self.assertNotIn("DIFFER", step.check())
            self.assertIn("<svg", step.draw("backward"))
        return step

    def setUp(self):
        self.x = jnp.array([[0.5, -1.0], [1.5, 2.0]])
        self.w = jax.random.normal(jax.random.PRNGKey(0), (2, 3))

    def test_mlp(self):
        def loss(params, x, y):
            return jnp.mean((jnp.tanh(x @ params["w"] + params["b"]) - y) ** 2)

        params = {"w": self.w, "b": jnp.zeros(3)}
        for function in (loss, jax.jit(loss)):
            self.check(function, params, self.x, jnp.ones((2, 3)))

    def test_softmax(self):
        def loss(w, x, y):
            return -jnp.mean(jnp.sum(jax.nn.log_softmax(jax.nn.relu(x @ w)) * jax.nn.one_hot(y, 3), axis=1))

        self.check(loss, self.w, self.x, jnp.array([0, 2]))

    def test_scan_is_opened(self):
        def loss(w, xs):
            def step(h, x):
                h = jnp.tanh(w * h + x)
                return h, h

            return jnp.sum(jax.lax.scan(step, jnp.zeros(()), xs)[1] ** 2)

        step = self.check(loss, jnp.array(0.7), jnp.array([1.0, -0.5, 0.2]))
        self.assertEqual([node.get("operation") for node in step.data["nodes"]].count("tanh"), 3)

    def test_attention(self):
        def loss(w, x):
            q, k, v = x @ w[0], x @ w[1], x @ w[2]
            scores = jnp.einsum("td,sd->ts", q, k) / jnp.sqrt(2.0)
            return jnp.sum((jax.nn.softmax(scores) @ v) ** 2)

        self.check(loss, jax.random.normal(jax.random.PRNGKey(1), (3, 2, 2)), self.x)

    def test_a_derivative_of_its_own(self):
        """Not that of what is inside: a clipped gradient, a slope that was given, relu at 0."""
        @jax.custom_vjp
        def clipped(x):
            return x * 2

        clipped.defvjp(lambda x: (x * 2, None), lambda _, gradient: (jnp.clip(gradient, -0.01, 0.01),))

        @jax.custom_jvp
        def steep(x):
            return x * 3

        steep.defjvp(lambda values, slopes: (values[0] * 3, slopes[0] * 7))

        def loss(w):
            return jnp.sum(clipped(jnp.tanh(w)) + steep(w) ** 2 + jax.nn.relu(w))

        for function in (loss, jax.jit(loss)):
            step = self.check(function, jnp.array([-1.0, 0.0, 2.0]))
            self.assertTrue({"clipped", "steep", "relu"} <= {node.get("operation") for node in step.data["nodes"]})

    def test_arguments_that_are_not_there(self):
        with self.assertRaisesRegex(ValueError, "argnums=1 is not an argument: there are 1"):
            gradviz.record_jax(lambda x: x * 2, 3.0, argnums=1)
        with self.assertRaisesRegex(TypeError, "the function returns nothing"):
            gradviz.record_jax(lambda x: None, 3.0)

    def test_what_is_not_one_number_has_no_gradient(self):
        step = gradviz.record_jax(lambda x: x * 2, self.x)
        self.assertNotIn("loss", step.data)


if __name__ == "__main__":
    unittest.main()
