#!/usr/bin/env python3
"""The scalar workloads in micrograd, with Python's cycle collector off: it would cost more than all the rest.

usage: scalar_micrograd.py FOLDER dag1e6|moons337
"""
import array, concurrent.futures, gc, math, statistics, struct, sys, threading, time
from micrograd.engine import Value

folder, work = sys.argv[1:3]
gc.disable()


def unary(a, value, derivative, name):
    """An operation that the package does not have, written as its own are."""
    out = Value(value, (a,), name)

    def back():
        a.grad += derivative * out.grad
    out._backward = back
    return out


def tanh(a):
    t = math.tanh(a.data)
    return unary(a, t, 1 - t * t, "tanh")


def exp(a):
    t = math.exp(a.data)
    return unary(a, t, t, "exp")


def dag():
    with open(folder + "/dag.bin", "rb") as file:
        leaves, operations = struct.unpack("<ii", file.read(8))
        records, start_values = array.array("i"), array.array("d")
        records.fromfile(file, 3 * operations)
        start_values.fromfile(file, leaves)
    records = list(zip(records[0::3], records[1::3], records[2::3]))
    start = time.process_time()
    values = [Value(x) for x in start_values]
    for operation, a, b in records:
        values.append(values[a] + values[b] if operation == 0 else values[a] * values[b] if operation == 1 else
                      tanh(values[a]) if operation == 2 else exp(values[a]))
    values[-1].backward()
    print("total", (time.process_time() - start) * 1e9 / operations, "ns/op")
    print("check", sum(abs(leaf.grad) for leaf in values[:leaves]), "sum")


def layer(p, inputs, outputs, values):
    """The scores of a layer and the parameters that follow it; neuron by neuron: weights, then the bias."""
    scores = []
    for at in range(0, outputs * (inputs + 1), inputs + 1):
        score = p[at + inputs]
        for j in range(inputs):
            score = score + p[at + j] * values[j]
        scores.append(score)
    return scores, p[outputs * (inputs + 1):]


def moons():
    data = [[float(x) for x in line.split()] for line in open(folder + "/moons.txt")]
    w, times = [float(line) for line in open(folder + "/mlp337.txt")], []
    for step in range(20):
        start = time.process_time()
        p, total = [Value(x) for x in w], Value(0)
        for x0, x1, y in data:
            scores, rest = layer(p, 2, 16, (Value(x0), Value(x1)))
            scores, rest = layer(rest, 16, 16, [s.relu() for s in scores])
            scores, _ = layer(rest, 16, 1, [s.relu() for s in scores])
            total = total + (1 + scores[0] * -y).relu()
        loss = total * (1 / len(data)) + sum(a * a for a in p) * 1e-4
        loss.backward()
        w = [x - 0.1 * a.grad for x, a in zip(w, p)]
        times.append(time.process_time() - start)
    print("check", loss.data, "loss at step 20")
    print("step", statistics.median(times) * 1e6, "us")


# micrograd sorts by recursion, one call for each operation of the longest path: neither Python's limit nor the stack
# of the main thread is enough.
sys.setrecursionlimit(10_000_000)
threading.stack_size(1 << 30)
with concurrent.futures.ThreadPoolExecutor(1) as pool:
    pool.submit(dag if work == "dag1e6" else moons).result()
