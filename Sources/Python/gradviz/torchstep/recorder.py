"""Records one training step of PyTorch as it runs: never twice, and without a change of its results."""

from __future__ import annotations

import threading
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple

import torch
from torch.overrides import TorchFunctionMode

from .. import numbers as _numbers
from ..step import Step
from ..trace import Node, Trace
from . import frames
from .calls import SHAPED, UNSET, Call, base_name, parts_of, tensors_in, translated
from .scopes import Scopes
from .optimizers import Optimizers

Tensor = torch.Tensor
_active = threading.local()

#: Calls that make no value of a step, though they return tensors or ask for something.
_PASSED_OVER = {
    "grad", "shape", "size", "dim", "numel", "item", "tolist", "numpy", "is_leaf", "requires_grad", "grad_fn", "dtype",
    "device", "register_hook", "requires_grad_", "retain_grad", "zero_grad", "data_ptr", "stride", "storage_offset",
    "untyped_storage", "element_size", "allclose", "equal", "is_floating_point", "get_device", "layout", "_version",
    "repr", "format", "bool", "float_", "len", "iter", "hash", "is_nonzero", "set_grad_enabled", "manual_seed",
}
_GETTERS = {"T", "mT", "H", "mH", "real", "imag", "data"}
_LOSSES = {
    "cross_entropy", "nll_loss", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "kl_div",
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "hinge_embedding_loss", "soft_margin_loss",
}


class Recording(TorchFunctionMode):
    """Records what runs inside a ``with`` block, and is afterwards the step.

    :param models: the modules whose parameters and scopes are named.
    :param names: tensors by the names that figures give them.
    :param targets: tensors that are given, not computed: labels.
    :param limit: of more entries than these a value is summarized.
    :param expand: composites that open to plain operations, such as ``{"linear", "lstm"}``; ``"all"`` for all that can.
    :param title: what stands above the figures.
    """

    def __init__(
        self, *models: torch.nn.Module, names: Optional[Dict[str, Tensor]] = None, targets: Iterable[Tensor] = (),
        limit: int = 4096, expand: Iterable[str] = (), title: Optional[str] = None,
    ):
        super().__init__()
        name = title or (type(models[0]).__name__ if models else None)
        self.trace = Trace(f"torch {torch.__version__.split('+')[0]}", title=name, limit=limit)
        self._expand = {"all"} if expand == "all" else set([expand] if isinstance(expand, str) else expand)
        self._targets = list([targets] if isinstance(targets, Tensor) else targets)
        self._nodes: Dict[Tuple[int, int], Node] = {}
        self._versions: Dict[int, int] = {}
        self._storages: Dict[int, List[Tensor]] = {}
        self._kept: List[Tensor] = []
        self._leaves: List[Tuple[Tensor, Node]] = []
        #: What each backward pass began with, and the gradient that it was given.
        self._roots: List[Tuple[Node, Optional[Tensor]]] = []
        self._unsure: List[Node] = []
        self._hooks: List[Any] = []
        self._aside = 0
        #: What the last module with several results returned: the next such call is another statement.
        self._results: List[Node] = []
        self._statement: Dict[int, Tuple[Any, List[str], List[Node]]] = {}
        self._names = [(tensor, name) for name, tensor in (names or {}).items()]
        self._parameters: Dict[int, List[str]] = {}
        prefixes = _prefixes(models, frames.here())
        self._scopes = Scopes(self, zip(models, prefixes))
        self._optimizers = Optimizers(self)
        self._stance: Any = None
        self._apply: Any = None
        for model, prefix in zip(models, prefixes):
            for path, parameter in model.named_parameters(prefix, remove_duplicate=False):
                self._parameters.setdefault(id(parameter), []).append(path)
            for path, buffer in model.named_buffers(prefix, remove_duplicate=False):
                self._parameters.setdefault(id(buffer), []).append(path)
        self._caller: Any = None
        #: Names of values that no variable has: those of the modules that made them.
        self.fallbacks: Dict[int, Tuple[Node, str]] = {}

    # The block.

    def __enter__(self) -> "Recording":
        if getattr(_active, "recording", None) is not None:
            raise RuntimeError("a step is being recorded in this thread already")
        _active.recording = self
        self._caller = frames.here()
        self._scopes.begin()
        self._optimizers.begin()
        self._begin_functions()
        stance = getattr(torch.compiler, "set_stance", None)
        if stance is not None:
            self._stance = stance("force_eager")
            self._stance.__enter__()
        super().__enter__()
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        super().__exit__(kind, error, trace)
        _active.recording = None
        for hook in self._hooks:
            hook.remove()
        self._hooks.clear()
        self._scopes.end()
        self._optimizers.end()
        torch.autograd.Function.apply = self._apply
        if self._stance is not None:
            self._stance.__exit__(None, None, None)
        for _, names, nodes in self._statement.values():
            self._name(names, nodes)
        for node, name in self.fallbacks.values():
            if not node.is_named:
                self.trace.name(node, name)
        self.fallbacks.clear()
        self._aside += 1
        self._say_loss()
        self._aside -= 1
        self._forget_unsure()
        if error is not None:
            self.trace.top["error"] = f"{type(error).__name__}: {error}"[:2000]
        # Nothing of the step is held any longer.
        own = (self._nodes, self._versions, self._storages, self._leaves, self._statement, self._roots, self._unsure)
        for kept in own:
            kept.clear()  # type: ignore[attr-defined]
        self._kept.clear()
        self._caller = None

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

    def _begin_functions(self) -> None:
        """A function with a gradient of its own is one operation: what it does inside has no gradient."""
        self._apply = torch.autograd.Function.__dict__["apply"]
        recording = self

        def original(function: Any, *args: Any, **kwargs: Any) -> Any:
            return recording._apply.__get__(None, function)(*args, **kwargs)

        def apply(function: Any, *args: Any, **kwargs: Any) -> Any:
            if recording._isAside():
                return original(function, *args, **kwargs)
            operands = recording._operands([args, kwargs])
            recording._aside += 1
            try:
                result = original(function, *args, **kwargs)
            finally:
                recording._aside -= 1
            name = "checkpoint (recomputed)" if function.__name__ == "CheckpointFunction" else function.__name__
            frame = frames.user_frame(frames.here(0))[0]
            outputs = tensors_in(result)
            recording._aside += 1
            try:
                for place, output in enumerate(outputs):
                    recording._add(Call(name, []), operands, output, frame, place if len(outputs) > 1 else None)
            finally:
                recording._aside -= 1
            return result

        torch.autograd.Function.apply = classmethod(apply)

    def _isAside(self) -> bool:
        if self._aside > 0 or getattr(_active, "recording", None) is not self:
            return True
        level = getattr(torch._C, "_functorch", None)
        return level is not None and level.maybe_current_level() is not None

    # Every call.

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        name = base_name(func)
        isGetter = func.__name__ in ("__get__", "__set__", "__delete__")
        if self._isAside() or (isGetter and (name not in _GETTERS or func.__name__ != "__get__")):
            return func(*args, **kwargs)
        if name in ("backward", "autograd_backward"):
            return self._backward(func, args, kwargs)
        frame, isAside = frames.user_frame(frames.here())
        isAside = isAside or frames.is_counting(name, frames.here())
        if isAside or name in _PASSED_OVER or func.__name__ in _PASSED_OVER:
            return func(*args, **kwargs)
        inside = self._inside(name, func, args, kwargs)
        if inside is not None:
            return inside()
        operands = self._operands([args, kwargs])
        try:
            result = func(*args, **kwargs)
        except Exception as error:
            self._fail(name, operands, error, frame)
            raise
        self._aside += 1
        try:
            self._record(name, func, args, kwargs, result, operands, frame)
        finally:
            self._aside -= 1
        return result

    def _inside(self, name: str, func: Any, args: Any, kwargs: Any) -> Optional[Callable[[], Any]]:
        """What a composite is made of, where it is to be shown."""
        if name not in self._expand and "all" not in self._expand:
            return None
        from .composites import opened

        definition = opened(name, func, args, kwargs)
        if definition is None:
            return None

        return lambda: self._again(definition)

    def _again(self, definition: Callable[[], Any]) -> Any:
        TorchFunctionMode.__enter__(self)
        try:
            return definition()
        finally:
            TorchFunctionMode.__exit__(self, None, None, None)

    def _operands(self, value: Any) -> Dict[int, Node]:
        """The nodes of all tensors in a call's arguments, as they are before it."""
        self._aside += 1
        try:
            return {id(tensor): self._node(tensor) for tensor in tensors_in(value)}
        finally:
            self._aside -= 1

    def _record(
        self, name: str, func: Any, args: Any, kwargs: Any, result: Any, operands: Dict[int, Node], frame: Any
    ) -> None:
        outputs = [result] if isinstance(result, Tensor) else tensors_in(result)
        if name in ("setitem",) and args and isinstance(args[0], Tensor):
            outputs = [args[0]]
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

    def _add(
        self, call: Call, operands: Dict[int, Node], tensor: Tensor, frame: Any, output_place: Optional[int] = None
    ) -> Node:
        isShaped = call.operation in SHAPED
        own = [self._operand(operand, operands) for operand in call.operands[1 if isShaped else 0:]]
        if not own and operands and not isShaped and call.operation != "dropout":
            own = list(operands.values())
        node = self.trace.operation(
            call.operation, own, None if call.operation in UNSET else self._value(tensor),
            attributes=call.attributes, scope=self._scopes.path,
            dtype=_type(tensor), shape=list(tensor.shape), **{k: v for k, v in call.members.items() if v is not None})
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
        if isinstance(operand, Tensor):
            return operands.get(id(operand)) or self._node(operand, role="constant")
        return self.trace.leaf(float(operand), role="constant", shape=[])

    def _place(self, node: Node, frame: Any) -> None:
        """Where in the program a node was made, and what it may be called."""
        if frame is None:
            return
        node.members["source"] = {"file": _file(frame), "line": frame.f_lineno}
        if not frames.is_packing(frames.here()):
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
        node = self.trace.operation(name, list(operands.values()), None, scope=self._scopes.path, error=message)
        if frame is not None:
            node.members["source"] = {"file": _file(frame), "line": frame.f_lineno}

    # Tensors.

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
        node = self.trace.leaf(
            self._value(tensor), name=name, role=role, dtype=_type(tensor), shape=list(tensor.shape))
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

        def hook(gradient: Tensor) -> None:
            if recording._isReplaced(tensor, node):
                return
            recording._aside += 1
            try:
                node.gradients.append(recording._value(gradient))
            finally:
                recording._aside -= 1

        self._hooks.append(tensor.register_hook(hook))

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
                    "view of", [node], self._value(other), dtype=_type(other), shape=list(other.shape))
                self._track(other, view)
                if tensor._is_view():
                    self._unsure += [node, view]

    def _value(self, tensor: Tensor) -> Any:
        """The numbers as they are now, or what is known of many."""
        if tensor.is_complex() or tensor.is_sparse or tensor.is_quantized or tensor.numel() == 0:
            return None
        try:
            whole = tensor.detach()
            if whole.dtype in (torch.bfloat16, torch.float16):
                whole = whole.float()
            if tensor.numel() <= self.trace.limit:
                return whole.cpu().tolist()
            return _summary(whole)
        except (RuntimeError, NotImplementedError):
            # A tensor without numbers, as on the device `meta`.
            return None

    # The backward pass.

    def _backward(self, func: Any, args: Any, kwargs: Any) -> Any:
        roots = tensors_in([args[:1], kwargs.get("tensors", [])])
        nodes = [self._node(root) for root in roots]
        for tensor, node in self._leaves:
            if node.before is None and not node.gradients and tensor.grad is not None:
                before = self._value(tensor.grad)
                if isinstance(before, dict) or any(number for number in _numbers.flattened(before)[0]):
                    node.before = before
        self._aside += 1
        try:
            result = func(*args, **kwargs)
        finally:
            self._aside -= 1
        for place, (root, node) in enumerate(zip(roots, nodes)):
            given = kwargs.get("gradient", kwargs.get("grad_tensors", args[1] if len(args) > 1 else None))
            given = given[place] if isinstance(given, (list, tuple)) else given
            self._roots.append((node, given))
            self.trace.loss(node)
            self.fallbacks[id(node)] = (node, "loss")
            self._scopes.mark_prediction(node)
        return result

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

    def _mark_targets(self, args: Any, kwargs: Any, operands: Dict[int, Node]) -> None:
        target = kwargs.get("target", args[1] if len(args) > 1 else None)
        node = operands.get(id(target)) if isinstance(target, Tensor) else None
        if node is not None and node.is_leaf and node.members.get("role") == "input":
            node.members["role"] = "target"

    # The step, as :class:`gradviz.Step`.

    @property
    def step(self) -> Step:
        """The step so far."""
        return self.trace.step

    def save(self, path: Any) -> None:
        """See :meth:`gradviz.Step.save`."""
        self.step.save(path)

    def draw(self, stage: str = "backward", file: Any = None, **options: Any) -> Optional[str]:
        """See :meth:`gradviz.Step.draw`."""
        return self.step.draw(stage, file, **options)

    def check(self) -> str:
        """See :meth:`gradviz.Step.check`."""
        return self.step.check()

    def __repr__(self) -> str:
        return repr(self.step)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Dict[str, str]:
        return self.step._repr_mimebundle_(include, exclude)


def _prefixes(models: Sequence[torch.nn.Module], caller: Any) -> List[str]:
    """What stands before the names of several models: those of their variables; one model needs none."""
    if len(models) < 2:
        return [""] * len(models)
    names = [frames.variable(model, [caller]) or type(model).__name__ for model in models]
    return [name if names.count(name) == 1 else f"{name}{place + 1}" for place, name in enumerate(names)]


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


def _type(tensor: Tensor) -> str:
    return str(tensor.dtype).replace("torch.", "")


def _file(frame: Any) -> str:
    return frame.f_code.co_filename.replace("\\", "/").rsplit("/", 1)[-1] or "?"


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
