"""``python -m gradviz doctor`` says what is found; any other command goes to the program."""

from __future__ import annotations

import difflib
import importlib.util
import os
import subprocess
import sys
from importlib import metadata
from typing import List

from . import __version__, program
from .trace import trace


def doctor() -> int:
    """Says what is there, and draws a figure to see that it works."""
    print(f"gradviz for Python {__version__}, Python {sys.version.split()[0]}")
    path = program.path()
    print(f"program: {path or 'missing'}")
    if path:
        print(f"  version: {program.version() or 'unknown'}")
    else:
        print(f"  {program.missing()}")
        if not os.environ.get("GRADVIZ"):
            for place in dict.fromkeys(program.candidates()):
                print(f"  looked at {place}")
            print("  looked on the PATH")
    for name, use in [("torch", "record"), ("jax", "record_jax"), ("micrograd", "graph"), ("IPython", "%%grad")]:
        if importlib.util.find_spec(name) is None:
            print(f"{name}: missing; needed by {use}")
        else:
            print(f"{name}: {metadata.version(name)}")
    if not path:
        return 1
    with trace("doctor", level="scalar") as t:
        a = t.leaf(2.0, name="a", role="parameter")
        t.loss(t.operation("multiply", [a, a], 4.0, name="L"))
    try:
        print(f"drawing: {len(t.step.draw('backward') or '')} characters of SVG")
    except program.ProgramError as error:
        print(f"drawing: {error}")
        return 1
    return 0


def main(arguments: List[str]) -> int:
    """What the command line asks for."""
    if arguments[:1] == ["doctor"]:
        return doctor()
    if len(arguments) == 1 and difflib.get_close_matches(arguments[0], ["doctor"], cutoff=0.75):
        print(f"gradviz: unknown command `{arguments[0]}`; did you mean `doctor`?", file=sys.stderr)
        return 2
    path = program.path()
    if path is None:
        print(f"gradviz: {program.missing()}; `python -m gradviz doctor` says more", file=sys.stderr)
        return 1
    return subprocess.run([path, *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
