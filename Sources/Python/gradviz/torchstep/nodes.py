"""What a call of PyTorch adds to a recorded step: its results, by name and place."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import torch

from ..trace import Node
from . import frames
from .calls import SHAPED, UNSET, Call, parts_of, tensors_in, translated
from .scopes import Scopes
from .tensors import Tensors, type_of

Tensor = torch.Tensor

_LOSSES = {
    "cross_entropy", "nll_loss", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "kl_div",
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "hinge_embedding_loss", "soft_margin_loss",
}


#: What autocast computes in a type of fewer digits.
_LOWERED = {
    "linear", "matmul", "rmatmul", "imatmul", "mm", "bmm", "mv", "addmm", "addmv", "addbmm", "baddbmm", "einsum", "tensordot",
    "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "prelu",
    "scaled_dot_product_attention", "lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell",
}


class Calls(Tensors):
    """The calls of a recording: each makes a node for every tensor that it returns."""

    _scopes: Scopes
    _statement: Dict[int, Tuple[Any, List[str], List[Node]]]
    _results: List[Node]
    _casts: Dict[Tuple[int, torch.dtype], Node]

    def _record(
        self, name: str, func: Any, args: Any, kwargs: Any, result: Any, operands: Dict[int, Node], frame: Any
    ) -> None:
        outputs = [result] if isinstance(result, Tensor) else tensors_in(result)
        if name in ("setitem",) and args and isinstance(args[0], Tensor):
            outputs = [args[0]]
        if name in _LOWERED and outputs:
            operands = self._lowered(tensors_in([args, kwargs]), operands, outputs[0])
        new = [tensor for tensor in outputs if self._nodes.get(self._key(tensor)) is None]
        several = parts_of(name, args, kwargs, outputs) if len(outputs) > 1 and len(new) == len(outputs) else None
        made: List[Node] = []
        for place, tensor in enumerate(outputs):
            if self._key(tensor) in self._nodes:
                continue
            call = several[place] if several else translated(func, args, kwargs, tensor)
            isPart = len(outputs) > 1 and not several
            if isPart and call.operation not in ("max", "min", "sort", "topk", "lstm", "gru", "rnn_tanh"):
                call = Call(name, tensors_in([args, kwargs]))
                if name in ("pack_padded_sequence", "pad_packed_sequence") and place == 1:
                    # Lengths are made of lengths.
                    call.operands = [operand for operand in call.operands if not operand.requires_grad]
            made.append(self._add(call, operands, tensor, frame, output_place=place if isPart else None))
        if name in _LOSSES:
            self._mark_targets(args, kwargs, operands)
        self._follow_views(made)

    def _lowered(self, tensors: List[Tensor], operands: Dict[int, Node], output: Tensor) -> Dict[int, Node]:
        """Under autocast a product takes copies of its operands with the digits of its result: each is a value of its own."""
        if output.dtype not in (torch.bfloat16, torch.float16) or not torch.is_autocast_enabled(output.device.type):
            return operands
        lowered = dict(operands)
        for tensor in tensors:
            if not tensor.is_floating_point() or tensor.dtype.itemsize <= output.dtype.itemsize:
                continue
            node = operands[id(tensor)]
            if (id(node), output.dtype) not in self._casts:
                copy = tensor.detach().to(output.dtype)
                own = node.members.get("name")
                name = own and f"{'bf16' if copy.dtype == torch.bfloat16 else 'f16'}({own})"
                cast = self.trace.operation(
                    "identity", [node], self._value(copy), name=name, attributes={"to": type_of(copy)},
                    scope=self.scopes.path, dtype=type_of(copy), shape=list(copy.shape))
                if not tensor.requires_grad:
                    cast.members["requiresGradient"] = False
                self._casts[(id(node), output.dtype)] = cast
            lowered[id(tensor)] = self._casts[(id(node), output.dtype)]
        return lowered

    def _add(
        self, call: Call, operands: Dict[int, Node], tensor: Tensor, frame: Any, output_place: Optional[int] = None
    ) -> Node:
        isShaped = call.operation in SHAPED
        own = [self._operand(operand, operands) for operand in call.operands[1 if isShaped else 0:]]
        if not own and operands and not isShaped and call.operation != "dropout":
            own = list(operands.values())
        node = self.trace.operation(
            call.operation, own, None if call.operation in UNSET else self._value(tensor),
            attributes=call.attributes, scope=self.scopes.path,
            dtype=type_of(tensor), shape=list(tensor.shape), **{k: v for k, v in call.members.items() if v is not None})
        if call.arguments and len(call.arguments) == len(own):
            node.members["arguments"] = call.arguments
        if output_place is not None:
            node.members["output"] = output_place
        if not own:
            node.members["role"] = "constant"
        self._track(tensor, node)
        self._place(node, frame)
        return node

    def _operand(self, operand: Any, operands: Dict[int, Node]) -> Node:
        if isinstance(operand, Node):
            return operand
        if isinstance(operand, Tensor):
            return operands.get(id(operand)) or self._node(operand, role="constant")
        return self.trace.leaf(float(operand), role="constant", shape=[])

    def _place(self, node: Node, frame: Any) -> None:
        """Where in the program a node was made, and what it may be called."""
        if frame is None:
            return
        node.members["source"] = {"file": _file(frame), "line": frame.f_lineno}
        if frames.is_packing(frames.here()):
            # What the statement made before is not what it assigns.
            self._statement.pop(id(frame), None)
        else:
            self.assign(frame, node)

    def assign(self, frame: Any, node: Node, *others: Node) -> None:
        """A statement's value is the last that it makes: it gets the name of the variable; several get one each."""
        names = frames.targets(frame)
        place = (frame.f_code, names, frame.f_lasti)
        before = self._statement.get(id(frame))
        isAgain = before is not None and before[0] == place and before[2] is self._results
        if before is not None and not isAgain and before[0][:2] == place[:2] and before[0][2] <= place[2]:
            # Results of the same call belong together.
            nodes = before[2] + [node] if before[0][2] == place[2] and not others else [node, *others]
            if others:
                self._results = nodes
            self._statement[id(frame)] = (place, before[1], nodes)
            return
        if before is not None:
            self._name(before[1], before[2])
        self._statement[id(frame)] = (place, names, [node, *others])

    def _name(self, names: List[str], nodes: List[Node]) -> None:
        nodes = nodes if len(names) > 1 else nodes[-1:]
        if len(nodes) > len(names) > 1 and not any(name.strip("_") for name in names[1:]):
            # The others, some of them together, are not kept: `out, _ = lstm(x)`.
            names, nodes = names[:1], nodes[:1]
        if len(names) == len(nodes):
            for name, node in zip(names, nodes):
                if name and name != "_" and not node.is_named:
                    self.trace.name(node, name)

    def _fail(self, name: str, operands: Dict[int, Node], error: Exception, frame: Any) -> None:
        # A statement that fails assigns nothing.
        self._statement.pop(id(frame), None)
        if "error" in self.trace.top:
            return
        message = f"{type(error).__name__}: {error}"[:2000]
        node = self.trace.operation(name, list(operands.values()), None, scope=self.scopes.path, error=message)
        if frame is not None:
            node.members["source"] = {"file": _file(frame), "line": frame.f_lineno}

    def _mark_targets(self, args: Any, kwargs: Any, operands: Dict[int, Node]) -> None:
        target = kwargs.get("target", args[1] if len(args) > 1 else None)
        node = operands.get(id(target)) if isinstance(target, Tensor) else None
        if node is not None and node.is_leaf and node.members.get("role") == "input":
            node.members["role"] = "target"


def _file(frame: Any) -> str:
    return frame.f_code.co_filename.replace("\\", "/").rsplit("/", 1)[-1] or "?"
