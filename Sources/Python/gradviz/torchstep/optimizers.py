"""Follows an optimizer's step: parameters and what it keeps of them, before and after."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import torch
from torch.optim import optimizer as _optimizer

from .. import numbers as _numbers
from . import updates


class Optimizers:
    """Takes note of the first step that an optimizer makes in a recording."""

    def __init__(self, recording: Any):
        self._recording = recording
        self._hooks: List[Any] = []
        self._before: Dict[int, Tuple[Any, Any, Dict[str, Any]]] = {}

    def begin(self) -> None:
        register = getattr(_optimizer, "register_optimizer_step_pre_hook", None)
        if register is not None:
            self._hooks = [register(self._enter), _optimizer.register_optimizer_step_post_hook(self._leave)]

    def end(self) -> None:
        for hook in self._hooks:
            hook.remove()
        self._hooks.clear()
        self._before.clear()

    def _enter(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        recording = self._recording
        recording._aside += 1
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                state = self._state(optimizer, parameter)
                gradient = None if parameter.grad is None else recording._value(parameter.grad)
                node = recording._nodes.get(recording._key(parameter))
                self._before[id(parameter)] = (node, gradient, state)
        return None

    def _leave(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        recording = self._recording
        trace = recording.trace
        isFirst = "optimizer" not in trace.top
        try:
            name = type(optimizer).__name__
            isClipped = False
            steps: List[float] = []
            changes: List[Any] = []
            for group in optimizer.param_groups:
                options = {key: value for key, value in group.items() if key != "params"}
                for parameter in group["params"]:
                    node, gradient, before = self._before.get(id(parameter), (None, None, {}))
                    if node is None or gradient is None or "updated" in node.members:
                        continue
                    after = self._state(optimizer, parameter)
                    trace.update(node, recording._value(parameter))
                    if not isinstance(node.value, dict) and not isinstance(gradient, dict):
                        isClipped = isClipped or _differs(gradient, node)
                        changes.append((node, options, gradient, before, after))
                        steps.append(float(after.get("step", 0) or 0))
            if isFirst and changes:
                self._say(optimizer, name, changes, steps, isClipped)
        finally:
            recording._aside = max(0, recording._aside - 1)
        return None

    def _say(self, optimizer: Any, name: str, changes: List[Any], steps: List[float], isClipped: bool) -> None:
        trace = self._recording.trace
        options = changes[0][1]
        shown = {key: _numbers.attribute(_plain(value)) for key, value in options.items()}
        trace.top["optimizer"] = {"name": name, "options": {k: v for k, v in shown.items() if v is not None}}
        rate = updates.rate(options)
        if rate is not None:
            trace.top["learningRate"] = _numbers.plain(rate)
        rule = updates.rule(name, options, isClipped)
        if rule is not None:
            trace.top["updateRule"] = rule
            trace.top["updateStep"] = max(1, int(max(steps)))
        for node, own, gradient, before, after in changes:
            values, flat = _numbers.flattened(node.value)[0], _numbers.flattened(gradient)[0]
            terms = updates.terms(name, own, values, flat, isClipped, before, after) if rule is not None else []
            if terms:
                node.members["updateTerms"] = terms
            slots = [
                {"name": key, "before": [_numbers.plain(n, node.dtype) for n in before.get(key) or []],
                 "after": [_numbers.plain(n, node.dtype) for n in after[key]]}
                for key in after if isinstance(after[key], list)
            ]
            if slots:
                node.members["state"] = slots

    def _state(self, optimizer: Any, parameter: torch.Tensor) -> Dict[str, Any]:
        result: Dict[str, Any] = {}
        for key, value in optimizer.state.get(parameter, {}).items():
            if isinstance(value, torch.Tensor) and value.numel() == 1 and key == "step":
                result[key] = float(value)
            elif isinstance(value, torch.Tensor) and value.shape == parameter.shape:
                numbers = self._recording._value(value)
                if numbers is not None and not isinstance(numbers, dict):
                    result[key] = _numbers.flattened(numbers)[0]
            elif isinstance(value, (int, float)):
                result[key] = float(value)
        return result


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, torch.Tensor) and value.numel() == 1 else value


def _differs(gradient: Any, node: Any) -> bool:
    """Whether a gradient was changed between the backward pass and the step, as clipping does."""
    passes = ([node.before] if node.before is not None else []) + node.gradients
    if not passes or any(isinstance(each, dict) for each in passes):
        return False
    total = [sum(column) for column in zip(*(_numbers.flattened(each)[0] for each in passes))]
    own = _numbers.flattened(gradient)[0]
    most = max((abs(number) for number in total), default=0.0)
    return any(abs(a - b) > 1e-4 * (abs(a) + most) for a, b in zip(own, total))
