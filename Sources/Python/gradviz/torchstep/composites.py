"""Composites as plain operations: our own definitions, which run under the recorder in place of PyTorch's."""

from __future__ import annotations

import math
from typing import Any, Callable, Dict, Iterable, Optional, Set

import torch
import torch.nn.functional as F

from . import layers
from .calls import named_arguments

Tensor = torch.Tensor


#: The calls of ``nn.LSTM``, ``nn.GRU`` and ``nn.RNN``.
_RECURRENT = ("lstm", "gru", "rnn_tanh", "rnn_relu")


def chosen(expand: Iterable[str]) -> Set[str]:
    """The composites that ``expand`` names; ``ValueError`` for another name."""
    names = {expand} if isinstance(expand, str) else set(expand)
    known = ["all", *sorted([*_DEFINITIONS, *_RECURRENT])]
    for name in sorted(names.difference(known)):
        raise ValueError(f"expand={name!r} is unknown; expected some of {', '.join(known)}")
    return names


def opened(name: str, func: Any, args: Any, kwargs: Any) -> Optional[Callable[[], Any]]:
    """The plain operations behind a call; None where there is no definition for it, or not for these arguments."""
    if name in _RECURRENT:
        return layers.recurrent(name, args, kwargs)
    definition = _DEFINITIONS.get(name)
    if definition is None:
        return None
    bound = named_arguments(name, func, args, kwargs)
    return definition(bound)


def _linear(a: Dict[str, Any]) -> Callable[[], Tensor]:
    def run() -> Tensor:
        product = a["input"] @ a["weight"].T
        return product if a.get("bias") is None else product + a["bias"]

    return run


def _layer_norm(a: Dict[str, Any]) -> Callable[[], Tensor]:
    axes = len(tuple(a["normalized_shape"]))

    def run() -> Tensor:
        x = a["input"]
        rows = x if axes == 1 else x.flatten(-axes)
        return _affine(_standardized(rows, a.get("eps", 1e-5)).reshape(x.shape), a.get("weight"), a.get("bias"))

    return run


def _standardized(rows: Tensor, eps: float) -> Tensor:
    """Each row of the last axis without its mean, in units of its standard deviation."""
    distance = rows - rows.mean(dim=-1).unsqueeze(-1)
    variance = (distance**2).mean(dim=-1).unsqueeze(-1)
    return distance / (variance + eps) ** 0.5


def _batch_norm(a: Dict[str, Any]) -> Callable[[], Tensor]:
    x, mean, variance = a["input"], a.get("running_mean"), a.get("running_var")
    eps, is_training = a.get("eps", 1e-5), bool(a.get("training"))
    shape = [-1] + [1] * (x.dim() - 2)
    if is_training and mean is not None:
        # The running statistics move as PyTorch moves them, which is not recorded.
        with torch.no_grad():
            F.batch_norm(x, mean, variance, training=True, momentum=a.get("momentum", 0.1), eps=eps)

    def run() -> Tensor:
        parts = [part if part is None else part.view(shape) for part in (a.get("weight"), a.get("bias"))]
        if not is_training and mean is not None:
            return _affine((x - mean.view(shape)) / (variance.view(shape) + eps) ** 0.5, *parts)
        channels = x.transpose(0, 1)
        rows = _standardized(channels.reshape(channels.size(0), -1), eps)
        return _affine(rows.reshape(channels.shape).transpose(0, 1), *parts)

    return run


def _affine(x: Tensor, weight: Optional[Tensor], bias: Optional[Tensor]) -> Tensor:
    x = x if weight is None else x * weight
    return x if bias is None else x + bias


def _cross_entropy(a: Dict[str, Any]) -> Optional[Callable[[], Tensor]]:
    scores, target, total = a["input"], a["target"], _TOTALS.get(a.get("reduction", "mean"))
    isPlain = a.get("weight") is None and not a.get("label_smoothing") and total is not None
    if not isPlain or scores.dim() != 2 or target.dim() != 1 or bool((target < 0).any()):
        return None

    def run() -> Tensor:
        hot = F.one_hot(target, scores.size(1)).to(scores.dtype)
        return total(torch.logsumexp(scores, dim=1) - (hot * scores).sum(dim=1))

    return run


#: What a loss makes of its numbers.
_TOTALS: Dict[str, Callable[[Tensor], Tensor]] = {"mean": torch.mean, "sum": torch.sum, "none": lambda losses: losses}


def _mse_loss(a: Dict[str, Any]) -> Optional[Callable[[], Tensor]]:
    total = _TOTALS.get(a.get("reduction", "mean"))
    if total is None or a.get("weight") is not None:
        return None
    return lambda: total((a["input"] - a["target"]) ** 2)


def _dropout(a: Dict[str, Any]) -> Optional[Callable[[], Tensor]]:
    if not a.get("training", True) or a.get("inplace"):
        return None
    # The numbers that the call itself would draw.
    mask = F.dropout(torch.ones_like(a["input"]), a.get("p", 0.5), training=True).detach()
    return lambda: a["input"] * mask


def _embedding(a: Dict[str, Any]) -> Optional[Callable[[], Tensor]]:
    if a.get("max_norm") is not None or a.get("padding_idx") is not None or a.get("sparse"):
        return None

    def run() -> Tensor:
        hot = F.one_hot(a["input"], a["weight"].size(0)).to(a["weight"].dtype)
        return hot @ a["weight"]

    return run


def _gelu(a: Dict[str, Any]) -> Callable[[], Tensor]:
    x = a["input"]
    if a.get("approximate", "none") == "tanh":
        return lambda: 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return lambda: 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))


def _attention(a: Dict[str, Any]) -> Optional[Callable[[], Tensor]]:
    if a.get("dropout_p") or a.get("enable_gqa"):
        return None
    mask = a.get("attn_mask")

    def run() -> Tensor:
        q, k, v = a["query"], a["key"], a["value"]
        scores = (q @ k.transpose(-2, -1)) * (a.get("scale") or 1 / math.sqrt(q.size(-1)))
        if a.get("is_causal"):
            causal = torch.ones(q.size(-2), k.size(-2), dtype=torch.bool, device=q.device).tril()
            scores = scores.masked_fill(~causal, float("-inf"))
        elif mask is not None:
            scores = scores.masked_fill(~mask, float("-inf")) if mask.dtype == torch.bool else scores + mask
        return torch.softmax(scores, dim=-1) @ v

    return run


_DEFINITIONS: Dict[str, Callable[[Dict[str, Any]], Optional[Callable[[], Any]]]] = {
    "linear": _linear, "layer_norm": _layer_norm, "batch_norm": _batch_norm, "cross_entropy": _cross_entropy,
    "mse_loss": _mse_loss, "embedding": _embedding, "gelu": _gelu, "scaled_dot_product_attention": _attention,
    "dropout": _dropout, "conv1d": layers.convolution, "conv2d": layers.convolution, "conv3d": layers.convolution,
}
