"""What a call of PyTorch is in the words of a graph: its operation, its operands, what it was called with."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Dict, List, Optional, Tuple

import torch

Tensor = torch.Tensor


class Call:
    """An operation by its name, with operands (tensors and numbers) and everything else."""

    __slots__ = ("operation", "operands", "arguments", "attributes", "members")

    def __init__(self, operation: str, operands: List[Any], **members: Any):
        self.operation = operation
        self.operands = operands
        self.arguments: List[str] = []
        self.attributes: Dict[str, Any] = {}
        self.members = members


#: The parameters of functions that have no Python signature.
_SIGNATURES = {
    name: names.split()
    for names_, names in {
        "linear": "input weight bias", "conv1d conv2d conv3d": "input weight bias stride padding dilation groups",
        "gelu": "input", "scaled_dot_product_attention": "query key value attn_mask dropout_p is_causal",
        "softmax log_softmax": "input dim dtype", "sum mean amax amin": "input dim keepdim",
        "var std": "input dim", "logsumexp": "input dim keepdim", "masked_fill": "input mask value",
        "where": "condition input other", "clamp": "input min max", "tril triu": "input diagonal",
        "stack cat concat": "tensors dim", "transpose swapaxes": "input dim0 dim1", "unsqueeze squeeze": "input dim",
        "flatten": "input start_dim end_dim", "split": "input split_size dim", "chunk": "input chunks dim",
        "addmm": "input mat1 mat2", "pow": "input exponent", "max min": "input dim keepdim",
        "max_pool2d": "input kernel_size stride padding dilation ceil_mode",
        "avg_pool2d": "input kernel_size stride padding", "softplus": "input beta threshold",
        "log1p exp log tanh sigmoid relu": "input",
    }.items()
    for name in names_.split()
}

_PAIRS = {
    "add": "add", "sub": "subtract", "subtract": "subtract", "mul": "multiply", "multiply": "multiply", "div": "divide",
    "divide": "divide", "true_divide": "divide", "truediv": "divide", "maximum": "maximum", "minimum": "minimum",
    "lt": "less", "le": "lessOrEqual", "gt": "greater", "ge": "greaterOrEqual", "eq": "equal", "ne": "notEqual",
    "iadd": "add", "isub": "subtract", "imul": "multiply", "itruediv": "divide", "idiv": "divide", "radd": "add",
    "rmul": "multiply",
}
_REVERSED = {"rsub": "subtract", "rtruediv": "divide", "rdiv": "divide", "rpow": "power", "rmatmul": "matrixMultiply"}
_FUNCTIONS = {
    "neg": "negate", "negative": "negate", "exp": "exp", "log": "log", "tanh": "tanh", "sigmoid": "sigmoid",
    "relu": "relu", "sin": "sin", "cos": "cos", "sqrt": "sqrt", "abs": "abs", "absolute": "abs", "tan": "tan",
    "asin": "asin", "acos": "acos", "atan": "atan", "sinh": "sinh", "cosh": "cosh", "log1p": "log1p", "expm1": "expm1",
    "log2": "log2", "log10": "log10", "erf": "erf", "sign": "sign", "floor": "floor", "ceil": "ceil", "round": "round",
    "detach": "stopGradient",
}
_PRODUCTS = ("matmul", "mm", "bmm", "mv", "dot")
_SHAPES = ("view", "reshape", "flatten", "unsqueeze", "squeeze", "view_as", "reshape_as", "unflatten", "ravel")
_REDUCTIONS = ("sum", "mean", "amax", "amin", "logsumexp")
_AXIS_NAMES = {"amax": "maximumReduction", "amin": "minimumReduction", "logsumexp": "logSumExp"}
_COPIES = ("clone", "to", "contiguous", "float", "double", "half", "bfloat16", "type", "type_as", "cpu", "cuda")

#: What takes no more of a tensor than its shape and type: noise and zeros do not depend on its numbers.
SHAPED = {name + "_like" for name in ("randn", "rand", "randint", "zeros", "ones", "full", "empty")} | {
    "new_" + name for name in ("zeros", "ones", "empty", "full", "empty_strided")}
#: What has no numbers yet, only what was in memory before.
UNSET = {"empty", "empty_like", "new_empty", "empty_strided", "new_empty_strided", "empty_permuted"}


def base_name(func: Callable[..., Any]) -> str:
    """The name of a function without underscores: ``__rsub__`` is ``rsub``, ``relu_`` is ``relu``."""
    owner = getattr(func, "__self__", None)
    if func.__name__ == "__get__" and owner is not None:
        return str(getattr(owner, "__name__", "get"))
    return func.__name__.strip("_")


def named_arguments(name: str, func: Callable[..., Any], args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Dict[str, Any]:
    """Arguments by the names of their parameters, in order; those without a name are called by their place."""
    names = _SIGNATURES.get(name)
    if names is None and inspect.isfunction(func):
        try:
            names = list(inspect.signature(func).parameters)
        except (TypeError, ValueError):
            names = None
    names = names or []
    bound = {names[place] if place < len(names) else f"arg{place}": value for place, value in enumerate(args)}
    bound.update(kwargs)
    return bound


def tensors_in(value: Any) -> List[Tensor]:
    """The tensors in nested lists, tuples and dictionaries, in order."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in tensors_in(item)]
    return []


def translated(func: Callable[..., Any], args: Tuple[Any, ...], kwargs: Dict[str, Any], output: Tensor) -> Call:
    """The call that made one tensor."""
    name = base_name(func)
    bound = named_arguments(name, func, args, kwargs)
    call = _arithmetic(name, args, kwargs) or _movement(name, args, kwargs, bound, output)
    return call or _by_name(name, bound, output)


def _arithmetic(name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Optional[Call]:
    extra = {key for key in kwargs if key not in ("out", "inplace")}
    if name in _PAIRS and len(args) == 2 and not extra:
        return Call(_PAIRS[name], list(args))
    if name in _REVERSED and len(args) == 2 and not extra:
        return Call(_REVERSED[name], [args[1], args[0]])
    if name in _PRODUCTS and len(args) == 2:
        return Call("matrixMultiply", list(args))
    if name in ("pow", "ipow", "float_power") and len(args) == 2 and not extra:
        if isinstance(args[1], (int, float)):
            return Call("power", [args[0]], exponent=args[1])
        return Call("power", list(args))
    if name in _FUNCTIONS and tensors_in([args, kwargs]) and len(tensors_in([args, kwargs])) == 1:
        return Call(_FUNCTIONS[name], tensors_in([args, kwargs]))
    return None


def _movement(
    name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any], bound: Dict[str, Any], output: Tensor
) -> Optional[Call]:
    x = args[0] if args and isinstance(args[0], Tensor) else None
    if name in ("cat", "concat", "concatenate"):
        parts = list(bound.get("tensors", args[0] if args else []))
        axis = bound.get("dim", 0)
        return Call("concat", parts, axis=axis % max(output.dim(), 1))
    if x is None:
        return None
    if name in _SHAPES:
        return Call("reshape", [x])
    if name in ("T", "mT", "t", "adjoint", "H", "mH", "transpose", "swapaxes", "permute", "movedim"):
        return _transposed(name, x, args, kwargs, bound, output)
    if name == "getitem":
        return _index(x, args[1], output)
    if name in _REDUCTIONS and "dtype" not in bound:
        axis = bound.get("dim", bound.get("axis"))
        axes = list(axis) if isinstance(axis, (tuple, list)) else axis
        if isinstance(axes, list) and len(axes) == 1:
            axes = axes[0]
        if not bound.get("keepdim", False) and (axes is None or isinstance(axes, int)):
            return Call(_AXIS_NAMES.get(name, name), [x], axis=None if axes is None or x.dim() < 1 else axes % x.dim())
    if name in ("softmax",) and isinstance(bound.get("dim"), int):
        return Call("softmax", [x], axis=bound["dim"] % max(x.dim(), 1))
    if name in ("max", "min") and len(args) + len(kwargs) == 1:
        return Call("maximumReduction" if name == "max" else "minimumReduction", [x])
    return None


def _transposed(
    name: str, x: Tensor, args: Tuple[Any, ...], kwargs: Dict[str, Any], bound: Dict[str, Any], output: Tensor
) -> Optional[Call]:
    rank = x.dim()
    order = list(range(rank))
    if name in ("T", "t", "H"):
        order.reverse()
    elif name in ("mT", "mH", "adjoint") and rank > 1:
        order[-1], order[-2] = order[-2], order[-1]
    elif name in ("transpose", "swapaxes"):
        one, other = bound.get("dim0", bound.get("axis0")), bound.get("dim1", bound.get("axis1"))
        if not isinstance(one, int) or not isinstance(other, int):
            return None
        order[one % rank], order[other % rank] = order[other % rank], order[one % rank]
    elif name == "permute":
        dims = kwargs.get("dims", args[1:])
        dims = dims[0] if len(dims) == 1 and isinstance(dims[0], (list, tuple)) else dims
        order = [dim % rank for dim in dims]
    else:
        return None
    if rank == 2 and order == [1, 0]:
        return Call("transpose", [x])
    return Call("transpose", [x], position=order) if rank > 2 else Call("identity", [x])


def _index(x: Tensor, index: Any, output: Tensor) -> Optional[Call]:
    parts = list(index) if isinstance(index, tuple) else [index]
    if all(part is None or part is Ellipsis or part == slice(None) for part in parts if not isinstance(part, Tensor)):
        if not tensors_in(parts):
            return Call("reshape", [x])
    if len(parts) == 1 and isinstance(parts[0], Tensor) and parts[0].dtype == torch.long:
        if x.dim() == 2:
            call = Call("embedding", [parts[0], x])
            call.arguments = ["input", "weight"]
            return call
        if parts[0].dim() == 1:
            return Call("index", [x], position=[[[_place(each, x.size(0)) for each in parts[0].tolist()]]])
    if any(part is None or isinstance(part, (Tensor, bool, list)) for part in parts):
        return None
    if Ellipsis in parts:
        at = parts.index(Ellipsis)
        parts[at : at + 1] = [slice(None)] * (x.dim() - len(parts) + 1)
    position: List[Any] = []
    for axis, part in enumerate(parts):
        if isinstance(part, slice):
            start, stop, step = part.indices(x.size(axis))
            count = len(range(start, stop, step))
            whole = count == x.size(axis) and step == 1
            position.append(None if whole else [start, stop] if step == 1 else [start, count, step])
        elif isinstance(part, int):
            position.append(_place(part, x.size(axis)))
        else:
            return None
    return Call("index", [x], position=position) if output.numel() else None


def _place(index: int, size: int) -> int:
    return index + size if index < 0 else index


def _by_name(name: str, bound: Dict[str, Any], output: Tensor) -> Call:
    call = Call(_own_name(name, bound), [])
    for key, value in bound.items():
        found = tensors_in(value)
        call.operands += found
        call.arguments += [key] if isinstance(value, Tensor) else [f"{key}.{place}" for place in range(len(found))]
        if not found and value is not None and key not in ("out", "inplace", "generator", "_stacklevel"):
            call.attributes[key] = value
    if name in _COPIES:
        call = Call("identity" if name != "detach" else name, call.operands[:1])
        call.attributes = {} if name in ("clone", "contiguous") else {"to": str(output.dtype).replace("torch.", "")}
    elif any(argument.startswith("arg") or "." in argument for argument in call.arguments):
        call.arguments = []
    if name == "dropout":
        _drop_mask(call, output)
    return call


def _own_name(name: str, bound: Dict[str, Any]) -> str:
    """The name of what an option makes another operation: `a.add(b, alpha=2)` is not a + b."""
    if name in _PAIRS:
        options = [key for key, value in bound.items() if not key.startswith("arg") and not isinstance(value, Tensor)]
        return "_".join([name, *(key for key in options if key != "other")])
    if name == "embedding":
        place, given = bound.get("padding_idx"), bound["input"]
        isPadded = place is not None and bool((given == place % bound["weight"].size(0)).any())
        return "padded_embedding" if isPadded or bound.get("scale_grad_by_freq") else name
    return name


def _drop_mask(call: Call, output: Tensor) -> None:
    """What a dropout left out is known from what it saved for its own gradient."""
    saved = getattr(output.grad_fn, "_saved_other", None)
    if isinstance(saved, Tensor) and saved.shape == output.shape:
        call.operands = call.operands[:1] + [saved]
        call.arguments = ["input", "mask"]


def parts_of(name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any], outputs: List[Tensor]) -> Optional[List[Call]]:
    """The results of a split: each a range of the same array."""
    x = args[0] if args and isinstance(args[0], Tensor) else None
    if name not in ("split", "chunk", "unbind", "tensor_split", "split_with_sizes") or x is None:
        return None
    axis = kwargs.get("dim", args[2] if len(args) > 2 else 0) if name != "unbind" else kwargs.get(
        "dim", args[1] if len(args) > 1 else 0)
    axis %= x.dim()
    calls, start = [], 0
    for output in outputs:
        size = 1 if name == "unbind" else output.size(axis)
        place: Any = start if name == "unbind" else [start, start + size]
        calls.append(Call("index", [x], position=[None] * axis + [place]))
        start += size
    return calls
