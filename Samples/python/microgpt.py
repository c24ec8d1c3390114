"""A step of a GPT written with numbers alone, as microgpt is: one block, every value a scalar that knows its operands.

The recorder sees additions and products of numbers; the figure finds the matrices, the norms and the attention again.
``python microgpt.py 16 4 emma`` records the step at microgpt's own size: 16 numbers a token, 4 heads.
"""

import math
import random
import sys

import gradviz


class Value:
    """A number, what it was made of, and its slope along each operand."""

    __slots__ = ("data", "grad", "_children", "_local_grads")

    def __init__(self, data, children=(), slopes=()):
        self.data, self.grad, self._children, self._local_grads = data, 0.0, children, slopes

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent):
        return Value(self.data**exponent, (self,), (exponent * self.data ** (exponent - 1),))

    def exp(self):
        result = math.exp(self.data)
        return Value(result, (self,), (result,))

    def log(self):
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (float(self.data > 0),))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            value, is_done = stack.pop()
            if is_done:
                order.append(value)
            elif id(value) not in seen:
                seen.add(id(value))
                stack += [(value, True)] + [(child, False) for child in value._children]
        self.grad = 1.0
        for value in reversed(order):
            for child, slope in zip(value._children, value._local_grads):
                child.grad += slope * value.grad


def matrix(rows, columns):
    return [[Value(random.gauss(0, 0.3)) for _ in range(columns)] for _ in range(rows)]


def linear(x, w):
    return [sum(wi * xi for wi, xi in zip(row, x)) for row in w]


def softmax(scores):
    greatest = max(score.data for score in scores)
    powers = [(score - greatest).exp() for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def rmsnorm(x):
    scale = (sum(xi * xi for xi in x) / len(x) + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def attention(queries, keys, values, heads):
    width, result = len(queries) // heads, []
    for start in range(0, len(queries), width):
        part = slice(start, start + width)
        scores = [sum(q * k for q, k in zip(queries[part], key[part])) / width**0.5 for key in keys]
        weights = softmax(scores)
        result += [sum(w * v[i] for w, v in zip(weights, values)) for i in range(start, start + width)]
    return result


def gpt(token, position, keys, values, p, heads):
    x = rmsnorm([a + b for a, b in zip(p["wte"][token], p["wpe"][position])])
    before, x = x, rmsnorm(x)
    keys.append(linear(x, p["wk"]))
    values.append(linear(x, p["wv"]))
    x = linear(attention(linear(x, p["wq"]), keys, values, heads), p["wo"])
    before = x = [a + b for a, b in zip(x, before)]
    x = linear([xi.relu() for xi in linear(rmsnorm(x), p["w1"])], p["w2"])
    return linear([a + b for a, b in zip(x, before)], p["head"])


width, heads, name = (int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]) if len(sys.argv) > 3 else (4, 2, "eva")
letters = "aev" if len(sys.argv) < 4 else "abcdefghijklmnopqrstuvwxyz"
random.seed(42)
vocabulary, end = len(letters) + 1, len(letters)
p = {"wte": matrix(vocabulary, width), "wpe": matrix(16, width)}
p.update((key, matrix(width, width)) for key in ("wq", "wk", "wv", "wo"))
p.update(w1=matrix(4 * width, width), w2=matrix(width, 4 * width), head=matrix(vocabulary, width))
tokens = [end] + [letters.index(letter) for letter in name] + [end]
keys, values, losses = [], [], []
for position, (token, target) in enumerate(zip(tokens, tokens[1:])):
    probabilities = softmax(gpt(token, position, keys, values, p, heads))
    losses.append(-probabilities[target].log())
loss = sum(losses) * (1 / len(losses))
loss.backward()
step = gradviz.graph(loss, parameters=p, learning_rate=0.1, title=f"microgpt reads {name}")
step.save(sys.argv[4] if len(sys.argv) > 4 else "microgpt.json")
