"""Programs of gradviz in notebooks: ``%load_ext gradviz``, then cells that begin with ``%%grad``."""

from __future__ import annotations

import functools
import shlex
from typing import Any

from . import program
from .step import Figure, explorer


def grad(line: str, cell: str) -> Figure:
    """Draws the program of a cell: ``%%grad backward --precision 3``; without a stage, the overview or the forward pass.

    ``-o backward.pdf`` saves the figure as well, in the format of the name's ending.
    """
    words, file = taken(shlex.split(line), "-o", "--output")
    if {"-h", "--help", "--version"} & set(words):
        # The program would print text, and a cell shows a figure.
        raise program.ProgramError(
            "`%%grad` takes a stage and the options of `gradviz draw`, as in `%%grad backward --precision 3`, "
            "and `-o figure.pdf` to save the figure; `gradviz help draw` lists stages and options"
        )
    if taken(words, "-T", "--format")[1] is not None:
        raise program.ProgramError("`%%grad` shows SVG; `-o figure.png` saves another format")
    stage = words.pop(0) if words and not words[0].startswith("-") else None
    stages = [stage] if stage else ["overview", "backward", "forward"]
    error: Exception = program.ProgramError("nothing to draw")
    for each in stages:
        try:
            arguments = ["draw", "-", "--stage", each, "-T", "svg", "-o", "-"] + words
            figure = Figure(program.run(arguments, cell).decode("utf-8"), f"{each} figure of a program")
            figure.explorer = explorer(["draw", "-"] + words, cell)
            if file is not None:
                program.run(["draw", "-", "--stage", each, "-o", file] + words, cell)
            return figure
        except program.ProgramError as own:
            error = own
    raise error


@functools.wraps(grad)
def magic(line: str, cell: str) -> Figure:
    try:
        return grad(line, cell)
    except program.ProgramError as error:
        try:
            from IPython.core.error import UsageError
        except ImportError:
            raise error from None
        # IPython shows its message alone, not thirty lines of what called what.
        raise UsageError(str(error)) from None


def taken(words: list[str], short: str, long: str) -> tuple[list[str], str | None]:
    """The words without an option, and its value: ``-o f.svg``, ``-of.svg``, ``--output f.svg`` or ``--output=f.svg``."""
    for place, word in enumerate(words):
        if word in (short, long) and place + 1 < len(words):
            return words[:place] + words[place + 2:], words[place + 1]
        for start in (short, long + "="):
            if word.startswith(start) and len(word) > len(start) and not word.startswith("--" + start):
                return words[:place] + words[place + 1:], word[len(start):]
    return words, None


def load_ipython_extension(ipython: Any) -> None:
    """Adds the cell magic ``%%grad``."""
    ipython.register_magic_function(magic, "cell", "grad")
