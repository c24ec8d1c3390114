"""Follows an optimizer's step: parameters and what it keeps of them, before and after."""

from __future__ import annotations

import itertools
from typing import Any, Dict, List, NamedTuple, Tuple

import torch

from .. import numbers as _numbers
from . import updates


class _Change(NamedTuple):
    """What a step did with a parameter."""

    optimizer: str
    options: Dict[str, Any]
    node: Any
    gradient: Any
    before: Dict[str, Any]
    after: Dict[str, Any]


class Optimizers:
    """Takes note of the first step that each parameter takes in a recording, of one optimizer or several."""

    def __init__(self, recording: Any):
        self._recording = recording
        self._before: Dict[int, Tuple[Any, Any, Dict[str, Any]]] = {}
        self._changes: List[_Change] = []
        self._stepped: List[Any] = []

    def end(self) -> None:
        self._before.clear()
        self._changes.clear()
        self._stepped.clear()

    def enter(self, optimizer: Any, args: Any, kwargs: Any) -> Any:
        if any(own is optimizer for own in self._stepped):
            self._recording.end_step()
        if self._recording.isOver:
            return None
        self._recording._aside += 1
        self._note(optimizer)
        own = [self._closure(optimizer, one) if callable(one) else one for one in args]
        named = {key: self._closure(optimizer, one) if key == "closure" and one else one for key, one in kwargs.items()}
        return tuple(own), named

    def _closure(self, optimizer: Any, closure: Any) -> Any:
        """A step may run the model itself, several times: its first run is the one of the figure."""
        recording = self._recording
        calls = itertools.count()

        def run() -> Any:
            if next(calls) > 0:
                recording._isIdle = True
                try:
                    return closure()
                finally:
                    recording._isIdle = False
            aside, recording._aside = recording._aside, 0
            try:
                return closure()
            finally:
                recording._aside = aside
                self._note(optimizer)

        return run

    def _note(self, optimizer: Any) -> None:
        """Takes note of parameters, gradients and state before they change."""
        recording = self._recording
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                state = self._state(optimizer, parameter)
                gradient = None if parameter.grad is None else recording._value(parameter.grad)
                node = recording._nodes.get(recording._key(parameter))
                self._before[id(parameter)] = (node, gradient, state)

    def leave(self, optimizer: Any) -> None:
        recording = self._recording
        trace = recording.trace
        if recording.isOver:
            return None
        try:
            name = type(optimizer).__name__
            for group in optimizer.param_groups:
                options = {key: value for key, value in group.items() if key != "params"}
                for parameter in group["params"]:
                    node, gradient, before = self._before.get(id(parameter), (None, None, {}))
                    if node is None or gradient is None or "updated" in node.members:
                        continue
                    after = self._state(optimizer, parameter)
                    trace.update(node, recording._value(parameter))
                    self._changes.append(_Change(name, options, node, gradient, before, after))
            if self._changes:
                self._say()
            self._stepped.append(optimizer)
            recording.mark_step()
        finally:
            recording._aside = max(0, recording._aside - 1)
        return None

    def _say(self) -> None:
        trace, changes = self._recording.trace, self._changes
        scale = self._recording.scale
        changed = [] if scale == 1 else [f"g ← g/{scale:.10g}"]
        if any(_differs(change.gradient, change.node, scale) for change in changes):
            changed.append("g ← clipped g")
        first = changes[0]
        shown = {key: _numbers.attribute(_plain(value)) for key, value in first.options.items()}
        trace.top["optimizer"] = {"name": first.optimizer, "options": {k: v for k, v in shown.items() if v is not None}}
        rate = updates.rate(first.options)
        if rate is not None:
            trace.top["learningRate"] = _numbers.plain(rate)
        names = [str(change.node.members.get("name", "w")) for change in changes]
        rule = updates.joint_rule([(c.optimizer, c.options, name) for c, name in zip(changes, names)], changed)
        if rule is not None:
            trace.top["updateRule"] = rule
            # The `t` of all lines: two optimizers may count otherwise.
            steps = {step for step in map(_step, changes) if step > 0}
            trace.top.pop("updateStep", None)
            if len(steps) == 1:
                trace.top["updateStep"] = steps.pop()
        # Of many numbers only what they have in common is known.
        whole = [c for c in changes if not isinstance(c.node.value, dict) and not isinstance(c.gradient, dict)]
        gradients = [_numbers.flattened(change.gradient)[0] for change in whole]
        terms = [
            updates.terms(
                c.optimizer, c.options, _numbers.flattened(c.node.value)[0], gradient, changed, c.before, c.after)
            for c, gradient in zip(whole, gradients)
        ]
        for change, own in zip(whole, updates.alike(terms, gradients)):
            node, before, after = change.node, change.before, change.after
            if own and rule is not None:
                node.members["updateTerms"] = own
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


def step_by_hand(recording: Any) -> None:
    """Gradient descent written out after the last pass, `p.data -= lr * p.grad`: a step, not values of the model."""
    trace, begin = recording.trace, recording.lastPass
    late = {id(node) for node in trace.nodes[begin:]}
    changes: List[Any] = []
    made: List[Any] = []
    for tensor, node in recording._leaves:
        if tensor.grad is not None:
            # What cleared it for the next step.
            zeros = [recording._nodes.get(recording._key(each)) for each in recording._sharing(tensor.grad)]
            made += [other for other in zeros if other is not None and not other.is_leaf and id(other) in late]
        after, gradient = recording._value(tensor), _total(node)
        if gradient is None or after is None or isinstance(after, dict) or isinstance(node.value, dict) or after == node.value:
            continue
        own = [recording._nodes.get(recording._key(each)) for each in recording._sharing(tensor)]
        changed = [other for other in own if other is not None and other is not node]
        if "updated" in node.members or any(id(other) not in late for other in changed):
            return
        made += changed
        changes.append((node, _numbers.flattened(node.value)[0], gradient, after))
    rate = _rate(changes)
    if rate is None:
        return
    for node, _, _, after in changes:
        trace.update(node, after)
    trace.top["learningRate"] = rate
    # Neither they nor what only they are made of.
    gone = {id(node) for node in made}
    for node in reversed(trace.nodes[begin:]):
        users = [user for user in trace.nodes if any(operand is node for operand in user.operands)]
        if users and all(id(user) in gone for user in users):
            gone.add(id(node))
    trace.nodes[:] = [node for node in trace.nodes if id(node) not in gone]


def _rate(changes: List[Any]) -> Any:
    """The one rate of plain gradient descent that explains all changes; None where there is none."""
    rates = [
        ((w - v) / g, abs(w) / abs(g)) for _, before, gradient, after in changes
        for w, g, v in zip(before, gradient, _numbers.flattened(after)[0]) if g]
    if not rates:
        return None
    rate = float(f"{min(rates, key=lambda each: each[1])[0]:.4g}")
    isPlain = rate > 0 and all(
        abs(w - rate * g - v) <= 1e-6 * (abs(w) + abs(rate * g)) for _, before, gradient, after in changes
        for w, g, v in zip(before, gradient, _numbers.flattened(after)[0]))
    return rate if isPlain else None


def _total(node: Any) -> Any:
    """The gradient that all passes have left; None where it is absent or summarized."""
    passes = ([node.before] if node.before is not None else []) + node.gradients
    if not passes or any(isinstance(each, dict) for each in passes):
        return None
    return [sum(column) for column in zip(*(_numbers.flattened(each)[0] for each in passes))]


def _step(change: _Change) -> int:
    """The number of the step; 0 where the optimizer does not count, and has made one before."""
    isFirst = change.options.get("momentum") and "momentum_buffer" not in change.before
    return int(float(change.after.get("step", 0) or 0)) or (1 if isFirst else 0)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, torch.Tensor) and value.numel() == 1 else value


def _differs(gradient: Any, node: Any, scale: float) -> bool:
    """Whether a gradient was changed between the backward pass and the step, as clipping does; a scaler's part is known."""
    total = _total(node)
    if total is None:
        return False
    own = [number * scale for number in _numbers.flattened(gradient)[0]]
    most = max((abs(number) for number in total), default=0.0)
    return any(abs(a - b) > 1e-4 * (abs(a) + most) for a, b in zip(own, total))
