"""The program ``gradviz``, which draws: where it is, and how it is run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from importlib import metadata
from typing import List, Optional, Sequence
from urllib.parse import urlsplit
from urllib.request import url2pathname


class ProgramError(RuntimeError):
    """The program is missing, or it refused what it was given."""


def candidates() -> List[str]:
    """Where the program may be: named by ``GRADVIZ``, inside the package, in the clone it is or was installed from, on the path."""
    here = os.path.dirname(os.path.abspath(__file__))
    name = "gradviz.exe" if os.name == "nt" else "gradviz"
    found = [os.environ.get("GRADVIZ", ""), os.path.join(here, "bin", name)]
    for package in (os.path.dirname(here), source()):
        # In a clone it is Sources/Python.
        root = os.path.dirname(os.path.dirname(package))
        found += [os.path.join(root, ".build", kind, name) for kind in ("release", "debug") if package]
    found.append(shutil.which(name) or "")
    return [path for path in found if path]


def source() -> str:
    """The folder that the package was installed from, which pip notes (PEP 610); empty where it was none."""
    try:
        noted = json.loads(metadata.distribution("gradviz").read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError, OSError):
        return ""
    address = urlsplit(noted.get("url", ""))
    return url2pathname(address.path).rstrip(os.sep) if address.scheme == "file" and "dir_info" in noted else ""


def path() -> Optional[str]:
    """The program, or None: the one that ``GRADVIZ`` names where it is set, never another in its place."""
    named = os.environ.get("GRADVIZ")
    places = [named] if named else candidates()
    return next((path for path in places if os.path.isfile(path) and os.access(path, os.X_OK)), None)


def missing() -> str:
    """Why there is not a program, and what to do."""
    named = os.environ.get("GRADVIZ")
    if named:
        return (
            f"the environment variable GRADVIZ is `{named}`, which is not an executable file: "
            "name the program `gradviz` there, or unset it"
        )
    return (
        "the program gradviz was not found: build it with `make build` and put it on your PATH, "
        "or name it in the environment variable GRADVIZ"
    )


def run(arguments: Sequence[str], text: str = "", accepts: Sequence[int] = (0,), needsOutput: bool = False) -> bytes:
    """Runs the program with a text on its standard input, and returns what it writes.

    :raises ProgramError: with its message where it fails.
    """
    program = path()
    if program is None:
        raise ProgramError(missing())
    result = subprocess.run([program, *arguments], input=text.encode("utf-8"), capture_output=True, check=False)
    if result.returncode not in accepts or needsOutput and not result.stdout:
        said = result.stderr.decode("utf-8", "replace").strip()
        # Of a file called `-`, and of a command line, the caller knows nothing.
        errors = re.compile(r"^(?:-|gradviz): (?:error|erreur\s): ", re.MULTILINE)
        if errors.search(said):
            # Why it failed, without what it noted on the way.
            said = re.sub(r"^-: (?:note|warning|avertissement)\s?: .*\n", "", said, flags=re.MULTILINE)
        said = errors.sub("", said)
        said = re.sub(r"^-:(?=\d+:)", "", said, flags=re.MULTILINE)
        raise ProgramError(said or f"{program} ended {result.returncode}")
    return result.stdout


def version() -> Optional[str]:
    """What the program says of itself, or None where it is missing."""
    try:
        return run(["--version"]).decode("utf-8").strip()
    except (ProgramError, OSError):
        return None
