"""What backward passes begin with, and which gradients they leave."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import torch

from .. import numbers as _numbers
from ..trace import Node
from . import frames
from .calls import Call, tensors_in
from .nodes import Calls

Tensor = torch.Tensor


class Passes(Calls):
    """The backward passes of a recording."""

    fallbacks: Dict[int, Tuple[Node, str]]
    _roots: List[Tuple[Node, Optional[Tensor]]]
    _mark: Tuple[List[Tuple[Node, int]], int]
    #: How many values there were at the end of the last backward pass.
    lastPass = 0

    def _backward(self, func: Any, args: Any, kwargs: Any) -> Any:
        roots = tensors_in([args[:1], kwargs.get("tensors", [])])
        for tensor, node in self._leaves:
            if node.before is None and not node.gradients and tensor.grad is not None:
                before = self._value(tensor.grad)
                if isinstance(before, dict) or any(number for number in _numbers.flattened(before)[0]):
                    node.before = before
        given = kwargs.get("gradient", kwargs.get("grad_tensors", args[1] if len(args) > 1 else None))
        return self._pass(roots, given, func, args, kwargs)

    def run_backward(self, func: Any, args: Any, kwargs: Any) -> Any:
        """The same where PyTorch does not say that it is called."""
        return func(*args, **kwargs) if self._isAside() else self._backward(func, args, kwargs)

    def _pass(self, roots: List[Tensor], given: Any, func: Any, args: Any, kwargs: Any) -> Any:
        """Runs a backward pass and takes note of what it begins with."""
        nodes = [self._node(root) for root in roots]
        self._aside += 1
        try:
            result = func(*args, **kwargs)
        finally:
            self._aside -= 1
        self.lastPass = len(self.trace.nodes)
        for place, node in enumerate(nodes):
            self._roots.append((node, given[place] if isinstance(given, (list, tuple)) else given))
            self.trace.loss(node)
            self.fallbacks[id(node)] = (node, "loss")
            self.scopes.mark_prediction(node)
        return result

    def _gradients(self, func: Any, args: Any, kwargs: Any) -> Any:
        """``torch.autograd.grad``: a backward pass, or one more operation where the loss is made of gradients."""
        arguments = dict(zip(("outputs", "inputs", "grad_outputs", "retain_graph", "create_graph"), args), **kwargs)
        roots = tensors_in([arguments["outputs"]])
        if not arguments.get("create_graph"):
            return self._pass(roots, arguments.get("grad_outputs"), func, args, kwargs)
        frame = frames.user_frame(frames.here())[0]
        self._aside += 1
        try:
            operands = self._way([self._node(root) for root in roots])
            counts = [(node, len(node.gradients)) for node in operands]
            result = func(*args, **kwargs)
            # What flows here is not the gradient of the loss.
            for node, count in counts:
                del node.gradients[count:]
            outputs = tensors_in(result)
            for place, output in enumerate(outputs):
                self._add(Call("grad", operands), {}, output, frame, place if len(outputs) > 1 else None)
        finally:
            self._aside -= 1
        return result

    @staticmethod
    def _way(roots: List[Node]) -> List[Node]:
        """All that the roots are made of and that has a gradient: each of them is part of the roots' gradients."""
        way: Dict[int, Node] = {}
        pending = list(roots)
        while pending:
            node = pending.pop()
            if id(node) in way or node.members.get("requiresGradient") is False:
                continue
            way[id(node)] = node
            pending += node.operands
        return list(way.values())

    def _say_loss(self) -> None:
        """The gradients of several backward passes are those of the sum of what they began with."""
        parts: Dict[int, Node] = {}
        for node, given in self._roots:
            if id(node) not in parts:
                parts[id(node)] = node if given is None else self._weighed(node, given)
        several = list(parts.values())
        if len(several) > 1 or several and several[0].shape:
            values = [_numbers.flattened(part.value)[0] for part in several if not isinstance(part.value, dict)]
            total = sum(value[0] for value in values if len(value) == 1)
            self.trace.addsPasses = len(several) > 1
            taken = {node.members.get("name") for node in self.trace.nodes}
            name = next((name for name in ("total", "sum of losses") if name not in taken), None)
            several = [self.trace.operation("sum", several, total, name=name, shape=[])]
        if several:
            self.trace.loss(several[0])

    def mark_step(self) -> None:
        """An optimizer has made its step; another one may follow, as of a generator after its discriminator."""
        self._mark = ([(node, len(node.gradients)) for node in self.trace.nodes], len(self._roots))

    def end_step(self) -> None:
        """An optimizer begins its second step, of which nothing is kept: a loop over batches is not a training step."""
        if self.isOver:
            return
        self.isOver = True
        nodes, passes = self._mark
        self.trace.nodes[:] = [node for node, _ in nodes]
        for node, count in nodes:
            del node.gradients[count:]
        del self._roots[passes:]
        frames.warn("the block runs several training steps: the first is recorded")

    def _weighed(self, node: Node, given: Tensor) -> Node:
        """``y.backward(gradient)`` gives the gradients of the sum of y times what it is given."""
        weight = self._node(given, role="constant")
        if isinstance(node.value, dict) or isinstance(weight.value, dict):
            product = None
        else:
            pairs = zip(_numbers.flattened(node.value)[0], _numbers.flattened(weight.value)[0])
            product = [value * factor for value, factor in pairs]
        own = self.trace.operation("multiply", [node, weight], product, shape=node.shape)
        if not node.shape:
            return own
        return self.trace.operation("sum", [own], None if product is None else sum(product), shape=[])

    def _forget_unsure(self) -> None:
        """Gradients that the uses in the figure would not explain.

        Of several results one that nothing uses may have a gradient by the others. What was changed through a view
        passes its gradient on to its base, not to its uses.
        """
        used = {id(operand) for node in self.trace.nodes for operand in node.operands}
        for node in self.trace.nodes:
            if "output" in node.members and id(node) not in used:
                node.gradients.clear()
        for node in self._unsure:
            node.gradients.clear()
        # A discriminator keeps the gradients of its own step while a generator learns: without a step they do not matter.
        stepped = {id(tensor) for tensor, node in self._leaves if "updated" in node.members}
        for tensor, node in self._leaves:
            if id(tensor) in stepped and "updated" not in node.members:
                node.before = None
