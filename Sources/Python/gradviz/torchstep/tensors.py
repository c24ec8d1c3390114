"""The values of a recorded step that tensors hold, as they are at any moment."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import torch

from .. import numbers as _numbers
from ..trace import Node, Trace
from . import frames

Tensor = torch.Tensor


class Tensors:
    """The tensors of a recording and their nodes; one that is changed in place has a new node."""

    trace: Trace
    _nodes: Dict[Tuple[int, int], Node]
    _versions: Dict[int, int]
    _storages: Dict[int, List[Tensor]]
    _kept: List[Tensor]
    _leaves: List[Tuple[Tensor, Node]]
    _unsure: List[Node]
    _hooks: List[Any]
    _names: List[Tuple[Tensor, str]]
    _parameters: Dict[int, List[str]]
    _targets: List[Tensor]
    _aside: int
    #: While an optimizer runs the model again, of which nothing is recorded.
    _isIdle: bool
    #: After the first training step.
    isOver: bool
    _caller: Any

    @staticmethod
    def _key(tensor: Tensor) -> Tuple[int, int]:
        return id(tensor), _version(tensor)

    def _node(self, tensor: Tensor, role: Optional[str] = None) -> Node:
        """The node of a tensor as it is now; one that nothing recorded has made is a leaf."""
        node = self._nodes.get(self._key(tensor))
        if node is not None:
            return node
        names = self._parameters.get(id(tensor), [])
        given = next((name for own, name in self._names if own is tensor), None)
        isTarget = any(own is tensor for own in self._targets)
        if isinstance(tensor, torch.nn.Parameter):
            role = "parameter"
        elif names:
            role = "constant" if not tensor.requires_grad else "parameter"
        elif tensor.is_leaf and tensor.requires_grad and not isTarget and role is None:
            role = "parameter"
        role = "target" if isTarget else role or "input"
        name = given or (names[0] if names else None) or frames.variable(tensor, [self._caller, frames.here(2)])
        if tensor.grad_fn is not None:
            frames.warn(
                f"what {f'`{name}`' if name else 'a value'} is made of is not recorded: "
                "it was computed before the block, or by a transform of torch.func")
        if name and any(own is tensor for own, _ in self._leaves):
            # An optimizer has changed it: a model after its step is not the model before.
            count = sum(1 for own, _ in self._leaves if own is tensor)
            name, *names = [_primed(each, count) for each in names or [name]]
            names = [name, *names]
        node = self.trace.leaf(
            self._value(tensor), name=name, role=role, dtype=type_of(tensor), shape=list(tensor.shape))
        if len(names) > 1:
            node.members["names"] = names
        self._track(tensor, node)
        if tensor.requires_grad and tensor.is_leaf:
            self._leaves.append((tensor, node))
        return node

    def _track(self, tensor: Tensor, node: Node) -> None:
        self._nodes[self._key(tensor)] = node
        self._versions[id(tensor)] = _version(tensor)
        self._kept.append(tensor)
        storage = _storage(tensor)
        if storage is not None:
            self._storages.setdefault(storage, []).append(tensor)
        if not tensor.requires_grad:
            if node.members.get("role") != "constant":
                node.members["requiresGradient"] = False
            return
        if tensor.is_leaf and not node.is_leaf:
            # Under no_grad a parameter was changed: no gradient passes back to the old value.
            node.members["requiresGradient"] = False
        recording = self

        def hook(gradient: Optional[Tensor]) -> None:
            # Of several results one that nothing uses has none.
            if gradient is None or recording._isIdle or recording.isOver or recording._isReplaced(tensor, node):
                return
            recording._aside += 1
            try:
                numbers = recording._value(gradient)
                if numbers is not None:
                    node.gradients.append(numbers)
            finally:
                recording._aside -= 1

        self._hooks.append(tensor.register_hook(hook))

    def _begin_gradient(self, tensor: Tensor) -> Tensor:
        """What was computed without a gradient gets one of its own: `(a + b).requires_grad_()`."""
        node = self._nodes.get(self._key(tensor))
        if node is not None and tensor.requires_grad and node.members.get("requiresGradient") is False:
            self._track(tensor, node)
        return tensor

    def _sharing(self, tensor: Tensor) -> List[Tensor]:
        """The tensors with the same numbers in memory, such as `p` and `p.data`."""
        return self._storages.get(_storage(tensor) or 0, [])

    def _isReplaced(self, tensor: Tensor, node: Node) -> bool:
        """Whether a leaf was changed in place and used again: what comes to it is the gradient of its new value."""
        if not tensor.is_leaf:
            return False
        now = self._nodes.get(self._key(tensor))
        return now is not None and now is not node and any(
            now is operand for user in reversed(self.trace.nodes) for operand in user.operands)

    def _follow_views(self, made: List[Node]) -> None:
        """Views share their numbers: what changes one in place changes the others."""
        for node in made:
            tensor = next((own for own in reversed(self._kept) if self._nodes.get(self._key(own)) is node), None)
            storage = None if tensor is None else _storage(tensor)
            if tensor is None or storage is None:
                continue
            for other in list(self._storages.get(storage, [])):
                if other is tensor or self._key(other) in self._nodes:
                    continue
                if self._versions.get(id(other)) == _version(other):
                    continue
                view = self.trace.operation(
                    "view of", [node], self._value(other), dtype=type_of(other), shape=list(other.shape))
                self._track(other, view)
                if tensor._is_view():
                    self._unsure += [node, view]

    def _value(self, tensor: Tensor) -> Any:
        """The numbers as they are now, or what is known of many."""
        if tensor.is_complex() or tensor.is_quantized or tensor.numel() == 0:
            return None
        try:
            whole = tensor.detach()
            whole = whole.to_dense() if whole.is_sparse else whole
            if whole.dtype in (torch.bfloat16, torch.float16):
                whole = whole.float()
            if tensor.numel() <= self.trace.limit:
                return whole.cpu().tolist()
            return _summary(whole)
        except (RuntimeError, NotImplementedError):
            # A tensor without numbers, as on the device `meta`.
            return None


def _primed(name: str, count: int) -> str:
    """The name after ``count`` steps: ``D′.0.weight``."""
    model, dot, rest = name.partition(".")
    return f"{model}{'′' * count}{dot}{rest}"


def _version(tensor: Tensor) -> int:
    try:
        return tensor._version
    except RuntimeError:
        # A tensor of inference mode has none.
        return 0


def _storage(tensor: Tensor) -> Optional[int]:
    try:
        return tensor.untyped_storage()._cdata
    except (RuntimeError, NotImplementedError):
        return None


def type_of(tensor: Tensor) -> str:
    return str(tensor.dtype).replace("torch.", "")


def _summary(tensor: Tensor) -> Dict[str, Any]:
    """What is known of many numbers, computed where they are."""
    whole = tensor.double() if tensor.device.type != "mps" else tensor.float()
    finite = whole[torch.isfinite(whole)]
    nans = int(torch.isnan(whole).sum())
    if finite.numel() == 0:
        return {"count": whole.numel(), "min": "NaN", "max": "NaN", "mean": "NaN", "std": "NaN", "nan": nans}
    low, high = float(finite.min()), float(finite.max())
    bins = _numbers.BINS
    places = ((finite - low) / ((high - low) or 1) * bins).long().clamp(0, bins - 1)
    return {
        "count": whole.numel(), "min": _numbers.plain(low), "max": _numbers.plain(high),
        "mean": _numbers.plain(float(finite.mean())), "std": _numbers.plain(float(finite.std(unbiased=False))),
        "nan": nans, "histogram": torch.bincount(places, minlength=bins).tolist(),
    }
