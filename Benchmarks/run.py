#!/usr/bin/env python3
"""Every promise about speed, measured against a peer in the same run, on one core, in CPU time.

usage: run.py [WORKLOAD...] [--pairs N]    all workloads without a name; see README.md

A ratio is the median of N (7) ratios; ours and the peer's run take turns. A peer that is not installed is skipped
with a word. install-peers.sh installs those that Debian and PyPI have.
"""
import math, os, platform, resource, shutil, statistics, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
WORK = HERE + "/.build/work"
ENGINE, GRADVIZ = HERE + "/.build/release/engine", ROOT + "/.build/release/gradviz"
PYTHON = HERE + "/.build/peers/bin/python"
PIN = ["taskset", "-c", "0"] if shutil.which("taskset") else []
arguments = sys.argv[1:]
pairs = int(arguments[arguments.index("--pairs") + 1]) if "--pairs" in arguments else 7
wanted = [a for a in arguments if not a.startswith("--") and not a.isdigit()]


def metrics(command):
    """The numbers that a program of ours prints, by name."""
    text = subprocess.run(PIN + command, capture_output=True, text=True, check=True).stdout
    return {line.split()[0]: float(line.split()[1]) for line in text.splitlines()}


def timed(command, limit=120):
    """CPU seconds and peak memory in MiB of a command; None beyond the limit."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(PIN + command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    deadline = time.time() + limit
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            if status:
                sys.exit("failed: " + " ".join(command))
            return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
        if time.time() > deadline:
            process.kill()
            os.wait4(process.pid, 0)
            return None
        time.sleep(0.002)


def row(name, ours, unit, peer=None, theirs=None, ratio=None, promise=None, memory=None):
    number = lambda v: "" if v is None else "%.3g" % v if v < 1000 else "%.0f" % v
    kept = "" if ratio is None or promise is None else "yes" if ratio <= promise else "NO"
    print("| %-34s | %9s %-6s | %-24s | %9s | %6s | %6s | %4s | %9s |" % (
        name, number(ours), unit, peer or "", number(theirs), number(ratio), number(promise), kept,
        "" if memory is None else memory), flush=True)


def build():
    os.makedirs(WORK, exist_ok=True)
    subprocess.run(["swift", "build", "-c", "release"], cwd=HERE, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["make", "-s", "build"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    if not os.path.exists(WORK + "/mlp337.txt"):
        subprocess.run(["python3", HERE + "/peers/scalar_inputs.py", WORK], check=True)
    if os.path.exists(PYTHON) and not os.path.exists(WORK + "/784-256-128-10.bin"):
        subprocess.run([PYTHON, HERE + "/peers/tensor_inputs.py", WORK], check=True)
    if not os.path.exists(WORK + "/wide1k.json"):
        subprocess.run(["python3", HERE + "/peers/graphs.py", WORK, *GRAPHS, "tiny20", "mlp100", "wide1k"], check=True,
                       stdout=subprocess.DEVNULL)
    compiler = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    if compiler and not os.path.exists(WORK + "/tape"):
        subprocess.run([compiler, "-std=c++17", "-O3", "-march=native", "-DNDEBUG", HERE + "/peers/tape.cpp",
                        "-o", WORK + "/tape"], check=True)


def scalars(work):
    rows = ([("total", "record + backward", 1.25), ("replay+backward", "replay + backward", 0.7),
             ("values", "the same with values", None)] if work == "dag1e6" else [("step", "step, replayed", 1.4)])
    if not os.path.exists(WORK + "/tape"):
        ours = metrics([ENGINE, WORK, work])
        for metric, name, _ in rows:
            row(work + " " + name, ours[metric], "ns/op" if work == "dag1e6" else "us", "no C++ compiler: skipped")
        return
    found = [(metrics([ENGINE, WORK, work]), metrics([WORK + "/tape", WORK, work])) for _ in range(pairs)]
    for ours, theirs in found:
        if not math.isclose(ours["check"], theirs["check"], rel_tol=1e-9):
            sys.exit("%s: ours computes %r, the peer %r" % (work, ours["check"], theirs["check"]))
    for metric, name, promise in rows:
        peer = "total" if work == "dag1e6" else "step"
        row(work + " " + name, statistics.median(o[metric] for o, _ in found), "ns/op" if work == "dag1e6" else "us",
            "C++ tape by hand", statistics.median(t[peer] for _, t in found),
            statistics.median(o[metric] / t[peer] for o, t in found), promise,
            "%.0f B/op" % found[0][0]["memory"] if "memory" in found[0][0] else
            "%.0f allocs" % found[0][0]["allocations"])


TENSORS = {"moons": 20, "digits": 100, "784-256-128-10": None}


def tensors(work):
    if not os.path.exists(WORK + "/784-256-128-10.bin"):
        return row(work, None, "", "no data: install-peers.sh")
    try:
        subprocess.run([PYTHON, "-c", "import jax"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        ours = metrics([ENGINE, WORK, work])
        return row(work, ours["step"], "us", "JAX not installed: skipped", memory="%.0f allocs" % ours["allocations"])
    found = [(metrics([ENGINE, WORK, work]), metrics([PYTHON, HERE + "/peers/tensor_jax.py", WORK, work]))
             for _ in range(pairs)]
    for ours, theirs in found:
        if not math.isclose(ours["check"], theirs["check"], rel_tol=1e-4):
            sys.exit("%s: ours computes %r, the peer %r" % (work, ours["check"], theirs["check"]))
    ours = statistics.median(o["step"] for o, _ in found)
    limit = TENSORS[work]
    row(work + (" (at most %d us)" % limit if limit else ""), ours, "us", "JAX jit, float32",
        statistics.median(t["step"] for _, t in found), statistics.median(o["step"] / t["step"] for o, t in found),
        None if limit else 2, "%.0f allocs" % found[0][0]["allocations"])


# A graph, the promised ratio to dot, the promised seconds.
GRAPHS = {"mlp1k": (0.6, None), "mlp3k": (0.15, None), "wide3k": (0.15, None), "mlp10k": (None, 1), "wide10k": (None, 1),
          "mlp30k": (None, 4), "wide30k": (None, 4), "chain100k": (None, 5)}


def drawings(graph):
    ratio, seconds = GRAPHS[graph]
    ours = [GRADVIZ, "draw", f"{WORK}/{graph}.json", "--stage", "forward", "--collapse", "none", "-o",
            f"{WORK}/{graph}.svg"]
    dot = ["dot", "-Tsvg", f"{WORK}/{graph}.dot", "-o", f"{WORK}/{graph}-dot.svg"]
    name = graph + (" (at most %d s)" % seconds if seconds else "")
    if ratio and shutil.which("dot"):
        found = [(timed(ours), timed(dot)) for _ in range(pairs)]
        return row(name, statistics.median(o[0] for o, _ in found), "s", "dot -Tsvg",
                   statistics.median(t[0] for _, t in found), statistics.median(o[0] / t[0] for o, t in found), ratio,
                   "%.0f MiB" % found[0][0][1])
    found = [timed(ours) for _ in range(pairs)]
    row(name, statistics.median(o[0] for o in found), "s",
        "not installed: skipped" if ratio else "(dot: minutes)", memory="%.0f MiB" % found[0][1])


def small(work):
    """All figures of the smallest sample, whole process; against two dot runs of a file with twenty boxes."""
    ours = [GRADVIZ, "draw", "Samples/neuron.grad", "-o", WORK + "/neuron/"]
    if not shutil.which("dot"):
        return row("neuron, five figures", timed(ours)[0] * 1e3, "ms", "dot not installed: skipped")
    dot = ["dot", "-Tsvg", WORK + "/tiny20.dot", "-o", WORK + "/dot.svg"]
    found = [(timed(ours), timed(dot)) for _ in range(pairs * 3)]
    row("neuron, five figures (25 ms)", statistics.median(o[0] for o, _ in found) * 1e3, "ms", "2 x dot, 20 boxes",
        statistics.median(2 * t[0] for _, t in found) * 1e3,
        statistics.median(o[0] / (2 * t[0]) for o, t in found), 1, "%.0f MiB" % found[0][0][1])


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


WORKLOADS = [("dag1e6", scalars), ("moons337", scalars)] + [(w, tensors) for w in TENSORS] + [("neuron", small)] + [
    (g, drawings) for g in GRAPHS] + [("folded", folded)] + [
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
print("| %-34s | %16s | %-24s | %9s | %6s | %6s | %4s | %9s |" % (
    "workload", "ours", "peer", "peer's", "ratio", "most", "kept", "memory"))
print("|" + "|".join("-" * n for n in (36, 18, 26, 11, 8, 8, 6, 11)) + "|")
for name, measure in WORKLOADS:
    if not wanted or name in wanted:
        measure(name)
