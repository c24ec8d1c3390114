"""A recorded step: saved as JSON, drawn by the program, shown in notebooks."""

from __future__ import annotations

import base64
import json
import os
import re
from typing import Any, Dict, List, Optional, Union

from . import program

Path = Union[str, "os.PathLike[str]"]

#: The stages with a figure of their own.
STAGES = ("forward", "loss", "backward", "update", "overview")


class Step:
    """One training step as data, with its figures.

    A notebook shows the backward figure; ``draw`` makes any of them, and ``save`` keeps the step.
    """

    def __init__(self, data: Dict[str, Any]):
        self.data = data

    @classmethod
    def load(cls, path: Path) -> "Step":
        """Reads a step that ``save`` wrote."""
        with open(path, encoding="utf-8") as file:
            return cls(json.load(file))

    def json(self) -> str:
        """The step as text: a node a line, the same bytes for the same step."""
        nodes = self.data.get("nodes", [])
        rest = {key: value for key, value in self.data.items() if key != "nodes"}
        lines = [f"  {json.dumps(key)}: {_dump(value)}," for key, value in sorted(rest.items())]
        body = ",\n".join("    " + _dump(node) for node in nodes)
        return "{\n" + "\n".join(lines) + '\n  "nodes": [\n' + body + "\n  ]\n}\n"

    def save(self, path: Path) -> None:
        """Writes the step to a ``.json`` file, which ``gradviz draw`` draws."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.json())

    def draw(self, stage: str = "backward", file: Optional[Path] = None, **options: Any) -> Optional[Figure]:
        """Draws a figure into a file, whose ending says the format, or returns it: the text of an SVG that a notebook shows.

        A file that ends in ``.html`` is the interactive page, of all stages.

        :param stage: one of ``STAGES``, or another one of ``gradviz draw``.
        :param options: those of ``gradviz draw``: ``collapse="layers"``, ``theme="dark"``, ``width=1140``.
        :raises TypeError: for several stages at once, and for what the other arguments say.
        :raises gradviz.ProgramError: for what cannot be drawn, with the reason.
        """
        if not isinstance(stage, str) or stage == "all" or "," in stage:
            raise TypeError(
                f"`draw` takes one stage, such as \"backward\", not {stage!r}; several are drawn one by one: "
                f"`for stage in {list(STAGES)}: step.draw(stage, f\"{{stage}}.svg\")`")
        if os.path.splitext(stage)[1]:
            raise TypeError(f"the file is the second argument: `step.draw(\"backward\", {stage!r})`")
        for key in sorted({"format", "T", "output", "o", "stage"} & set(options)):
            raise TypeError(
                f"`draw` has no option `{key}`: `step.draw(\"forward\", \"forward.png\")` says stage, file and format")
        arguments = ["draw", "-", "--stage", stage] + flags(options)
        if file is None:
            svg = self._run(arguments + ["-T", "svg", "-o", "-"]).decode("utf-8")
            return Figure(svg, f"{stage} figure of {repr(self)[1:-1]}")
        path = os.fspath(file)
        if path.lower().endswith((".html", ".htm")):
            arguments = ["draw", "-", "-T", "html"] + flags(options)
        self._run(arguments + ["-o", path])
        return None

    def check(self) -> str:
        """Recomputes the step and says what differs."""
        report = self._run(["check", "-"], accepts=(0, 1), needsOutput=True).decode("utf-8")
        # Of a file called `-`, and of how many files there are, the caller knows nothing.
        return "\n".join(line[2:] for line in report.splitlines() if line.startswith("  "))

    def _run(self, arguments: List[str], **options: Any) -> bytes:
        """What the program makes of the step."""
        if not self.data.get("nodes"):
            if "error" in self.data:
                raise program.ProgramError(f"nothing was recorded before the error: {self.data['error']}")
            raise program.ProgramError("nothing was recorded: the loss is to be computed inside the `with` block")
        try:
            return program.run(arguments, self.json(), **options)
        except program.ProgramError as error:
            # The lines of a text that was not seen say nothing.
            raise program.ProgramError(re.sub(r"^\d+:\d+: (?:error|erreur\s): ", "", str(error))) from None

    def __repr__(self) -> str:
        nodes = self.data.get("nodes", [])
        loss = next((node for node in nodes if node.get("id") == self.data.get("loss")), None)
        text = f"a step of {len(nodes)} value{'' if len(nodes) == 1 else 's'} by {self.data.get('producer', 'hand')}"
        if loss is not None and loss.get("value"):
            text += f", {loss.get('name', 'L')} = {loss['value'][0]:.6g}" if _is_number(loss["value"][0]) else ""
        if "error" in self.data:
            text += f", ended by {self.data['error']}"
        return f"<{text}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Dict[str, str]:
        try:
            picture = self.draw("backward" if "loss" in self.data else "forward")
        except program.ProgramError as error:
            return {"text/plain": f"{self!r}\n{error}"}
        if len(self.data.get("nodes", [])) <= MOST_VALUES:
            picture.explorer = explorer(["draw", "-"], self.json())
        return {"text/html": picture.html(), "text/plain": repr(self)}


class Figure(str):
    """The text of an SVG, which a notebook shows as a picture; below it the explorer, where scripts may run."""

    def __new__(cls, svg: str, words: str) -> "Figure":
        figure = super().__new__(cls, svg)
        figure.words = words
        figure.explorer = None
        return figure

    #: What it is of, in a few words.
    words: str
    #: The interactive page of the same computation, if it has one.
    explorer: Optional[str]

    @property
    def svg(self) -> str:
        """The text alone."""
        return str(self)

    def html(self) -> str:
        """The picture as an element of a page, and the explorer in a frame of its own that is opened by a click."""
        if self.explorer is None:
            return image(self, self.words)
        page = self.explorer.replace("&", "&amp;").replace('"', "&quot;")
        return (
            f"{image(self, self.words)}<details><summary>Explorer</summary><iframe sandbox=\"allow-scripts\" "
            f'title="explorer" loading="lazy" style="width:100%;height:46em;border:0;resize:vertical" srcdoc="{page}">'
            "</iframe></details>")

    def __repr__(self) -> str:
        return f"<{self.words}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Dict[str, str]:
        return {"text/html": self.html(), "text/plain": repr(self)}


#: An explorer of more values is drawn only when it is asked for, by a file that ends in ``.html``.
MOST_VALUES = 150
#: A notebook keeps what it shows: a larger page is not put into it.
MOST_BYTES = 400_000


def explorer(arguments: List[str], text: str) -> Optional[str]:
    """The interactive page of a computation; None where there is none, or only a large one."""
    try:
        page = program.run(arguments + ["-T", "html", "-o", "-"], text)
    except program.ProgramError:
        return None
    return page.decode("utf-8") if len(page) <= MOST_BYTES else None


def image(svg: str, words: str) -> str:
    """A figure as an element of a page that cannot collide with another one: its ids stay in the picture."""
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    alt = words.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return f'<img alt="{alt}" style="max-width:100%" src="data:image/svg+xml;base64,{data}">'


def flags(options: Dict[str, Any]) -> List[str]:
    """The options of a call as those of the command line: ``max_boxes=9`` is ``--max-boxes 9``."""
    result: List[str] = []
    for key, value in options.items():
        name = "--" + key.replace("_", "-")
        if value is True:
            result.append(name)
        elif isinstance(value, (list, tuple)):
            for item in value:
                result += [name, str(item)]
        elif value is not None and value is not False:
            result += [name, str(value)]
    return result


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
