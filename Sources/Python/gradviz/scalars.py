"""Scalar autograd: micrograd, microgpt and their kin, from the last value back to the leaves."""

from __future__ import annotations

import math
import sys
from types import FrameType
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple, Union

from .step import Step
from .trace import Node, Trace

#: Where a value may keep what it was made of.
_CHILDREN = ("_children", "_prev", "children", "prev", "parents", "_parents")
_SYMBOLS = {
    "+": "add", "*": "multiply", "-": "subtract", "/": "divide", "ReLU": "relu", "relu": "relu", "tanh": "tanh",
    "exp": "exp", "log": "log", "sigmoid": "sigmoid", "neg": "negate", "max": "maximum", "sqrt": "sqrt",
}


def graph(
    value: Any, *, parameters: Union[Iterable[Any], Mapping[str, Any]] = (), names: Optional[Dict[str, Any]] = None,
    title: Optional[str] = None, learning_rate: Optional[float] = None,
) -> Step:
    """The step behind a value with ``data``, ``grad`` and children.

    An operation without a name is told from its local gradients. Where ``backward`` has run, the gradients are there.

    :param parameters: the values that are learned, such as ``model.parameters()``, or by their names: ``{"w": w, "b": b}``.
    :param names: values, or lists and lists of lists of them, by the names that figures give them: ``{"w": neuron.w}``.
        Others have the names of the caller's variables.
    :param learning_rate: for the figure of the update, w − rate · gradient.
    """
    if not hasattr(value, "data") or not any(hasattr(value, key) for key in _CHILDREN):
        hint = "; `gradviz.record` is for PyTorch" if type(value).__module__.split(".")[0] == "torch" else ""
        raise TypeError(
            f"`graph` takes a value with `data`, `grad` and children (one of {', '.join(_CHILDREN)}), "
            f"not {type(value).__name__}{hint}")
    order = _ordered(value)
    variables = _variables(order, sys._getframe(1))
    given = _names(names or {})
    if isinstance(parameters, Mapping):
        given.update(_names(parameters))
        parameters = [each for item in parameters.values() for each in _flat(item)]
    parameters = list(parameters)
    for each in parameters:
        if not hasattr(each, "data"):
            raise TypeError(f"parameters are values with `data`, not {type(each).__name__}; a dict gives them names")
    learned = {id(each) for each in parameters}
    producer = type(value).__module__.split(".")[0]
    trace = Trace("scalars" if producer == "__main__" else producer, title=title, level="scalar")
    hasGradients = any(getattr(each, "grad", 0) for each in order)
    nodes: Dict[int, Node] = {}
    numbers = {id(each): place for place, each in enumerate(parameters)}
    for each in order:
        name, array = given.get(id(each), (getattr(each, "label", "") or variables.get(id(each)), None))
        own = _children(each)
        if own:
            operation, members = _operation(each, own)
            operands = [nodes[id(child)] for child in _operands(each, own, operation)]
            node = trace.operation(operation, operands, each.data, name=name, **members)
        else:
            isLearned = id(each) in learned
            if name is None and isLearned:
                name = f"w{numbers[id(each)] + 1}"
            node = trace.leaf(each.data, name=name, role="parameter" if isLearned else "input" if name else "constant")
        if array:
            node.members["array"] = array
        if hasGradients:
            trace.gradient(node, each.grad)
        if learning_rate is not None and id(each) in learned:
            trace.update(node, each.data - learning_rate * each.grad)
        nodes[id(each)] = node
    trace.loss(nodes[id(value)])
    if not nodes[id(value)].is_named:
        trace.name(nodes[id(value)], "L")
    if learning_rate is not None:
        trace.top["learningRate"] = learning_rate
    return trace.step


def _variables(order: List[Any], caller: FrameType) -> Dict[int, str]:
    """The caller's variables that hold one of the values."""
    wanted = {id(each) for each in order}
    found: Dict[int, str] = {}
    for variables in (caller.f_locals, caller.f_globals):
        for name, value in list(variables.items()):
            if id(value) in wanted and not name.startswith("_"):
                found.setdefault(id(value), name)
    return found


def _flat(value: Any) -> List[Any]:
    return [each for item in value for each in _flat(item)] if isinstance(value, (list, tuple)) else [value]


def _children(value: Any) -> List[Any]:
    for key in _CHILDREN:
        found = getattr(value, key, None)
        if found is not None:
            # A set has no order of its own: by their numbers, the same step gives the same figure.
            return list(found) if not isinstance(found, (set, frozenset)) else sorted(
                found, key=lambda child: (child.data, getattr(child, "grad", 0)))
    return []


def _ordered(root: Any) -> List[Any]:
    """Children before what is made of them, without recursion: a step has thousands of values in a row."""
    order: List[Any] = []
    done = set()
    stack: List[Tuple[Any, bool]] = [(root, False)]
    while stack:
        value, isExpanded = stack.pop()
        if isExpanded:
            order.append(value)
        elif id(value) not in done:
            done.add(id(value))
            stack.append((value, True))
            stack += [(child, False) for child in reversed(_children(value))]
    return order


def _operation(value: Any, children: List[Any]) -> Tuple[str, Dict[str, Any]]:
    symbol = str(getattr(value, "_op", "") or "")
    if symbol.startswith("**"):
        return "power", {"exponent": float(symbol[2:])}
    if symbol in _SYMBOLS:
        return _SYMBOLS[symbol], {}
    if symbol:
        return symbol, {}
    slopes = list(getattr(value, "_local_grads", ()))
    if len(slopes) != len(children):
        return "unknown", {}
    return _told_from(value.data, [child.data for child in children], slopes)


def _told_from(result: float, operands: List[float], slopes: List[float]) -> Tuple[str, Dict[str, Any]]:
    """The operation that has these slopes."""
    if len(operands) == 2:
        a, b = operands
        if slopes == [1, 1] and _near(a + b, result):
            return "add", {}
        if slopes == [1, -1] and _near(a - b, result):
            return "subtract", {}
        if _near(slopes[0], b) and _near(slopes[1], a):
            return "multiply", {}
    if len(operands) == 1:
        x, slope = operands[0], slopes[0]
        if _near(slope, result) and result > 0 and _near(math.exp(min(x, 700)), result):
            return "exp", {}
        if x > 0 and _near(slope * x, 1) and _near(math.log(x), result):
            return "log", {}
        if slope in (0, 1) and _near(max(x, 0), result):
            return "relu", {}
        if _near(math.tanh(x), result) and _near(1 - result * result, slope):
            return "tanh", {}
        if x != 0 and result != 0:
            exponent = slope * x / result
            exponent = round(exponent * 4) / 4 if abs(exponent * 4 - round(exponent * 4)) < 1e-6 else exponent
            try:
                if _near(x**exponent, result):
                    return "power", {"exponent": exponent}
            except (OverflowError, TypeError):
                pass
        if _near(-x, result) and slope == -1:
            return "negate", {}
    return "unknown", {}


def _operands(value: Any, children: List[Any], operation: str) -> List[Any]:
    """A set holds x once for x·x and x + x: say it twice."""
    if len(children) == 1 and operation in ("add", "multiply"):
        return children * 2
    if len(children) == 2 and operation in ("subtract", "divide"):
        a, b = children
        expected = a.data - b.data if operation == "subtract" else (a.data / b.data if b.data else math.inf)
        return children if _near(expected, value.data) else [b, a]
    return children


def _near(a: Any, b: Any) -> bool:
    return isinstance(a, (int, float)) and (a == b or abs(a - b) <= 1e-9 * max(abs(a), abs(b)))


def _names(names: Dict[str, Any]) -> Dict[int, Tuple[str, Optional[str]]]:
    result: Dict[int, Tuple[str, Optional[str]]] = {}

    def add(value: Any, name: str, array: Optional[str]) -> None:
        if isinstance(value, (list, tuple)):
            for place, item in enumerate(value):
                separator = "_" if name[-1:].isdigit() else ""
                add(item, f"{name}{separator}{place + 1}", array or name)
        else:
            result[id(value)] = (name, array)

    for name, value in names.items():
        add(value, name, None)
    return result
