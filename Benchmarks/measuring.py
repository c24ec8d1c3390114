"""What run.py measures with: programs in turn, their time and memory, peers that may be missing, rows of the table."""
import glob, math, os, shutil, statistics, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
WORK = HERE + "/.build/work"
ENGINE, GRADVIZ = HERE + "/.build/release/engine", ROOT + "/.build/release/gradviz"
PYTHON = HERE + "/.build/peers/bin/python"
PIN = ["taskset", "-c", os.environ.get("CORE", "0")] if shutil.which("taskset") else []


def metrics(command):
    """The numbers that a program of ours prints, by name."""
    text = subprocess.run(PIN + command, capture_output=True, text=True, check=True).stdout
    return {line.split()[0]: float(line.split()[1]) for line in text.splitlines()}


def timed(command, limit=120):
    """CPU seconds and peak memory in MiB of a command; None beyond the limit."""
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
    number = lambda v: "" if v is None else "%.2g" % v if v < 0.01 else "%.3g" % v if v < 1000 else "%.0f" % v
    kept = "" if ratio is None or promise is None else "yes" if ratio <= promise else "NO"
    print("| %-34s | %9s %-6s | %-36s | %9s | %6s | %6s | %4s | %9s |" % (
        name, number(ours), unit, peer or "", number(theirs), number(ratio), number(promise), kept,
        "" if memory is None else memory), flush=True)


def header():
    print("| %-34s | %16s | %-36s | %9s | %6s | %6s | %4s | %9s |" % (
        "workload", "ours", "peer", "peer's", "ratio", "most", "kept", "memory"))
    print("|" + "|".join("-" * n for n in (36, 18, 38, 11, 8, 8, 6, 11)) + "|")


class Compiled:
    """A peer in C++: peers/NAME.cpp, with the libraries that it needs."""
    def __init__(self, label, name, *options):
        self.label, self.command = label, [WORK + "/" + name, WORK]
        self.source, self.options = f"{HERE}/peers/{name}.cpp", options

    def missing(self):
        """None when the program is there (it is built now if it is not), or why it cannot be."""
        program = self.command[0]
        newest = max(os.path.getmtime(file) for file in (self.source, HERE + "/peers/harness.hpp"))
        if os.path.exists(program) and os.path.getmtime(program) > newest:
            return None
        compiler = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
        if not compiler:
            return "no C++ compiler"
        # PyPI's packages of C++ libraries put them there.
        found = glob.glob(HERE + "/.build/peers/lib/python*/site-packages/cmeel.prefix")
        places = [o for p in found for o in ("-I%s/include" % p, "-L%s/lib" % p, "-Wl,-rpath,%s/lib" % p)]
        built = subprocess.run([compiler, "-std=c++17", "-O3", "-march=native", "-DNDEBUG", *places, self.source,
                                "-o", program, *self.options], capture_output=True, text=True)
        if built.returncode == 0:
            return None
        if os.path.exists(program):
            os.remove(program)
        absent = ("No such file", "file not found", "cannot find -l", "library not found")
        return "not installed" if any(a in built.stderr for a in absent) else "does not build"


class Script:
    """A peer in Python: peers/NAME.py, with the module that it needs."""
    def __init__(self, label, name, module, *options):
        self.label, self.module = label, module
        self.command = [PYTHON, f"{HERE}/peers/{name}.py", WORK, *options]

    def missing(self):
        find = "import importlib.util as u, sys; sys.exit(u.find_spec(%r) is None)" % self.module
        there = os.path.exists(PYTHON) and subprocess.run([PYTHON, "-c", find]).returncode == 0
        return None if there else "not installed"


def in_turn(work, peers, pairs, tolerance):
    """What ours and each peer print, `pairs` times in turn: ours, and by label the peer's or why there is nothing."""
    words = {peer.label: peer.missing() for peer in peers}
    ours, theirs = [], {peer.label: [] for peer in peers}
    for _ in range(pairs):
        ours.append(metrics([ENGINE, WORK, work]))
        for peer in peers:
            if words[peer.label]:
                continue
            try:
                found = metrics(peer.command + [work])
            except (subprocess.CalledProcessError, OSError):
                words[peer.label] = "does not run"
                continue
            for name in found:
                if name.startswith("check") and not math.isclose(ours[-1][name], found[name], rel_tol=tolerance):
                    sys.exit("%s: ours computes %r, %s %r" % (work, ours[-1][name], peer.label, found[name]))
            theirs[peer.label].append(found)
    return ours, {label: words[label] or found for label, found in theirs.items()}


def compared(name, ours, metric, unit, label, theirs, their_metric, promise=None, memory=None):
    """One row: ours and a peer's, or ours and why there is no peer."""
    value = statistics.median(o[metric] for o in ours)
    if isinstance(theirs, str):
        return row(name, value, unit, label.split(",")[0] + " " + theirs + ": skipped", memory=memory)
    row(name, value, unit, label, statistics.median(t[their_metric] for t in theirs),
        statistics.median(o[metric] / t[their_metric] for o, t in zip(ours, theirs)), promise, memory)
