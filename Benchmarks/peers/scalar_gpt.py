#!/usr/bin/env python3
"""A step of a GPT of numbers in plain Python, as microgpt (Karpathy, 2026) writes it: one name, recorded again each step, with
Adam. --no-collector switches Python's cycle collector off, which costs more than all the rest.

usage: scalar_gpt.py FOLDER [--no-collector] gpt
"""
import gc, math, statistics, sys, time

folder = sys.argv[1]
if "--no-collector" in sys.argv:
    gc.disable()
sys.setrecursionlimit(100_000)


class Value:
    __slots__ = ("data", "grad", "children", "derivatives")

    def __init__(self, data, children=(), derivatives=()):
        self.data, self.grad, self.children, self.derivatives = data, 0, children, derivatives

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, other): return Value(self.data ** other, (self,), (other * self.data ** (other - 1),))
    def log(self): return Value(math.log(self.data), (self,), (1 / self.data,))
    def exp(self): return Value(math.exp(self.data), (self,), (math.exp(self.data),))
    def relu(self): return Value(max(0, self.data), (self,), (float(self.data > 0),))
    def __neg__(self): return self * -1
    def __radd__(self, other): return self + other
    def __sub__(self, other): return self + (-other)
    def __truediv__(self, other): return self * other ** -1

    def backward(self):
        order, seen = [], set()

        def visit(v):
            if v not in seen:
                seen.add(v)
                for child in v.children:
                    visit(child)
                order.append(v)
        visit(self)
        self.grad = 1
        for v in reversed(order):
            for child, derivative in zip(v.children, v.derivatives):
                child.grad += derivative * v.grad
        return len(order)


numbers = iter([float(line) for line in open(folder + "/gpt.txt")])


def matrix(rows, columns=16):
    return [[Value(next(numbers)) for _ in range(columns)] for _ in range(rows)]


tokens, places, scores, wq, wk, wv, wo = (matrix(rows) for rows in (27, 16, 27, 16, 16, 16, 16))
wide, narrow = matrix(64), matrix(16, 64)
params = [p for m in (tokens, places, scores, wq, wk, wv, wo, wide, narrow) for row in m for p in row]


def linear(x, rows):
    return [sum(w * xi for w, xi in zip(row, x)) for row in rows]


def softmax(x):
    greatest = max(v.data for v in x)
    powers = [(v - greatest).exp() for v in x]
    total = sum(powers)
    return [p / total for p in powers]


def normalized(x):
    scale = (sum(v * v for v in x) / len(x) + 1e-5) ** -0.5
    return [v * scale for v in x]


def following(token, place, keys, values):
    x = normalized([t + p for t, p in zip(tokens[token], places[place])])
    u = normalized(x)
    q = linear(u, wq)
    keys.append(linear(u, wk))
    values.append(linear(u, wv))
    heads = []
    for h in range(0, 16, 4):
        weights = softmax([sum(q[h + j] * k[h + j] for j in range(4)) / 2.0 for k in keys])
        heads += [sum(w * v[h + j] for w, v in zip(weights, values)) for j in range(4)]
    x = [a + b for a, b in zip(linear(heads, wo), x)]
    hidden = [v.relu() for v in linear(normalized(x), wide)]
    x = [a + b for a, b in zip(linear(hidden, narrow), x)]
    return softmax(linear(x, scores))


name, times = (26, 4, 12, 12, 0, 26), []
mean, square = [0.0] * len(params), [0.0] * len(params)
for step in range(20):
    start = time.process_time()
    keys, values = [], []
    losses = [following(a, place, keys, values)[b].log() * -1 for place, (a, b) in enumerate(zip(name, name[1:]))]
    loss = sum(losses) / len(losses)
    count = loss.backward()
    if step == 0:
        print("check-gradients", sum(abs(p.grad) for p in params), "sum")
    for i, p in enumerate(params):
        mean[i] = 0.85 * mean[i] + 0.15 * p.grad
        square[i] = 0.99 * square[i] + 0.01 * p.grad ** 2
        p.data -= 0.01 * (mean[i] / (1 - 0.85 ** (step + 1))) / ((square[i] / (1 - 0.99 ** (step + 1))) ** 0.5 + 1e-8)
        p.grad = 0
    times.append(time.process_time() - start)
print("check", loss.data, "loss at step 20")
print("operations", count, "nodes")
print("step", statistics.median(times) * 1e6, "us")
