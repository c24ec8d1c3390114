"""Where in the user's program a value was made, and what it is assigned to."""

from __future__ import annotations

import ast
import functools
import itertools
import linecache
import os
import sys
import warnings
from types import CodeType, FrameType
from typing import Any, Dict, List, Optional, Tuple

import torch

_TORCH = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep
_OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
#: Code of PyTorch whose calls are not part of a step, such as the optimizer's.
_ASIDE = tuple(_TORCH + part.replace("/", os.sep) for part in ("optim/", "nn/utils/clip_grad", "nn/init", "utils/data/"))
_SCALING = os.path.join(_TORCH, "amp", "grad_scaler.py")
_COUNTING = os.path.join(_TORCH, "nn", "modules", "batchnorm.py")
_PACKING = os.path.join(_TORCH, "nn", "utils", "rnn.py")
#: Methods that do not return a tensor.
_NUMBERS = {"item", "tolist", "numpy", "size", "dim", "numel"}


def user_frame(frame: Optional[FrameType]) -> Tuple[Optional[FrameType], bool]:
    """The first frame outside PyTorch, and whether the way to it leads through code that is not part of a step."""
    isAside = False
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith((_TORCH, _OWN)) and not file.startswith("<frozen"):
            return frame, isAside
        isAside = isAside or file.startswith(_ASIDE)
        frame = frame.f_back
    return None, isAside


def is_counting(name: str, frame: Optional[FrameType]) -> bool:
    """Whether batch norm counts its calls, of which nothing is made."""
    return name == "add" and frame is not None and frame.f_code.co_filename == _COUNTING


def is_scaling(name: str, frame: Optional[FrameType]) -> bool:
    """Whether a scaler of gradients looks after its factor; what it makes of the loss is part of the step."""
    return name != "mul" and frame is not None and frame.f_code.co_filename == _SCALING


def is_packing(frame: Optional[FrameType]) -> bool:
    """Whether a call is part of packing or padding sequences: what it makes last is not what the statement assigns."""
    while frame is not None and frame.f_code.co_filename.startswith((_TORCH, _OWN)):
        if frame.f_code.co_filename == _PACKING:
            return True
        frame = frame.f_back
    return False


@functools.lru_cache(maxsize=64)
def _statements(file: str, text: str) -> List[Tuple[int, int, ast.stmt]]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return []
    kinds = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Expr)
    return [(node.lineno, node.end_lineno or node.lineno, node) for node in ast.walk(tree) if isinstance(node, kinds)]


def targets(frame: FrameType) -> List[str]:
    """The variables that the running statement assigns a value of its own to; none where it does something else."""
    return _targets(frame.f_code, frame.f_lineno, frame.f_lasti)


@functools.lru_cache(maxsize=4096)
def _targets(code: CodeType, line: int, place: int) -> List[str]:
    file = code.co_filename
    text = "".join(linecache.getlines(file))
    if not text:
        return []
    around = [own for own in _statements(file, text) if own[0] <= line <= own[1]]
    column = _column(code, line, place)
    if column is not None:
        # Several statements may stand on a line.
        around = [own for own in around if own[0] < line or own[2].col_offset <= column] or around
        around = [own for own in around if own[1] > line or column < (own[2].end_col_offset or column + 1)] or around
    if not around:
        return []
    return _names(min(around, key=lambda own: own[1] - own[0])[2])


def _column(code: CodeType, line: int, place: int) -> Optional[int]:
    """Where in its line the running call stands; only newer versions of Python know."""
    positions = getattr(code, "co_positions", None)
    if positions is None or place < 0:
        return None
    own, _, column, _ = next(itertools.islice(positions(), place // 2, None), (None, None, None, None))
    return column if own == line else None


def _names(statement: ast.stmt) -> List[str]:
    if isinstance(statement, ast.AugAssign):
        return [_name(statement.target) or ""]
    if isinstance(statement, ast.AnnAssign):
        value, target = statement.value, statement.target
    elif isinstance(statement, ast.Assign):
        value, target = statement.value, statement.targets[0]
    else:
        return []
    if not isinstance(value, (ast.Call, ast.BinOp, ast.UnaryOp, ast.Subscript, ast.Attribute, ast.Compare)):
        return []
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _NUMBERS:
        return []
    if isinstance(target, (ast.Tuple, ast.List)):
        return _parts(target)
    name = _name(target)
    return [name] if name else []


def _parts(target: ast.AST) -> List[str]:
    """The names of what is unpacked: three of `out, (h, c)`."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for item in target.elts for name in _parts(item)]
    return [_name(target) or ""]


def _name(target: ast.AST) -> Optional[str]:
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    return None


def variable(value: Any, frames: List[Optional[FrameType]]) -> Optional[str]:
    """The name under which a frame, or what called it, knows a value."""
    for frame in frames:
        depth = 0
        while frame is not None and depth < 20:
            if not frame.f_code.co_filename.startswith((_TORCH, _OWN)):
                name = _key(value, frame.f_locals) or _key(value, frame.f_globals)
                if name:
                    return name
            frame, depth = frame.f_back, depth + 1
    return None


def _key(value: Any, names: Dict[str, Any]) -> Optional[str]:
    return next((key for key, other in list(names.items()) if other is value and not key.startswith("_")), None)


def warn(message: str) -> None:
    """Warns at the line of the user's program that runs."""
    frame: Optional[FrameType] = sys._getframe()
    level = 1
    while frame is not None and frame.f_code.co_filename.startswith((_TORCH, _OWN)):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, stacklevel=level)


def here(depth: int = 1) -> FrameType:
    """The frame of the caller's caller."""
    return sys._getframe(depth + 1)
