"""Runs the program under attack, and what every run of it must keep, whatever it was given."""

import os
import pathlib
import re
import resource
import subprocess
import time
from dataclasses import dataclass

# Seconds of the processor, not of the clock: a busy machine makes no finding.
CPU_SECONDS = 20
# What sleeps for ever uses no processor, not even where others leave little of it, in so many seconds of the clock.
WALL_SECONDS = 180
# Of addresses; a small input has no business beyond.
MEMORY = 6 << 30

# What a terminal obeys, line end and tab apart, and what reorders its text.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
PLACE = re.compile(r":\d+:\d+: (error|warning): ")


class Finding(Exception):
    """Something that must never happen; its text says what, and how it was reached."""


@dataclass
class Result:
    """What a run left."""

    arguments: list
    status: int
    out: bytes
    err: bytes
    seconds: float

    @property
    def errors(self):
        return self.err.decode("utf-8", "replace")

    def __str__(self):
        return f"gradviz {' '.join(map(str, self.arguments))}: status {self.status}, {self.errors.strip()[:600]!r}"


class Tool:
    """The built program; counts its runs."""
    def __init__(self, path):
        self.path = pathlib.Path(path).resolve()
        self.runs = 0

    def start(self, arguments, folder, out=subprocess.PIPE, err=subprocess.PIPE, stdin=subprocess.DEVNULL):
        """Begins a run that may take so much of the processor and of memory."""
        self.runs += 1
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(folder), "NO_COLOR": "1"}
        # What a sanitizer is told goes with the program.
        for name in os.environ:
            if name in ("LD_LIBRARY_PATH", "LANG") or name.endswith("SAN_OPTIONS"):
                environment[name] = os.environ[name]
        process = subprocess.Popen(
            [str(self.path), *map(str, arguments)], cwd=folder, stdin=stdin, stdout=out, stderr=err, env=environment)
        if hasattr(resource, "prlimit"):
            try:
                resource.prlimit(process.pid, resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
                if not any(name.endswith("SAN_OPTIONS") for name in environment):
                    resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
                resource.prlimit(process.pid, resource.RLIMIT_CORE, (0, 0))
            except ProcessLookupError:
                pass
        return process

    def run(self, arguments, folder, text=b""):
        """Runs to the end, and holds the run against what every one must keep."""
        begin = time.monotonic()
        process = self.start(arguments, folder, stdin=subprocess.PIPE)
        used = -1
        while True:
            try:
                out, err = process.communicate(text, timeout=WALL_SECONDS)
                break
            except subprocess.TimeoutExpired:
                before, used = used, processor_ticks(process.pid)
                if used == before or used is None:
                    process.kill()
                    process.communicate()
                    raise Finding(f"hangs: gradviz {' '.join(map(str, arguments))}") from None
        result = Result(list(arguments), process.returncode, out, err, time.monotonic() - begin)
        judge(result)
        return result


def processor_ticks(process):
    """How much of the processor a process has used; None where the system does not say."""
    try:
        fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])
    except (OSError, IndexError, ValueError):
        return None


def judge(result):
    """What holds for every run: no trap, a status of the three, words without what a terminal obeys."""
    if result.status == -24:
        raise Finding(f"takes more than {CPU_SECONDS} s of the processor: {result}")
    if result.status < 0 or result.status > 2 and result.status != 64:
        raise Finding(f"ends by itself: {result}")
    if result.status == 64:
        raise Finding(f"a status that is not documented: {result}")
    try:
        text = result.err.decode("utf-8")
    except UnicodeDecodeError:
        raise Finding(f"standard error is not UTF-8: {result}") from None
    for line in text.split("\n"):
        if CONTROL.search(line):
            raise Finding(f"a control character on standard error: {line!r}: {result}")
    if result.status != 0 and "rror:" not in text and "erreur\u00a0:" not in text:
        raise Finding(f"fails without a word: {result}")


def has_place(result):
    """Whether what is wrong with a program is said with file, line and column."""
    return any(PLACE.search(line) for line in result.errors.split("\n"))


def leftovers(folder):
    """What a run began to write and did not put in its place."""
    return [path for path in pathlib.Path(folder).rglob(".gradviz-*")]


def content(folder):
    """Every file of a folder, by its path in there."""
    folder = pathlib.Path(folder)
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
