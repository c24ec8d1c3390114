#!/usr/bin/env python3
"""Every promise about speed, measured against a peer in the same run, on one core, in CPU time.

usage: run.py [WORKLOAD...] [--pairs N]    all workloads without a name; see README.md

A ratio is the median of N (7) ratios; ours and the peers' runs take turns. A peer that is not installed, does not
build or does not run is skipped with a word. install-peers.sh installs those that Debian and PyPI have.
"""
import glob, math, os, platform, shutil, statistics, subprocess, sys
from measuring import (ENGINE, GRADVIZ, HERE, PYTHON, ROOT, WORK, Compiled, Script, compared, header, in_turn, metrics,
                       row, timed)

arguments = sys.argv[1:]
pairs = int(arguments[arguments.index("--pairs") + 1]) if "--pairs" in arguments else 7
wanted = [a for a in arguments if not a.startswith("--") and not a.isdigit()]


def build():
    os.makedirs(WORK, exist_ok=True)
    # SwiftPM (6.3) does not recompile a package when the memory layout of a class in another one has changed.
    for source in glob.glob(HERE + "/Sources/engine/*.swift"):
        os.utime(source)
    subprocess.run(["swift", "build", "-c", "release"], cwd=HERE, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["make", "-s", "build"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    if not os.path.exists(WORK + "/gpt.txt"):
        subprocess.run(["python3", HERE + "/peers/scalar_inputs.py", WORK], check=True)
    if os.path.exists(PYTHON) and not os.path.exists(WORK + "/transformer.bin"):
        subprocess.run([PYTHON, HERE + "/peers/tensor_inputs.py", WORK], check=True)
    if not os.path.exists(WORK + "/wide1k.json"):
        subprocess.run(["python3", HERE + "/peers/graphs.py", WORK, *GRAPHS, "tiny20", "mlp100", "wide1k"], check=True,
                       stdout=subprocess.DEVNULL)


# The first peer of each is the one that the promise names; the others stand beside it for comparison.
SCALAR_PEERS = [Compiled("C++ tape by hand", "tape"), Compiled("CppAD", "cppad", "-lcppad_lib"),
                Compiled("ADOL-C", "adolc", "-ladolc"),
                Script("micrograd, no cycle collector", "scalar_micrograd", "micrograd")]
GPT_PEERS = [Script("Python, as microgpt", "scalar_gpt", "math"),
             Script("Python, no cycle collector", "scalar_gpt", "math", "--no-collector")]
TENSOR_PEERS = [Script("JAX jit, float32", "tensor_jax", "jax"),
                Script("PyTorch eager, float32", "tensor_torch", "torch")]
DENSE_PEERS = [Script("NumPy by hand, float32", "tensor_numpy", "numpy")]


def scalars(work):
    metric, name, unit, promise = (("total", "record + backward", "ns/op", 1.1) if work == "dag1e6" else
                                   ("step", "step, replayed", "us", 1.1))
    ours, theirs = in_turn(work, SCALAR_PEERS, pairs, 1e-9)
    first, *others = SCALAR_PEERS
    tape = theirs[first.label]
    memory = "%.1f B/op" % ours[0]["memory"] if work == "dag1e6" else "%.0f allocs" % ours[0]["allocations"]
    compared(work + " " + name, ours, metric, unit, first.label, tape, metric, promise, memory)
    if work == "dag1e6":
        compared(work + " replay + backward", ours, "replay+backward", unit, first.label, tape, metric, 0.7,
                 "%.1f B/op" % ours[0]["memory-replayed"])
        compared(work + " the same with values", ours, "values", unit, first.label, tape, metric, 1.5, memory)
    for peer in others:
        compared(work + " " + name, ours, metric, unit, peer.label, theirs[peer.label], metric)


def gpt(work):
    """A name through a GPT of numbers, recorded again in each step."""
    ours, theirs = in_turn(work, GPT_PEERS, pairs, 1e-9)
    for peer in GPT_PEERS:
        compared("a step of a GPT of numbers", ours, "step", "us", peer.label, theirs[peer.label], "step",
                 1 / 300 if peer is GPT_PEERS[0] else None, "%.0f nodes" % ours[0]["operations"])


# The promised microseconds, and the promised ratios to JAX and PyTorch.
TENSORS = {"moons": (20, None, None), "digits": (100, 1, None), "784-256-128-10": (None, 2, None),
           "conv": (None, 1.5, 1), "embedding": (None, 1, None), "transformer": (None, 1.5, 1)}


def tensors(work):
    if not os.path.exists(WORK + "/transformer.bin"):
        return row(work, None, "", "no data: install-peers.sh")
    limit, *promises = TENSORS[work]
    peers = TENSOR_PEERS + ([] if work in ("conv", "embedding", "transformer") else DENSE_PEERS)
    ours, theirs = in_turn(work, peers, pairs, 1e-4)
    for peer, promise in zip(peers, promises + [None]):
        first = peer is peers[0]
        compared(work + (" (at most %d us)" % limit if limit and first else ""), ours, "step", "us", peer.label,
                 theirs[peer.label], "step", promise, "%.0f allocs" % ours[0]["allocations"] if first else None)


# A graph, the promised ratio to dot, the promised seconds.
GRAPHS = {"mlp1k": (0.8, None), "mlp3k": (0.2, None), "wide3k": (0.2, None), "mlp10k": (None, 2.5), "wide10k": (None, 2.5),
          "mlp30k": (None, 9), "wide30k": (None, 9), "chain100k": (None, None)}


def drawings(graph):
    ratio, seconds = GRAPHS[graph]
    ours = [GRADVIZ, "draw", f"{WORK}/{graph}.json", "--stage", "forward", "--collapse", "none", "-o",
            f"{WORK}/{graph}.svg"]
    dot = ["dot", "-Tsvg", f"{WORK}/{graph}.dot", "-o", f"{WORK}/{graph}-dot.svg"]
    name = graph + (" (at most %g s)" % seconds if seconds else "")
    if ratio and shutil.which("dot"):
        found = [(timed(ours), timed(dot)) for _ in range(pairs)]
        return row(name, statistics.median(o[0] for o, _ in found), "s", "dot -Tsvg",
                   statistics.median(t[0] for _, t in found), statistics.median(o[0] / t[0] for o, t in found), ratio,
                   "%.0f MiB" % found[0][0][1])
    found = [timed(ours) for _ in range(pairs)]
    row(name, statistics.median(o[0] for o in found), "s",
        "not installed: skipped" if ratio else "(dot: minutes)", memory="%.0f MiB" % found[0][1])


# A sample, the promised ratio to dot, the promised milliseconds.
SAMPLES = {"neuron": (0.65, 40), "gradient-descent": (0.6, None)}


def small(sample):
    """The five figures of a sample, whole process; against stock dot on the DOT files of the same five figures."""
    ratio, most = SAMPLES[sample]
    ours = [GRADVIZ, "draw", "Samples/%s.grad" % sample, "-o", "%s/%s/" % (WORK, sample)]
    name = sample + ", five figures" + (" (%d ms)" % most if most else "")
    if not shutil.which("dot"):
        return row(name, timed(ours)[0] * 1e3, "ms", "dot not installed: skipped")
    dots = [["dot", "-Tsvg", "Output/%s/%s.dot" % (sample, stage), "-o", WORK + "/dot.svg"]
            for stage in ("forward", "loss", "backward", "update", "overview")]
    found = [(timed(ours), sum(timed(dot)[0] for dot in dots)) for _ in range(pairs)]
    row(name, statistics.median(o[0] for o, _ in found) * 1e3, "ms", "dot -Tsvg of the five",
        statistics.median(t for _, t in found) * 1e3,
        statistics.median(o[0] / t for o, t in found), ratio, "%.0f MiB" % found[0][0][1])


def crossings(graph):
    """How often arrows cross in the picture, ours against dot's."""
    name = graph[len("crossings-"):]
    if not shutil.which("dot"):
        return row(graph, None, "", "dot not installed: skipped")
    ours, dots = f"{WORK}/{name}.svg", f"{WORK}/{name}-dot.svg"
    subprocess.run([GRADVIZ, "draw", f"{WORK}/{name}.json", "--stage", "forward", "--collapse", "none", "-o", ours],
                   check=True)
    if not os.path.exists(dots):
        subprocess.run(["dot", "-Tsvg", f"{WORK}/{name}.dot", "-o", dots], check=True)
    count = [metrics(["python3", HERE + "/peers/crossings.py", file])["crossings"] for file in (ours, dots)]
    row(graph, count[0], "", "dot -Tsvg", count[1], count[0] / count[1], 1.1)


def folded(_):
    """A network of 16 and 16 neurons on 100 samples, number by number, with default options: from text to figure."""
    command = [GRADVIZ, "draw", "Samples/moons.grad", "--level", "scalar", "--stage", "backward", "-o", WORK + "/moons.svg"]
    found = [timed(command) for _ in range(pairs)]
    seconds = statistics.median(t for t, _ in found)
    row("moons, folded (at most 0.5 s)", seconds, "s", memory="%.0f MiB" % found[0][1])


def start(_):
    """From nothing to a word: `gradviz --version`, whole process."""
    found = [timed([GRADVIZ, "--version"]) for _ in range(5 * pairs)]
    row("start (at most 5 ms)", statistics.median(t for t, _ in found) * 1e3, "ms", memory="%.0f MiB" % found[0][1])


def pages(_):
    """A folder of thirty pages with ninety figures in which nothing has changed, whole process; against stock dot, which
    draws one figure of each page."""
    folder = WORK + "/pages"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for page in range(30):
        with open("%s/page%02d.md" % (folder, page), "w") as text:
            for stage in ("forward", "backward", "update"):
                text.write("```grad stage=%s name=%s\ninput x = [[%d, -2], [0.5, 1]]\ntarget y = [1, -1]\nparam w = [4, 2]\n"
                           "param b = 3\npredict p = tanh(x @ w + b)\nloss L = sum((p - y)**2)\nrate 0.1\n```\n\n"
                           % (stage, stage, page + 1))
    ours = [GRADVIZ, "document", "--quiet", folder]
    timed(ours)
    if not shutil.which("dot"):
        return row("thirty pages, unchanged (at most 1 s)", timed(ours)[0], "s", "dot not installed: skipped")
    dot = ["dot", "-Tsvg", "Output/neuron/backward.dot", "-o", WORK + "/dot.svg"]
    found = [(timed(ours), sum(timed(dot)[0] for _ in range(30))) for _ in range(pairs)]
    row("thirty pages, unchanged (at most 1 s)", statistics.median(o[0] for o, _ in found), "s", "dot -Tsvg, a figure of each",
        statistics.median(t for _, t in found), statistics.median(o[0] / t for o, t in found), 0.5, "%.0f MiB" % found[0][0][1])


def export(_):
    found = [metrics([ENGINE, WORK, "export"]) for _ in range(3)]
    for name in ("json", "dot"):
        row("1e6 nodes as %s (1000 ns)" % name, statistics.median(f[name] for f in found), "ns", "(most: 300 B/node)",
            memory="%.0f B/node" % found[0][name + "-size"])


def growth(_):
    """Time against size, as a figure and as fitted exponents."""
    def fit(points):
        xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
        mx, my = statistics.mean(xs), statistics.mean(ys)
        return sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)
    lines, points = [], []
    for size in ("100", "1000", "10000", "100000", ""):
        found = metrics([ENGINE, WORK, "dag" + size if size else "dag1e6"])
        points.append((found["operations"], found["replay+backward"] * found["operations"] * 1e-9))
    lines += ["engine %g %g" % point for point in points]
    row("growth: engine, 10^2 to 10^6", fit(points), "expo.", "", None, fit(points), 1.05)
    start = min(timed([GRADVIZ, "--version"])[0] for _ in range(5))
    for kind, sizes in (("mlp", ("100", "1k", "3k", "10k", "30k")), ("wide", ("1k", "3k", "10k", "30k"))):
        points = []
        for size in sizes:
            command = [GRADVIZ, "draw", f"{WORK}/{kind}{size}.json", "--stage", "forward", "--collapse", "none", "-o",
                       WORK + "/growth.svg"]
            boxes = open(f"{WORK}/{kind}{size}.dot").read().count("label=")
            points.append((boxes, statistics.median(timed(command)[0] for _ in range(3)) - start))
        lines += ["drawing-%s %g %g" % (kind, *point) for point in points]
        # Below three hundred values dot lays out; the promise is about what is above.
        above = [point for point in points if point[0] > 500]
        row("growth: %s, 10^3 to 3*10^4 boxes" % kind, fit(above), "expo.", "start-up taken off", None, fit(above), 1.3)
    subprocess.run([ENGINE, HERE + "/growth.svg", "plot"], input="\n".join(lines), text=True, check=True)


WORKLOADS = [("dag1e6", scalars), ("moons337", scalars), ("gpt", gpt)] + [(w, tensors) for w in TENSORS] + [(s, small) for s in SAMPLES] + [
    (g, drawings) for g in GRAPHS] + [("folded", folded), ("start", start), ("pages", pages)] + [
    ("crossings-" + g, crossings) for g in ("mlp1k", "mlp3k", "wide3k")] + [("export", export), ("growth", growth)]
for name in wanted:
    if name not in dict(WORKLOADS):
        sys.exit("no workload %s; there are %s" % (name, ", ".join(w for w, _ in WORKLOADS)))
build()
try:
    model = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")][0]
except (OSError, IndexError):
    model = platform.processor()
print("%s, %s %s, CPU time on one core, median of %d pairs\n" % (model, platform.system(), platform.machine(), pairs))
header()
for name, measure in WORKLOADS:
    if not wanted or name in wanted:
        measure(name)
