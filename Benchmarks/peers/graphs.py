#!/usr/bin/env python3
"""Write the graphs of the drawing benchmarks: as micrograd's draw_dot writes them, for stock dot, and as gradviz'
JSON, for gradviz, which draws them in its own look.

usage: graphs.py FOLDER NAME...    NAME: tiny20 mlp1k mlp3k mlp10k mlp30k wide1k wide3k wide10k wide30k chain1k chain10k chain100k

mlpN: samples through one 2-16-16-1 network (2-12-12-1 for mlp1k), summed max-margin losses; wideN: one sample
through a wider network; chainN: tanh of tanh of … N is about how many boxes and ellipses dot draws.
"""
import json, math, random, sys

SIZES = {
    "tiny20": ([2, 1, 1], 1),
    "mlp100": ([2, 5, 1], 1), "mlp1k": ([2, 12, 12, 1], 1), "mlp3k": ([2, 16, 16, 1], 2),
    "mlp10k": ([2, 16, 16, 1], 7), "mlp30k": ([2, 16, 16, 1], 22), "wide300": ([2, 6, 6, 1], 1),
    "wide1k": ([2, 12, 12, 1], 1), "wide3k": ([2, 23, 23, 1], 1), "wide10k": ([2, 43, 43, 1], 1),
    "wide30k": ([2, 76, 76, 1], 1),
}
CHAINS = {"chain1k": 1000, "chain10k": 10_000, "chain100k": 100_000}


class Tape:
    def __init__(self):
        self.data, self.operation, self.operands = [], [], []

    def push(self, value, operation="", operands=()):
        self.data.append(value)
        self.operation.append(operation)
        self.operands.append(operands)
        return len(self.data) - 1

    def add(self, a, b): return self.push(self.data[a] + self.data[b], "+", (a, b))
    def mul(self, a, b): return self.push(self.data[a] * self.data[b], "*", (a, b))
    def relu(self, a): return self.push(max(self.data[a], 0.0), "ReLU", (a,))
    def tanh(self, a): return self.push(math.tanh(self.data[a]), "tanh", (a,))

    def gradients(self):
        result = [0.0] * len(self.data)
        result[-1] = 1.0
        for i in range(len(self.data) - 1, -1, -1):
            operation, operands, u = self.operation[i], self.operands[i], result[i]
            if operation == "+":
                for a in operands: result[a] += u
            elif operation == "*":
                a, b = operands
                result[a] += u * self.data[b]
                result[b] += u * self.data[a]
            elif operation == "ReLU":
                result[operands[0]] += u if self.data[operands[0]] > 0 else 0.0
            elif operation == "tanh":
                result[operands[0]] += u * (1 - self.data[i] ** 2)
        return result


def network(sizes, samples):
    numbers = random.Random(1)
    tape = Tape()
    layers = [[([tape.push(numbers.uniform(-1, 1)) for _ in range(inputs)], tape.push(0.0))
               for _ in range(outputs)] for inputs, outputs in zip(sizes, sizes[1:])]
    total = None
    for _ in range(samples):
        values = [tape.push(numbers.uniform(-1, 1)) for _ in range(sizes[0])]
        for number, layer in enumerate(layers):
            following = []
            for weights, bias in layer:
                s = bias
                for w, x in zip(weights, values):
                    s = tape.add(s, tape.mul(w, x))
                following.append(s if number == len(layers) - 1 else tape.relu(s))
            values = following
        margin = tape.add(tape.push(1.0), tape.mul(tape.push(-1.0), values[0]))
        loss = tape.relu(margin)
        total = loss if total is None else tape.add(total, loss)
    return tape


def chain(count):
    tape = Tape()
    value = tape.push(0.5)
    while 2 * len(tape.data) < count + 1:
        value = tape.tanh(value)
    return tape


def write_dot(tape, path):
    with open(path, "w") as file:
        file.write("digraph {\n\trankdir=LR;\n")
        for i, (x, operation) in enumerate(zip(tape.data, tape.operation)):
            file.write('\tv%d [label="{ data %.4f | grad %.4f }" shape=record]\n' % (i, x, 0.0))
            if operation:
                file.write('\to%d [label="%s"]\n\to%d -> v%d\n' % (i, operation, i, i))
        for i, operands in enumerate(tape.operands):
            for a in operands:
                file.write("\tv%d -> o%d\n" % (a, i))
        file.write("}\n")


def write_json(tape, path):
    names = {"+": "add", "*": "multiply", "ReLU": "relu", "tanh": "tanh"}
    gradients = tape.gradients()
    nodes = []
    for i, (x, operation, operands) in enumerate(zip(tape.data, tape.operation, tape.operands)):
        node = {"id": "v%d" % i, "value": [x], "gradient": [gradients[i]]}
        if operation:
            node["operation"] = names[operation]
            node["operands"] = ["v%d" % a for a in operands]
        else:
            node["role"] = "parameter"
        nodes.append(node)
    with open(path, "w") as file:
        json.dump({"version": 1, "level": "scalar", "loss": "v%d" % (len(nodes) - 1), "nodes": nodes}, file)


folder = sys.argv[1]
for name in sys.argv[2:]:
    tape = chain(CHAINS[name]) if name in CHAINS else network(*SIZES[name])
    write_dot(tape, f"{folder}/{name}.dot")
    write_json(tape, f"{folder}/{name}.json")
    boxes = len(tape.data) + sum(1 for operation in tape.operation if operation)
    arrows = sum(1 + len(o) for o in tape.operands if o)
    print(name, boxes, "boxes,", len(tape.data), "values,", arrows, "arrows")
