"""Composites as plain operations: our own definitions, which run under the recorder in place of PyTorch's."""

from __future__ import annotations

import math
from typing import Any, Callable, Dict, Optional

import torch
import torch.nn.functional as F

from .calls import named_arguments

Tensor = torch.Tensor


def opened(name: str, func: Any, args: Any, kwargs: Any) -> Optional[Callable[[], Any]]:
    """The plain operations behind a call; None where there is no definition for it, or not for these arguments."""
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


def _layer_norm(a: Dict[str, Any]) -> Optional[Callable[[], Tensor]]:
    if len(tuple(a["normalized_shape"])) != 1:
        return None

    def run() -> Tensor:
        x = a["input"]
        distance = x - x.mean(dim=-1, keepdim=True)
        variance = (distance**2).mean(dim=-1, keepdim=True)
        return _affine(distance / (variance + a.get("eps", 1e-5)) ** 0.5, a.get("weight"), a.get("bias"))

    return run


def _batch_norm(a: Dict[str, Any]) -> Optional[Callable[[], Tensor]]:
    x = a["input"]
    # Running statistics are PyTorch's own affair, as is what they make of evaluation.
    if not a.get("training") or a.get("running_mean") is not None:
        return None

    def run() -> Tensor:
        dims = [0] + list(range(2, x.dim()))
        shape = [1, -1] + [1] * (x.dim() - 2)
        distance = x - x.mean(dim=dims, keepdim=True)
        variance = (distance**2).mean(dim=dims, keepdim=True)
        parts = [part if part is None else part.view(shape) for part in (a.get("weight"), a.get("bias"))]
        return _affine(distance / (variance + a.get("eps", 1e-5)) ** 0.5, *parts)

    return run


def _affine(x: Tensor, weight: Optional[Tensor], bias: Optional[Tensor]) -> Tensor:
    x = x if weight is None else x * weight
    return x if bias is None else x + bias


def _cross_entropy(a: Dict[str, Any]) -> Optional[Callable[[], Tensor]]:
    scores, target = a["input"], a["target"]
    isPlain = a.get("weight") is None and not a.get("label_smoothing") and a.get("reduction", "mean") == "mean"
    if not isPlain or scores.dim() != 2 or target.dim() != 1 or bool((target < 0).any()):
        return None

    def run() -> Tensor:
        hot = F.one_hot(target, scores.size(1)).to(scores.dtype)
        return (torch.logsumexp(scores, dim=1) - (hot * scores).sum(dim=1)).mean()

    return run


def _mse_loss(a: Dict[str, Any]) -> Optional[Callable[[], Tensor]]:
    if a.get("reduction", "mean") != "mean" or a.get("weight") is not None:
        return None
    return lambda: ((a["input"] - a["target"]) ** 2).mean()


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
    if a.get("dropout_p") or a.get("attn_mask") is not None or a.get("enable_gqa"):
        return None

    def run() -> Tensor:
        q, k, v = a["query"], a["key"], a["value"]
        scores = (q @ k.transpose(-2, -1)) * (a.get("scale") or 1 / math.sqrt(q.size(-1)))
        if a.get("is_causal"):
            mask = torch.ones(q.size(-2), k.size(-2), dtype=torch.bool, device=q.device).tril()
            scores = scores.masked_fill(~mask, float("-inf"))
        return torch.softmax(scores, dim=-1) @ v

    return run


_DEFINITIONS: Dict[str, Callable[[Dict[str, Any]], Optional[Callable[[], Any]]]] = {
    "linear": _linear, "layer_norm": _layer_norm, "batch_norm": _batch_norm, "cross_entropy": _cross_entropy,
    "mse_loss": _mse_loss, "embedding": _embedding, "gelu": _gelu, "scaled_dot_product_attention": _attention,
}
