"""Programs of gradviz in notebooks: ``%load_ext gradviz``, then cells that begin with ``%%grad``."""

from __future__ import annotations

import shlex
from typing import Any

from . import program
from .step import Figure, explorer


def grad(line: str, cell: str) -> Figure:
    """Draws the program of a cell: ``%%grad backward --precision 3``; without a stage, the overview or the forward pass."""
    words = shlex.split(line)
    stage = words.pop(0) if words and not words[0].startswith("-") else None
    stages = [stage] if stage else ["overview", "backward", "forward"]
    error: Exception = program.ProgramError("nothing to draw")
    for each in stages:
        try:
            arguments = ["draw", "-", "--stage", each, "-T", "svg", "-o", "-"] + words
            figure = Figure(program.run(arguments, cell).decode("utf-8"), f"{each} figure of a program")
            figure.explorer = explorer(["draw", "-"] + words, cell)
            return figure
        except program.ProgramError as own:
            error = own
    raise error


def load_ipython_extension(ipython: Any) -> None:
    """Adds the cell magic ``%%grad``."""
    ipython.register_magic_function(grad, "cell", "grad")
