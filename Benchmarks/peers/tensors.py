"""What the peers of the tensor workloads share: the networks, their data in float32, the clock. One thread."""
import os, statistics, sys, time
for name in ("OPENBLAS", "OMP", "MKL"):
    os.environ[name + "_NUM_THREADS"] = "1"
import numpy as np


def dense(*sizes):
    """Weights (inputs x outputs) and the bias of each layer."""
    return [shape for a, b in zip(sizes, sizes[1:]) for shape in ((a, b), (b,))]


# The batch, the learning rate, the labels of a sample, and the shapes of the parameters in order.
NETWORKS = {
    "moons": (100, 0.1, 1, dense(2, 16, 16, 1)),
    "digits": (64, 0.1, 1, dense(64, 128, 10)),
    "784-256-128-10": (128, 0.05, 1, dense(784, 256, 128, 10)),
    # 16 filters of 3x3 with padding, relu, the largest of 2x2, a dense layer.
    "conv": (64, 0.1, 1, [(16, 1, 3, 3), (16,), *dense(256, 10)]),
    # As in makemore: a vector of 10 for each of 27 characters; three characters, 200 hidden, tanh.
    "embedding": (32, 0.1, 1, [(27, 10), *dense(30, 200, 27)]),
    # A vector for each of 16 symbols and each of 16 places; layer norm, q, k, v and their projection, two heads, causal;
    # layer norm, gelu; a score for each symbol.
    "transformer": (16, 0.1, 16, [(16, 32), (16, 32), (32,), (32,), *4 * dense(32, 32), (32,), (32,), *dense(32, 64, 32),
                                  *dense(32, 16)]),
}
folder, work = (sys.argv + [""])[1:3]
BATCH, RATE, LABELS, SHAPES = NETWORKS.get(work, (0, 0, 0, []))
MARGIN = work == "moons"    # maximum margin and L2; otherwise softmax and cross-entropy
IDS = work in ("embedding", "transformer")    # the features are numbers of symbols


def load():
    """Features, labels (-1 and 1, or classes), and the parameters in order."""
    with open(f"{folder}/{work}.bin", "rb") as file:
        samples, features = np.fromfile(file, "<i4", 2)
        numbers = np.fromfile(file, "<f8").astype(np.float32)
    sizes = [samples * features, samples * LABELS] + [int(np.prod(shape)) for shape in SHAPES]
    x, y, *parts = np.split(numbers, np.cumsum(sizes))[:-1]
    x, y = x.reshape(samples, features), y.reshape(samples, LABELS).squeeze(1) if LABELS == 1 else y.reshape(samples, LABELS)
    return (x.astype(np.int64) if IDS else x, y if MARGIN else y.astype(np.int64),
            [part.reshape(shape).copy() for part, shape in zip(parts, SHAPES)])


def layers(parts):
    """Weights with their biases."""
    return list(zip(parts[::2], parts[1::2]))


def measure(step, samples, gradients):
    """`step(i)` trains on the batch that begins at row i, and returns the loss when it is done; `gradients()` are those
    of the first batch."""
    print("check-gradients", sum(float(np.abs(g).sum()) for g in gradients()), "sum")
    times = []
    for k in range(400):
        start = time.process_time()
        loss = step(k * BATCH % (samples - BATCH + 1) if samples > BATCH else 0)
        if k >= 50:
            times.append(time.process_time() - start)
        if k == 19:
            print("check", float(loss), "loss at step 20")
    print("step", statistics.median(times) * 1e6, "us")
