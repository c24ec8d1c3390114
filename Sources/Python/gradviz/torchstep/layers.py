"""Convolutions and recurrent layers as plain operations: slices, products, sums and the gates' functions."""

from __future__ import annotations

import itertools
from typing import Any, Callable, Dict, List, Optional, Tuple

import torch

Tensor = torch.Tensor


def convolution(a: Dict[str, Any]) -> Optional[Callable[[], Tensor]]:
    """One product: of the kernels as rows, and of the places they see as columns."""
    x, weight, bias = a["input"], a["weight"], a.get("bias")
    rank = weight.dim() - 2
    if x.dim() != rank + 2:
        return None
    sizes = weight.shape[2:]
    stride, dilation = _each(a.get("stride", 1), rank), _each(a.get("dilation", 1), rank)
    padding, groups = _padding(a.get("padding", 0), sizes, dilation), a.get("groups", 1)

    def run() -> Tensor:
        padded = _padded(x, padding)
        counts = [
            (padded.size(2 + axis) - dilation[axis] * (sizes[axis] - 1) - 1) // stride[axis] + 1 for axis in range(rank)
        ]
        parts = []
        for start in itertools.product(*map(range, sizes)):
            places = tuple(
                slice(at * gap, at * gap + (count - 1) * step + 1, step)
                for at, gap, step, count in zip(start, dilation, stride, counts))
            parts.append(padded[(slice(None), slice(None)) + places].unsqueeze(2))
        seen = torch.cat(parts, dim=2)
        own, out = weight.size(1), weight.size(0) // groups
        products = []
        for group in range(groups):
            columns = seen if groups == 1 else seen[:, group * own:(group + 1) * own]
            kernels = weight if groups == 1 else weight[group * out:(group + 1) * out]
            products.append(kernels.reshape(out, -1) @ columns.reshape(x.size(0), kernels[0].numel(), -1))
        result = products[0] if groups == 1 else torch.cat(products, dim=1)
        result = result.reshape(x.size(0), weight.size(0), *counts)
        return result if bias is None else result + bias.reshape(-1, *[1] * rank)

    return run


def _each(value: Any, rank: int) -> List[int]:
    values = list(value) if isinstance(value, (tuple, list)) else [value]
    return values * rank if len(values) == 1 else values


def _padding(padding: Any, sizes: Any, dilation: List[int]) -> List[Tuple[int, int]]:
    """How many zeros come before and after, for each axis."""
    if padding == "valid":
        return [(0, 0)] * len(sizes)
    if padding == "same":
        total = [gap * (size - 1) for gap, size in zip(dilation, sizes)]
        return [(each // 2, each - each // 2) for each in total]
    return [(each, each) for each in _each(padding, len(sizes))]


def _padded(x: Tensor, padding: List[Tuple[int, int]]) -> Tensor:
    for axis, ends in enumerate(padding):
        parts = [x.new_zeros(*x.shape[:2 + axis], count, *x.shape[3 + axis:]) if count else None for count in ends]
        before, after = ([] if part is None else [part] for part in parts)
        if before or after:
            x = torch.cat(before + [x] + after, dim=2 + axis)
    return x


def recurrent(kind: str, args: Any, kwargs: Any) -> Optional[Callable[[], Any]]:
    """All layers, directions and steps of a recurrent layer; `kind` is its function's name in PyTorch."""
    # A packed sequence has its batch sizes second; a projection has a fifth array.
    if kwargs or len(args) != 9 or not isinstance(args[3], bool):
        return None
    x, start, weights, has_bias, layers, dropout, training, is_bidirectional, is_batch_first = args
    states = list(start) if isinstance(start, (tuple, list)) else [start]
    directions = 2 if is_bidirectional else 1
    own = 4 if has_bias else 2
    if x.dim() != 3 or dropout and training and layers > 1 or len(weights) != own * layers * directions:
        return None
    axis = 1 if is_batch_first else 0
    step = {"lstm": _lstm, "gru": _gru, "rnn_tanh": _rnn(torch.tanh), "rnn_relu": _rnn(torch.relu)}[kind]

    def run() -> Any:
        inputs = [x[:, at] if is_batch_first else x[at] for at in range(x.size(axis))]
        last: List[List[Tensor]] = [[] for _ in states]
        for layer in range(layers):
            found = []
            for direction in range(directions):
                place = layer * directions + direction
                arrays = list(weights[own * place:own * (place + 1)]) + [None] * (4 - own)
                state = [each[place] for each in states]
                outputs = []
                for value in reversed(inputs) if direction else inputs:
                    state = step(value, state, *arrays)
                    outputs.append(state[0])
                found.append(outputs[::-1] if direction else outputs)
                for kept, each in zip(last, state):
                    kept.append(each)
            inputs = found[0] if directions == 1 else [torch.cat(pair, dim=-1) for pair in zip(*found)]
        output = torch.cat([each.unsqueeze(axis) for each in inputs], dim=axis)
        return (output, *(torch.cat([each.unsqueeze(0) for each in kept], dim=0) for kept in last))

    return run


def _sums(x: Tensor, h: Tensor, own: Tensor, back: Tensor, bias: Any, back_bias: Any) -> Tuple[Tensor, Tensor]:
    """What a step's input and the state before it give the gates."""
    first, second = x @ own.T, h @ back.T
    return (first, second) if bias is None else (first + bias, second + back_bias)


def _lstm(x: Tensor, state: List[Tensor], *weights: Any) -> List[Tensor]:
    h, c = state
    first, second = _sums(x, h, *weights)
    i, f, g, o = (first + second).chunk(4, dim=-1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return [torch.sigmoid(o) * torch.tanh(c), c]


def _gru(x: Tensor, state: List[Tensor], *weights: Any) -> List[Tensor]:
    h = state[0]
    first, second = (each.chunk(3, dim=-1) for each in _sums(x, h, *weights))
    r, z = (torch.sigmoid(one + two) for one, two in zip(first[:2], second[:2]))
    n = torch.tanh(first[2] + r * second[2])
    return [(1 - z) * n + z * h]


def _rnn(function: Callable[[Tensor], Tensor]) -> Callable[..., List[Tensor]]:
    def step(x: Tensor, state: List[Tensor], *weights: Any) -> List[Tensor]:
        first, second = _sums(x, state[0], *weights)
        return [function(first + second)]

    return step
