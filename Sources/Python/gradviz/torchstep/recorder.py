"""Records one training step of PyTorch as it runs: never twice, and without a change of its results."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple

import torch
from torch.overrides import TorchFunctionMode

from ..step import Step
from ..trace import Node, Trace, shortened
from . import frames
from .calls import Call, base_name, tensors_in
from .composites import chosen, opened
from .passes import Passes
from .scopes import Scopes, as_written
from .optimizers import Optimizers, step_by_hand
from .shared import shared

Tensor = torch.Tensor

#: Calls that make no value of a step, though they return tensors or ask for something.
_PASSED_OVER = {
    "grad", "shape", "size", "dim", "numel", "item", "tolist", "numpy", "is_leaf", "requires_grad", "grad_fn", "dtype",
    "device", "register_hook", "requires_grad_", "retain_grad", "zero_grad", "data_ptr", "stride", "storage_offset",
    "untyped_storage", "element_size", "allclose", "equal", "is_floating_point", "get_device", "layout", "_version",
    "repr", "format", "bool", "float_", "len", "iter", "hash", "is_nonzero", "set_grad_enabled", "manual_seed",
}
_GETTERS = {"T", "mT", "H", "mH", "real", "imag", "data"}


class Recording(Passes, TorchFunctionMode):
    """Records what runs inside a ``with`` block, and is afterwards the step.

    :param models: the modules whose parameters and scopes are named.
    :param names: tensors by the names that figures give them.
    :param targets: tensors that are given, not computed: labels.
    :param limit: of more entries than these a value is summarized.
    :param expand: composites that open to plain operations, such as ``{"linear", "lstm"}``; ``"all"`` for all that
        can; ``ValueError`` for another name.
    :param title: what stands above the figures.
    """

    def __init__(
        self, *models: torch.nn.Module, names: Optional[Dict[str, Tensor]] = None, targets: Iterable[Tensor] = (),
        limit: int = 4096, expand: Iterable[str] = (), title: Optional[str] = None,
    ):
        for place, model in enumerate(models, 1):
            if not isinstance(model, torch.nn.Module):
                raise TypeError(_takes(model, place))
        _validate(names, limit)
        super().__init__()
        name = title or (type(models[0]).__name__ if models else None)
        self.trace = Trace(f"torch {torch.__version__.split('+')[0]}", title=name, limit=limit)
        self._expand = chosen(expand)
        self._targets = _tensors(targets)
        self._nodes: Dict[Tuple[int, int], Node] = {}
        self._versions: Dict[int, int] = {}
        self._storages: Dict[int, List[Tensor]] = {}
        self._kept: List[Tensor] = []
        self._leaves: List[Tuple[Tensor, Node]] = []
        #: What each backward pass began with, and the gradient that it was given.
        self._roots: List[Tuple[Node, Optional[Tensor]]] = []
        self._unsure: List[Node] = []
        self._casts: Dict[Tuple[int, torch.dtype], Node] = {}
        self._hooks: List[Any] = []
        self._aside = 0
        self._isIdle = False
        self.isOver = False
        #: By how much a scaler made the loss greater.
        self.scale = 1.0
        #: What was recorded up to the last step of an optimizer: nodes with their counts of gradients, and passes.
        self._mark: Tuple[List[Tuple[Node, int]], int] = ([], 0)
        #: What the last module with several results returned: the next such call is another statement.
        self._results: List[Node] = []
        self._statement: Dict[int, Tuple[Any, List[str], List[Node]]] = {}
        self._names = [(tensor, name) for name, tensor in (names or {}).items()]
        self._parameters: Dict[int, List[str]] = {}
        prefixes = _prefixes(models, frames.here())
        self.scopes = Scopes(self, zip(models, prefixes))
        self.optimizers = Optimizers(self)
        self._hasBegun = False
        for model, prefix in zip(models, prefixes):
            for path, parameter in model.named_parameters(prefix, remove_duplicate=False):
                self._parameters.setdefault(id(parameter), []).append(as_written(path))
            for path, buffer in model.named_buffers(prefix, remove_duplicate=False):
                self._parameters.setdefault(id(buffer), []).append(as_written(path))
        self._caller: Any = None
        #: Names of values that no variable has: those of the modules that made them.
        self.fallbacks: Dict[int, Tuple[Node, str]] = {}

    def __enter__(self) -> "Recording":
        if shared.recording is not None:
            raise RuntimeError("a step is being recorded in this thread already")
        if self._hasBegun:
            raise RuntimeError("a recording is of one block; `gradviz.record` begins another one")
        self._hasBegun = True
        self._caller = frames.here()
        shared.begin(self)
        super().__enter__()
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        super().__exit__(kind, error, trace)
        shared.end()
        for hook in self._hooks:
            hook.remove()
        self._hooks.clear()
        self.scopes.end()
        self.optimizers.end()
        for _, names, nodes in self._statement.values():
            self._name(names, nodes)
        for node, name in self.fallbacks.values():
            if not node.is_named:
                self.trace.name(node, name)
        self.fallbacks.clear()
        self._aside += 1
        step_by_hand(self)
        self._say_loss()
        self._aside -= 1
        self._forget_unsure()
        if error is not None and not self.isOver:
            self.trace.top["error"] = shortened(error)
        # Nothing of the step is held any longer.
        own = (
            self._nodes, self._versions, self._storages, self._leaves, self._statement, self._roots, self._unsure, self._casts)
        for kept in own:
            kept.clear()  # type: ignore[attr-defined]
        self._kept.clear()
        self._mark = ([], 0)
        self._caller = None

    def apply_function(self, function: Any, run: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """A function with a gradient of its own is one operation: what it does inside has no gradient."""
        if self._isAside():
            return run(*args, **kwargs)
        operands = self._operands([args, kwargs])
        self._aside += 1
        try:
            result = run(*args, **kwargs)
        finally:
            self._aside -= 1
        name = "checkpoint (recomputed)" if function.__name__ == "CheckpointFunction" else function.__name__
        frame = frames.user_frame(frames.here(0))[0]
        outputs = tensors_in(result)
        self._aside += 1
        try:
            for place, output in enumerate(outputs):
                self._add(Call(name, []), operands, output, frame, place if len(outputs) > 1 else None)
        finally:
            self._aside -= 1
        return result

    def _isAside(self) -> bool:
        if self._aside > 0 or self.isOver or shared.recording is not self:
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
        if func is torch.autograd.grad:
            return self._gradients(func, args, kwargs)
        if func.__name__ == "requires_grad_":
            return self._begin_gradient(func(*args, **kwargs))
        frame, isAside = frames.user_frame(frames.here())
        isAside = isAside or frames.is_counting(name, frames.here()) or frames.is_scaling(name, frames.here())
        if "check_and_unscale" in name:
            self.scale = 1 / float(args[2])
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


def _takes(model: Any, place: int) -> str:
    """What is wrong with an argument that is not a module."""
    kind = type(model).__name__
    hint = "; a tensor gets a name by `names={\"x\": x}`" if isinstance(model, Tensor) else ""
    return f"`record` takes modules (torch.nn.Module), then options by name; argument {place} is of type {kind}{hint}"


def _validate(names: Any, limit: Any) -> None:
    """Refuses options of another kind, by what they take."""
    if names is not None and not (isinstance(names, dict) and all(isinstance(each, Tensor) for each in names.values())):
        raise TypeError("`names` takes a dictionary of tensors by their names, such as {\"w\": w}")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise ValueError(f"`limit` takes a whole number from 1 on, not {limit!r}")


def _tensors(targets: Any) -> List[Tensor]:
    """Targets as a list; one may be given by itself."""
    given = [targets] if isinstance(targets, Tensor) else list(targets) if isinstance(targets, Iterable) else [targets]
    if not all(isinstance(each, Tensor) for each in given):
        raise TypeError("`targets` takes a tensor or several, such as the labels")
    return given


def _prefixes(models: Sequence[torch.nn.Module], caller: Any) -> List[str]:
    """What stands before the names of several models: those of their variables; one model needs none."""
    if len(models) < 2:
        return [""] * len(models)
    names = [frames.variable(model, [caller]) or type(model).__name__ for model in models]
    return [name if names.count(name) == 1 else f"{name}{place + 1}" for place, name in enumerate(names)]
