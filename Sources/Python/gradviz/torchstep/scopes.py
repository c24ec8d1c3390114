"""Which module a value is made in: its path, with the number of the call."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import torch

from . import frames
from .calls import tensors_in


def as_written(path: str) -> str:
    """The path of a module or a parameter without what `torch.compile` puts before it."""
    return ".".join(part for part in path.split(".") if part != "_orig_mod")


def _spoken(path: str, module: Any) -> str:
    """The path with a layer's kind before its number: in a formula `1` would read as a number, `down.0` as an entry."""
    parent, dot, last = path.rpartition(".")
    isCounted = last[:1].isdigit() and (not dot or not any(True for _ in module.children()))
    return f"{parent}{dot}{type(module).__name__.lower()}{last}" if isCounted else path


class Scopes:
    """Follows modules by hooks that change nothing: a hook that returns a value would replace a result."""

    def __init__(self, recording: Any, models: Any):
        self._recording = recording
        self._paths: Dict[int, str] = {}
        models = list(models)
        self._roots = {id(model) for model, _ in models}
        self._calls: Dict[str, int] = {}
        self._stack: List[str] = []
        self._begun: List[int] = []
        self._outputs: List[Any] = []
        for model, prefix in models:
            for path, module in model.named_modules(prefix=prefix, remove_duplicate=False):
                self._paths.setdefault(id(module), as_written(path))

    @property
    def path(self) -> Optional[str]:
        """The innermost module, such as ``h.0.attn``; ``h.0.attn#2`` in its second call."""
        return self._stack[-1] if self._stack and self._stack[-1] else None

    def end(self) -> None:
        self._stack.clear()
        self._begun.clear()

    def enter(self, module: torch.nn.Module) -> None:
        if self._recording._isAside():
            return
        path = self._paths.get(id(module))
        if path is None:
            path = type(module).__name__
        if path:
            self._calls[path] = self._calls.get(path, 0) + 1
            count = self._calls[path]
            path = path if count == 1 else f"{path}#{count}"
        self._stack.append(path)
        self._begun.append(len(self._recording.trace.nodes))

    def leave(self, module: torch.nn.Module, outputs: Any) -> None:
        if self._recording._isAside():
            return
        own = self._stack.pop() if self._stack else ""
        recording = self._recording
        # What a module only passes on is not its own.
        made = {id(node) for node in recording.trace.nodes[self._begun.pop() if self._begun else 0:]}
        recording._aside += 1
        try:
            frame, _ = frames.user_frame(frames.here())
            found = tensors_in(outputs)
            nodes = [recording._nodes.get(recording._key(tensor)) for tensor in found]
            if nodes and frame is not None and all(id(node) in made for node in nodes):
                recording.assign(frame, *nodes)
            for tensor, node in zip(found, nodes):
                if id(node) in made and self._paths.get(id(module)):
                    name = own or self._paths[id(module)]
                    name = _spoken(name, module)
                    recording.fallbacks.setdefault(id(node), (node, name))
                if node is not None and id(module) in self._roots:
                    self._outputs.append((tensor, node))
        finally:
            recording._aside -= 1

    def mark_prediction(self, loss: Any) -> None:
        """What the model returned, unless it is the loss itself, is its prediction."""
        for tensor, node in self._outputs:
            if node is not loss and tensor.is_floating_point() and "role" not in node.members:
                node.members["role"] = "prediction"
        self._outputs.clear()
