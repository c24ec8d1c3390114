"""Programs of gradviz in notebooks: ``%load_ext gradviz``, then cells that begin with ``%%grad``."""

from __future__ import annotations

import shlex
from typing import Any

from . import program
from .step import image


class Figure:
    """A figure that a notebook shows."""

    def __init__(self, svg: str, words: str):
        self.svg = svg
        self.words = words

    def __repr__(self) -> str:
        return f"<{self.words}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return {"text/html": image(self.svg, self.words), "text/plain": repr(self)}


def grad(line: str, cell: str) -> Figure:
    """Draws the program of a cell: ``%%grad backward --precision 3``; without a stage, the overview or the forward pass."""
    words = shlex.split(line)
    stage = words.pop(0) if words and not words[0].startswith("-") else None
    stages = [stage] if stage else ["overview", "backward", "forward"]
    error: Exception = program.ProgramError("nothing to draw")
    for each in stages:
        try:
            arguments = ["draw", "-", "--stage", each, "-T", "svg", "-o", "-"] + words
            return Figure(program.run(arguments, cell).decode("utf-8"), f"{each} figure of a program")
        except program.ProgramError as own:
            error = own
    raise error


def load_ipython_extension(ipython: Any) -> None:
    """Adds the cell magic ``%%grad``."""
    ipython.register_magic_function(grad, "cell", "grad")
