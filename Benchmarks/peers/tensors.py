"""What the peers of the tensor workloads share: the network, its data in float32, the clock. One thread."""
import os, statistics, sys, time
for name in ("OPENBLAS", "OMP", "MKL"):
    os.environ[name + "_NUM_THREADS"] = "1"
import numpy as np

folder, work = sys.argv[1:3]
SIZES = {"moons": (2, 16, 16, 1), "digits": (64, 128, 10), "784-256-128-10": (784, 256, 128, 10)}[work]
BATCH = {"moons": 100, "digits": 64, "784-256-128-10": 128}[work]
RATE = {"moons": 0.1, "digits": 0.1, "784-256-128-10": 0.05}[work]
MARGIN = work == "moons"    # maximum margin and L2; otherwise softmax and cross-entropy


def load():
    """Features, labels (-1 and 1, or classes), and weights (inputs x outputs) with the bias of each layer."""
    with open(f"{folder}/{work}.bin", "rb") as file:
        samples, features = np.fromfile(file, "<i4", 2)
        numbers = np.fromfile(file, "<f8").astype(np.float32)
    parts = np.split(numbers, np.cumsum([samples * features, samples] + [
        n for a, b in zip(SIZES, SIZES[1:]) for n in (a * b, b)]))
    x, y, layers = parts[0].reshape(samples, features), parts[1], []
    for i, (a, b) in enumerate(zip(SIZES, SIZES[1:])):
        layers.append((parts[2 + 2 * i].reshape(a, b).copy(), parts[3 + 2 * i].copy()))
    return x, y if MARGIN else y.astype(np.int64), layers


def measure(step, samples):
    """`step(i)` trains on the batch that begins at row i, and returns the loss when it is done."""
    times = []
    for k in range(400):
        start = time.process_time()
        loss = step(k * BATCH % (samples - BATCH + 1) if samples > BATCH else 0)
        if k >= 50:
            times.append(time.process_time() - start)
        if k == 19:
            print("check", float(loss), "loss at step 20")
    print("step", statistics.median(times) * 1e6, "us")
