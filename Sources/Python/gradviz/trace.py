"""The protocol behind every recorder: say what was computed, value by value, and get a step that can be drawn.

Other frameworks are recorded in the same way; ``gradviz.record``, ``record_jax`` and ``graph`` are built on it::

    with gradviz.trace("tinygrad 0.10") as t:
        x = t.leaf([[1.0, 2.0]], name="x", role="input")
        w = t.leaf([[0.5], [0.25]], name="w", role="parameter")
        y = t.operation("matrixMultiply", [x, w], [[1.0]], name="y", role="prediction")
        loss = t.operation("sum", [y], 1.0, name="L")
        t.loss(loss)
        t.gradient(w, [[1.0], [2.0]])
    t.step.draw("backward", "backward.svg")
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple

from . import numbers as _numbers
from .step import Step

Values = Any
_MOST_AXES = 8
_LONGEST = 110


class Node:
    """One value of a trace; what is known of it is in ``members``, as the JSON of a graph has it."""

    __slots__ = ("operands", "value", "gradients", "dtype", "shape", "members", "before", "is_named")

    def __init__(self, operands: Sequence["Node"], value: Values, dtype: Optional[str], shape: Optional[Sequence[int]]):
        self.operands = list(operands)
        self.value = value
        self.gradients: List[Values] = []
        self.before: Values = None
        self.dtype = dtype
        self.shape = None if shape is None else list(shape)
        self.members: Dict[str, Any] = {}
        self.is_named = False

    @property
    def is_leaf(self) -> bool:
        return not self.operands and "operation" not in self.members


class Trace:
    """A step while it is being recorded: leaves and operations in the order in which they were computed."""

    def __init__(self, producer: str, *, title: Optional[str] = None, level: str = "tensor", limit: int = 4096):
        """
        :param producer: who records, such as ``"tinygrad 0.10"``.
        :param title: what stands above the figures.
        :param level: ``"tensor"``, or ``"scalar"`` where every value is one number.
        :param limit: of more entries than these a value is summarized.
        """
        self.producer = producer
        self.title = title
        self.level = level
        self.limit = limit
        self.nodes: List[Node] = []
        self.top: Dict[str, Any] = {}
        self.presentation: Dict[str, Any] = {}
        #: Whether backward passes begin with different losses, so that all of a value's gradients add up.
        self.addsPasses = False
        self._loss: Optional[Node] = None

    def __enter__(self) -> "Trace":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if error is not None:
            self.top["error"] = shortened(error)

    # What was computed.

    def leaf(
        self, value: Values, *, name: Optional[str] = None, role: str = "input", dtype: Optional[str] = None,
        shape: Optional[Sequence[int]] = None, **members: Any,
    ) -> Node:
        """Adds a value that nothing computes: an input, a target, a parameter or a constant."""
        node = self._add(Node([], value, dtype, shape), name, role)
        node.members.update(members)
        return node

    def operation(
        self, operation: str, operands: Sequence[Node], value: Values, *, name: Optional[str] = None,
        role: Optional[str] = None, attributes: Optional[Dict[str, Any]] = None, scope: Optional[str] = None,
        dtype: Optional[str] = None, shape: Optional[Sequence[int]] = None, **members: Any,
    ) -> Node:
        """Adds what an operation of any name makes of its operands.

        The names that gradviz computes again are on the page of the JSON format; others are drawn as they are.

        :param members: further members of the node, such as ``axis``, ``exponent``, ``position``, ``output``.
        """
        for operand in operands:
            if not isinstance(operand, Node):
                raise TypeError(
                    f"the operands of `{operation}` are what `leaf` and `operation` return, not {type(operand).__name__}; "
                    "a number is a leaf with the role \"constant\"")
        node = self._add(Node(operands, value, dtype, shape), name, role)
        node.members["operation"] = operation
        if attributes:
            node.members["attributes"] = {key: _numbers.attribute(value) for key, value in attributes.items()}
        if scope:
            node.members["scope"] = scope
        node.members.update(members)
        return node

    def gradient(self, node: Node, gradient: Values) -> None:
        """Adds the gradient of the loss that a backward pass gave: several passes add up."""
        node.gradients.append(gradient)

    def loss(self, node: Node) -> None:
        """Says whose gradients are computed."""
        self._loss = node

    def update(self, node: Node, after: Values) -> None:
        """Says what the optimizer made of a parameter."""
        node.members["updated"] = after

    def _add(self, node: Node, name: Optional[str], role: Optional[str]) -> Node:
        if name:
            self.name(node, name)
        if role:
            node.members["role"] = role
        self.nodes.append(node)
        return node

    def name(self, node: Node, name: str) -> None:
        """Gives a value its name in figures."""
        node.members["name"] = name
        node.is_named = True

    # What comes of it.

    @property
    def step(self) -> Step:
        """The step so far, ready to be saved or drawn."""
        return Step(self.json())

    def json(self) -> Dict[str, Any]:
        """The step as the JSON of a graph, version 2."""
        names, ids = _Unique(), _Unique()
        # Given names come first: an automatic one makes way.
        given = self._given(names)
        ident: Dict[int, str] = {}
        nodes: List[Dict[str, Any]] = []
        number = 0
        for node in self.nodes:
            name = given.get(id(node))
            if name is None:
                number += 1
                name = names.take(f"{'c' if node.is_leaf else 'n'}{number}")
            ident[id(node)] = ids.take(_identifier(name))
            nodes.append(self._node(node, name, ident))
        result: Dict[str, Any] = {"version": 2, "level": self.level, "producer": self.producer, "nodes": nodes}
        if self._loss is not None:
            result["loss"] = ident[id(self._loss)]
        shown = dict(self.presentation)
        if self.title:
            shown.setdefault("title", self.title)
        if shown:
            result["presentation"] = shown
        result.update(self.top)
        return result

    def _given(self, names: "_Unique") -> Dict[int, str]:
        """The names that were given; what is assigned to one variable again and again is h1, h2, …"""
        named = [node for node in self.nodes if "name" in node.members]
        counts: Dict[str, int] = {}
        for node in named:
            counts[node.members["name"]] = counts.get(node.members["name"], 0) + 1
        given: Dict[int, str] = {}
        for node in named:
            if node.is_leaf or counts[node.members["name"]] == 1:
                given[id(node)] = names.take(node.members["name"])
        for node in named:
            if id(node) not in given:
                given[id(node)] = names.number(node.members["name"])
        return given

    def _node(self, node: Node, name: str, ident: Dict[int, str]) -> Dict[str, Any]:
        own: Dict[str, Any] = {"id": ident[id(node)], "name": name}
        if not node.is_named:
            own["named"] = False
        own.update((key, value) for key, value in node.members.items() if key not in ("name", "updated", "updateTerms"))
        if node.operands:
            own["operands"] = [ident[id(operand)] for operand in node.operands]
        if node.dtype:
            own["dtype"] = node.dtype
        if node.is_leaf and own.get("role") is None:
            own["role"] = "input"
        isWhole = self._numbers(own, node, "value", "summary", node.value)
        passes = ([node.before] if node.before is not None else []) + node.gradients
        if passes:
            self._gradient(own, node, passes, isWhole)
        if "updated" in node.members and isWhole:
            self._numbers(own, node, "updated", None, node.members["updated"])
        terms = node.members.get("updateTerms")
        if terms and isWhole:
            own["updateTerms"] = [dict(term, value=self._list(term["value"], node.dtype)) for term in terms]
        return {key: value for key, value in own.items() if value is not None}

    def _gradient(self, own: Dict[str, Any], node: Node, passes: List[Values], isWhole: bool) -> None:
        if any(isinstance(each, dict) for each in passes):
            own["gradientSummary"] = next(each for each in reversed(passes) if isinstance(each, dict))
            return
        lists = [_flat(gradient) for gradient in passes]
        # What is learned from is the sum of all passes; what is on the way shows the last.
        total = [sum(column) for column in zip(*lists)] if node.is_leaf or self.addsPasses else lists[-1]
        self._numbers(own, node, "gradient", "gradientSummary", total, isWhole)
        if len(lists) > 1 and isWhole:
            own["contributions"] = [self._list(each, node.dtype) for each in lists]

    def _list(self, value: Values, dtype: Optional[str]) -> List[Any]:
        return [_numbers.plain(number, dtype) for number in _flat(value)]

    def _numbers(
        self, own: Dict[str, Any], node: Node, key: str, short: Optional[str], value: Values, isWhole: bool = True
    ) -> bool:
        if isinstance(value, dict):
            own[short or key] = value
            own["shape"] = node.shape or []
            return False
        if value is None:
            if node.shape:
                own["shape"] = node.shape
            return False
        flat, shape = _numbers.flattened(value)
        shape = node.shape if node.shape is not None else shape
        if not flat or len(shape) > _MOST_AXES:
            return False
        if len(flat) > self.limit or not isWhole:
            if short:
                own[short] = _numbers.summary(flat)
                own["shape"] = shape
            return False
        own[key] = [_numbers.plain(number, node.dtype) for number in flat]
        if shape and key == "value":
            own["shape"] = shape
        return True


def _flat(value: Values) -> List[float]:
    return _numbers.flattened(value)[0]


class _Unique:
    """Texts that are all different: a second ``x`` is ``x2``."""

    def __init__(self) -> None:
        self._taken: Set[str] = set()

    def take(self, text: str) -> str:
        candidate, number = text, 2
        while candidate in self._taken:
            candidate, number = f"{text}{'_' if text[-1:].isdigit() else ''}{number}", number + 1
        self._taken.add(candidate)
        return candidate

    def number(self, text: str) -> str:
        """The text with the first number from 1 on that is free."""
        number = 1
        while f"{text}{'_' if text[-1:].isdigit() else ''}{number}" in self._taken:
            number += 1
        return self.take(f"{text}{'_' if text[-1:].isdigit() else ''}{number}")


def shortened(error: BaseException) -> str:
    """The message of an error in one line of a figure."""
    message = " ".join(f"{type(error).__name__}: {error}".split())
    return message if len(message) <= _LONGEST else message[:_LONGEST].rsplit(" ", 1)[0] + " …"


def _identifier(name: str) -> str:
    text = re.sub(r"[^A-Za-z0-9_.-]", "_", name)[:180]
    return text if re.match(r"[A-Za-z_]", text) else "v" + text


def trace(producer: str, **options: Any) -> Trace:
    """Begins a trace; see the module's page for the protocol."""
    return Trace(producer, **options)
