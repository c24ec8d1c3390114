"""Scalar autograd, and the protocol that other recorders use."""

import json
import unittest

import gradviz
from gradviz import numbers, program


class Value:
    """The engine of microgpt: no name of the operation, but the local gradients."""

    def __init__(self, data, children=(), local_grads=()):
        self.data = data
        self.grad = 0
        self._children = children
        self._local_grads = local_grads

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, other):
        return Value(self.data**other, (self,), (other * self.data ** (other - 1),))

    def exp(self):
        import math
        return Value(math.exp(self.data), (self,), (math.exp(self.data),))

    def log(self):
        import math
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def relu(self):
        return Value(max(0, self.data), (self,), (float(self.data > 0),))

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if id(value) not in seen:
                seen.add(id(value))
                for child in value._children:
                    visit(child)
                order.append(value)

        visit(self)
        self.grad = 1
        for value in reversed(order):
            for child, slope in zip(value._children, value._local_grads):
                child.grad += slope * value.grad


class Scalars(unittest.TestCase):
    def test_operations_are_told_from_their_slopes(self):
        a, b = Value(3.0), Value(0.5)
        loss = ((a * b + a) ** 2 + b.exp() + a.log()).relu() * (a * a) + (a**-1) + (b**0.5)
        loss.backward()
        step = gradviz.graph(loss, names={"a": a, "b": b}, parameters=[a])
        operations = [node["operation"] for node in step.data["nodes"] if "operation" in node]
        self.assertNotIn("unknown", operations)
        self.assertEqual(sorted(node["exponent"] for node in step.data["nodes"] if "exponent" in node), [-1, 0.5, 2])
        if program.path():
            self.assertNotIn("DIFFER", step.check())

    def test_values_have_the_names_of_the_caller_s_variables(self):
        w, x, _hidden = Value(2.0), Value(-3.0), Value(0.5)
        v = [Value(1.0)]
        loss = (w * x + v[0]) * _hidden
        loss.backward()
        for parameters in ([w, v[0]], {"w": w, "v": v}):
            nodes = gradviz.graph(loss, parameters=parameters).data["nodes"]
            names = [node["name"] for node in nodes if node.get("named", True)]
            self.assertEqual(names, ["w", "x", "v1" if isinstance(parameters, dict) else "w2", "loss"])
            leaves = {node["name"]: (node["role"], node["gradient"]) for node in nodes if "operation" not in node}
            self.assertEqual(leaves["w"], ("parameter", [-1.5]))
            self.assertEqual(leaves["x"], ("input", [1.0]))
        with self.assertRaisesRegex(TypeError, "a dict gives them names"):
            gradviz.graph(loss, parameters=["w"])

    def test_what_is_not_a_value_of_an_engine_is_refused(self):
        for wrong in (3, 2.5, [Value(1.0)], "loss"):
            with self.assertRaisesRegex(TypeError, "^`graph` takes a value with `data`, `grad` and children"):
                gradviz.graph(wrong)

    def test_a_set_of_children_says_x_once(self):
        class Micro:
            def __init__(self, data, children=(), op=""):
                self.data, self.grad, self._prev, self._op = data, 0.0, set(children), op

        x = Micro(3.0)
        step = gradviz.graph(Micro(9.0, (x, x), "*"))
        self.assertEqual(len(step.data["nodes"][-1]["operands"]), 2)

    def test_a_long_chain_needs_no_recursion(self):
        value = Value(0.0)
        for _ in range(5000):
            value = value + 1
        self.assertEqual(len(gradviz.graph(value).data["nodes"]), 10001)

    @unittest.skipUnless(__import__("importlib").util.find_spec("micrograd"), "micrograd is not installed")
    def test_the_example_of_micrograd(self):
        from micrograd.engine import Value as V

        a, b = V(-4.0), V(2.0)
        c, d = a + b, a * b + b**3
        c += c + 1
        c += 1 + c + (-a)
        d += d * 2 + (b + a).relu()
        d += 3 * d + (b - a).relu()
        e = c - d
        f = e**2
        g = f / 2.0
        g += 10.0 / f
        g.backward()
        step = gradviz.graph(g, names={"a": a, "b": b})
        nodes = {node["name"]: node for node in step.data["nodes"]}
        self.assertAlmostEqual(nodes["a"]["gradient"][0], 138.8338192419825)
        self.assertAlmostEqual(nodes["b"]["gradient"][0], 645.5772594752186)
        if program.path():
            self.assertNotIn("DIFFER", step.check())


def one_value():
    t = gradviz.trace("hand")
    t.leaf(1.0, name="x")
    return t.step


class Protocol(unittest.TestCase):
    def test_trace(self):
        with gradviz.trace("hand 1.0", title="by hand") as t:
            x = t.leaf([[1.0, 2.0]], name="x")
            w = t.leaf([[0.5], [0.25]], name="w", role="parameter")
            y = t.operation("matrixMultiply", [x, w], [[1.0]], name="x", role="prediction")
            loss = t.operation("sum", [y], 1.0, name="L")
            t.loss(loss)
            t.gradient(w, [[1.0], [2.0]])
        data = json.loads(t.step.json())
        self.assertEqual([node["name"] for node in data["nodes"]], ["x", "w", "x1", "L"])
        if program.path():
            self.assertIn("<svg", t.step.draw("backward"))
            self.assertNotIn("DIFFER", t.step.check())

    def test_an_empty_step_says_so(self):
        empty, failed = gradviz.trace("hand"), gradviz.trace("hand")
        with self.assertRaises(KeyError):
            with failed:
                raise KeyError("x")
        for step, said in [(empty.step, "^nothing was recorded: the loss is to be computed inside the `with` block$"),
                           (failed.step, "^nothing was recorded before the error: KeyError: 'x'$")]:
            for use in (step.draw, step.check, lambda: step.draw("forward", "never.html")):
                with self.assertRaisesRegex(gradviz.ProgramError, said):
                    use()
            self.assertIn("nothing was recorded", step._repr_mimebundle_()["text/plain"])
        self.assertEqual(repr(empty.step), "<a step of 0 values by hand>")

    def test_what_draw_takes(self):
        step = one_value()
        self.assertEqual(repr(step), "<a step of 1 value by hand>")
        for stage in (["forward", "backward"], ("forward",), "all", "forward,loss", None):
            with self.assertRaisesRegex(TypeError, "`draw` takes one stage, such as \"backward\", not .*: step.draw\\(stage"):
                step.draw(stage)
        with self.assertRaisesRegex(TypeError, "the file is the second argument: .*'step.svg'"):
            step.draw("step.svg")
        for key in ("format", "T", "output"):
            with self.assertRaisesRegex(TypeError, f"`draw` has no option `{key}`"):
                step.draw("forward", **{key: "png"})

    def test_an_operand_is_a_value_of_the_trace(self):
        with self.assertRaisesRegex(TypeError, "^the operands of `add` are what `leaf` and `operation` return, not int"):
            gradviz.trace("hand").operation("add", [1, 2], 3)

    @unittest.skipUnless(program.path(), "the program is missing")
    def test_messages_are_of_the_step_alone(self):
        """Neither lines of a text that was not seen, nor what was noted on the way, nor a file called `-`."""
        t = gradviz.trace("hand")
        t.leaf(1.0, name="x", role="weight")
        with self.assertRaisesRegex(gradviz.ProgramError, r"^nodes\[0\].role: `weight` is not one of"):
            t.step.draw("forward")
        t = gradviz.trace("hand")
        x = t.leaf(3.0, name="x", role="parameter")
        t.loss(t.operation("exp", [x], 1.0, name="L"))
        with self.assertRaisesRegex(gradviz.ProgramError, "^there is no update figure"):
            t.step.draw("update")
        self.assertRegex(t.step.check(), r"(?s)^`L` is 1.*1 DIFFER$")

    def test_a_variable_that_is_assigned_again_is_numbered(self):
        t = gradviz.trace("by hand")
        h = t.leaf(1.0, name="h1", role="input")
        for place in range(3):
            h = t.operation("tanh", [h], 0.5, name="h")
        t.loss(t.operation("exp", [h], 1.6, name="L"))
        self.assertEqual([node["name"] for node in t.step.data["nodes"]], ["h1", "h2", "h3", "h4", "L"])

    def test_a_step_shows_itself(self):
        with gradviz.trace("hand") as t:
            t.loss(t.operation("exp", [t.leaf(0.0, name="x")], 1.0, name="L"))
        bundle = t.step._repr_mimebundle_()
        self.assertEqual(list(bundle)[-1], "text/plain")
        if program.path():
            self.assertIn("data:image/svg+xml;base64,", bundle["text/html"])

    def test_shortest_numbers(self):
        self.assertEqual(numbers.shortest(0.10000000149011612, "float32"), 0.1)
        self.assertEqual(numbers.plain(float("nan")), "NaN")
        self.assertEqual(numbers.plain(-0.0), -0.0)
        self.assertEqual(numbers.summary([1.0, 3.0, float("nan")])["nan"], 1)


if __name__ == "__main__":
    unittest.main()
