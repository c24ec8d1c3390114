#!/usr/bin/env python3
"""Write the inputs of the scalar workloads: the same bytes every time.

usage: scalar_inputs.py FOLDER

dag.bin     957,555 operations on 1,000 leaves: int32 leaves, int32 operations, then (operation, a, b) for each
            (0 a+b, 1 a*b, 2 tanh a, 3 exp a), then the leaves as float64. Operands are among the last 16,384
            values, everything reaches the last operation, and no value is large or tiny.
moons.txt   100 points x0 x1 y on two noisy half circles.
gpt.txt     the 4,192 first parameters of a GPT as small as microgpt's: tables of 27 tokens and 16 places, scores, q, k, v
            and their projection, and the MLP, matrix by matrix, outputs x inputs.
mlp337.txt  the 337 first parameters of a 2-16-16-1 network, neuron by neuron: weights, then the bias.
"""
import array, math, random, struct, sys

folder = sys.argv[1]


def dag(path, count, leaves=1000, window=16384):
    numbers = random.Random(7)
    values = [numbers.uniform(-1, 1) for _ in range(leaves)]
    used = [False] * leaves
    records = array.array("i")

    def emit(operation, a, b):
        x, y = values[a], values[b] if operation < 2 else 0.0
        values.append((x + y, x * y, 0, 0)[operation] if operation < 2 else
                      math.tanh(x) if operation == 2 else math.exp(x))
        records.extend((operation, a, b if operation < 2 else 0))
        used.append(False)
        used[a] = True
        if operation < 2:
            used[b] = True

    fits = (lambda x, y: 0.01 < abs(x + y) < 2, lambda x, y: 0.01 < abs(x * y) < 2,
            lambda x, y: True, lambda x, y: -5 < x < 0.6)
    while len(records) // 3 < count:
        low = max(0, len(values) - window)
        u = numbers.random()
        operation = 0 if u < 0.36 else 1 if u < 0.84 else 2 if u < 0.92 else 3
        for _ in range(50):
            a, b = numbers.randrange(low, len(values)), numbers.randrange(low, len(values))
            if fits[operation](values[a], values[b]):
                break
        else:
            operation = 2
        emit(operation, a, b)
    loose = [i for i, is_used in enumerate(used) if not is_used]
    while len(loose) > 1:
        following = []
        for i in range(0, len(loose) - 1, 2):
            emit(0, loose[i], loose[i + 1])
            following.append(len(values) - 1)
        loose = following + loose[len(loose) - len(loose) % 2:]
    with open(path, "wb") as file:
        file.write(struct.pack("<ii", leaves, len(records) // 3))
        records.tofile(file)
        array.array("d", values[:leaves]).tofile(file)


dag(folder + "/dag.bin", 820_000)
for size in (100, 1000, 10_000, 100_000):
    dag(f"{folder}/dag{size}.bin", size, leaves=min(1000, size // 10))
numbers = random.Random(1337)
rows = []
for i in range(50):
    t = math.pi * i / 49
    rows += [(math.cos(t), math.sin(t), -1), (1 - math.cos(t), 0.5 - math.sin(t), 1)]
numbers.shuffle(rows)
with open(folder + "/moons.txt", "w") as file:
    for x, y, label in rows:
        file.write("%.17g %.17g %d\n" % (x + numbers.gauss(0, 0.1), y + numbers.gauss(0, 0.1), label))
numbers = random.Random(1337)
with open(folder + "/mlp337.txt", "w") as file:
    for inputs, outputs in ((2, 16), (16, 16), (16, 1)):
        for _ in range(outputs):
            for _ in range(inputs):
                file.write("%.17g\n" % numbers.uniform(-1, 1))
            file.write("0\n")
numbers = random.Random(42)
with open(folder + "/gpt.txt", "w") as file:
    for _ in range((27 + 16 + 27 + 4 * 16 + 2 * 64) * 16):
        file.write("%.17g\n" % numbers.gauss(0, 0.08))
