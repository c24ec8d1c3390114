"""Writes library.json: what NumPy, PyTorch, JAX and TensorFlow's names give for the very text that a program may contain.

    pip install torch numpy
    python make_library_fixtures.py > library.json

Text with `np.` is evaluated by NumPy, everything else by PyTorch, with the same arrays. NumPy stands for `jnp`.
PyTorch gives the gradients as well: of the sum of the result's elements, each times weight(i).
"""
import json
import math

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

NUMBERS = {
    "s": 1.5, "v": [0.5, -1.25, 2.0], "x": [[0.5, 0.25, 2.0], [0.75, 0.125, -1.0]],
    "y": [[0.25, 1.0, 0.0], [0.5, 0.5, 1.0]], "A": [[1.0, -2.0], [0.25, 3.0]], "E": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.5]],
    "T": [[[1.0, 2.0], [3.0, 4.5]], [[-5.0, 6.0], [7.0, -9.0]]], "g": [0.5, 2.0, -1.0],
    "image": [[[[1.0, 2.0, 3.0, -1.0], [3.0, 4.0, 7.0, 2.0], [5.0, 6.0, 8.0, 0.5]]]], "W": [[[[1.0, 2.0], [3.0, -4.0]]]]
}
NUMPY = """
np.var(x)|np.var(x, 0)|np.var(x, axis=1)|np.var(x, ddof=1)|np.var(x, 0, ddof=1)|np.std(x)|np.std(x, axis=0)
np.std(x, axis=0, ddof=1)|np.std(x, axis=(0, 1))|np.var(T, axis=(0, 2), keepdims=True)|np.flip(x)|np.flip(x, 0)
np.flip(x, axis=1)|np.flip(T, axis=(0, 2))|np.flip(v)|np.repeat(v, 2)|np.repeat(x, 2, axis=1)|np.repeat(x, repeats=2, axis=0)
np.pad(v, 1)|np.pad(v, (1, 2))|np.pad(x, 1)|np.pad(x, (1, 2))|np.pad(x, ((1, 0), (0, 2)))|np.pad(v, 1, 'constant')
np.pad(v, 2, mode='constant', constant_values=3)|np.pad(x, pad_width=1)|np.tile(x, 2)|np.tile(x, (2, 1))|np.tile(v, reps=(2, 2))
np.concatenate((x, y), 1)|np.concatenate([x, y])|np.concatenate((x, y), axis=-1)|np.stack((v, g), 1)|np.stack([v, g])
np.linalg.norm(x)|np.linalg.norm(v)|np.linalg.norm(v, 1)|np.linalg.norm(x, axis=1)|np.linalg.norm(x, 1, axis=0)
np.linalg.norm(x, ord=2, axis=1, keepdims=True)|np.dot(A, A)|np.dot(v, g)|np.dot(x, v)|np.matmul(A, x)|np.power(A, 2)
np.square(A)|np.max(x, 0)|np.min(x, axis=1)|np.amax(x, 1)|np.max(x, 1)[0]|np.maximum(x, 0)|np.minimum(x, y)|np.sum(x, 0)
np.sum(x, axis=None)|np.sum(T, axis=(0, 1))|np.mean(x, 1, keepdims=True)|np.average(x, 0)|np.prod(x, 1)|np.cumsum(x, 1)
np.cumsum(v)|np.clip(x, 0, 1)|np.clip(x, a_min=0, a_max=1)|np.where(x > 0, x, y)|np.transpose(x)|np.transpose(T, (2, 0, 1))
np.transpose(T, axes=(1, 0, 2))|np.swapaxes(T, 0, 2)|np.swapaxes(T, axis1=0, axis2=1)|np.reshape(x, (3, 2))|np.reshape(x, -1)
np.expand_dims(x, 1)|np.squeeze(image)|np.squeeze(image, axis=0)|np.tril(A)|np.triu(A, k=1)|np.tril(A, -1)|np.zeros((2, 3))
np.zeros(shape=(2, 1)) + v|np.ones((3, 1, 2))|np.ones(3)|np.full((2, 3), 0.5)|np.full(shape=(2,), fill_value=7)|np.eye(3)
np.eye(2, 3)|np.arange(4)|np.arange(1, 6, 2)|np.arange(0, 1, 0.25)|np.linspace(0, 1, 5)|np.linspace(0, 1, num=3)
np.round(x * 2.5)|np.sign(x)|np.floor(x)|np.ceil(x)|np.abs(x)|np.fabs(x)|np.absolute(x)|np.log1p(x * x)|np.expm1(x)
np.log2(x * x)|np.log10(x * x)|np.exp(x)|np.log(y + 1)|np.sin(x)|np.cos(x)|np.sqrt(y)|np.tanh(x)
np.arcsin(y)|np.arccos(y)|np.arctan(x)|np.sinh(x)|np.cosh(x)|np.tan(x)|np.exp(v) / np.e
x[:, np.newaxis]|v[np.newaxis, :]|v[:, np.newaxis] * np.pi|np.flip(x, 1)[0]
"""
TORCH = """
torch.var(x)|torch.var(x, 1)|torch.var(x, dim=0, unbiased=False)|torch.var(x, 0, correction=0)|torch.std(x, 0, keepdim=True)
x.var()|x.var(0)|x.std(1, unbiased=False)|x.std(0, keepdim=True)|x.var(dim=(0, 1), correction=2)|torch.flip(x, [0, 1])
torch.flip(x, dims=[1])|x.flip(0)|x.flip(0, 1)|torch.repeat_interleave(v, 2)|torch.repeat_interleave(x, 2, dim=1)
F.pad(v, (1, 2))|F.pad(x, (1, 2))|F.pad(x, (1, 0, 0, 2))|F.pad(x, (1, 1), value=0.5)|F.pad(x, (1, 0), "constant", 7)
F.pad(T, (0, 1, 1, 0, 0, 1), mode="constant")|torch.nn.functional.pad(T, pad=(1, 0))|torch.tile(x, (2, 1))|x.tile(2)
torch.cat((x, y), 1)|torch.cat([x, y], dim=1)|torch.cat((x, y))|torch.concat([x, y], -1)|torch.stack((v, g), 1)
torch.stack([v, g], dim=0)|torch.norm(x)|x.norm()|x.norm(1)|x.norm(2, 1)|x.norm(p=1, dim=0)|x.norm(dim=1, keepdim=True)
torch.linalg.norm(x)|torch.linalg.norm(v, 1)|torch.linalg.norm(x, dim=1)|torch.dot(v, g)|torch.mm(A, A)|torch.mv(x, v)
torch.bmm(T, T)|A.mm(x)|torch.matmul(T, A)|torch.max(x)|torch.max(x, y)|torch.amax(x, 1)|torch.amin(x, dim=0)
torch.maximum(x, y)|torch.sum(x, 0)|torch.sum(x, dim=(0, 1))|x.sum(1, keepdim=True)|x.mean(-1)|torch.prod(x, 1)
torch.logsumexp(x, 1)|torch.cumsum(x, 0)|torch.clamp(x, 0, 1)|x.clamp(min=0)|x.clip(0, 0.5)|torch.where(x > 0, x, y)
torch.transpose(T, 1, 2)|T.transpose(0, 2)|T.transpose(dim0=0, dim1=1)|T.permute(2, 0, 1)|torch.permute(T, (1, 2, 0))
torch.permute(T, dims=(1, 2, 0))|x.t()|torch.t(x)|x.view(3, 2)|x.view(-1)|x.reshape((3, 2))|torch.reshape(x, (6,))
x.unsqueeze(1)|torch.squeeze(image, 0)|torch.asin(y)|torch.acos(y)|torch.atan(x)|torch.tan(x)|torch.sinh(x)|torch.cosh(x)
torch.log1p(y)|torch.expm1(x)|torch.log2(y + 1)|torch.log10(y + 1)|torch.ceil(x)|torch.sign(x)|torch.sum(torch.min(x, y))|torch.tril(A)|torch.triu(A, diagonal=1)|torch.zeros(2, 3)|torch.ones((3,))
torch.full((2, 2), 1.5)|torch.eye(3)|torch.arange(4)|torch.arange(1, 6, step=2)|torch.linspace(0, 1, steps=5)
torch.linspace(start=0, end=1, steps=3)|torch.softmax(x, 1)|x.softmax(dim=0)|F.softmax(x)|F.softmax(T, dim=1)
F.log_softmax(x, 1)|F.log_softmax(x)|F.relu(x)|F.gelu(x)|F.gelu(x, approximate="tanh")|F.elu(x)|F.elu(x, 0.5)
F.leaky_relu(x)|F.leaky_relu(x, 0.2)|F.silu(x)|F.softplus(x)|F.logsigmoid(x)|F.hardtanh(x)|F.hardtanh(x, -0.5, 0.5)
torch.sigmoid(x)|torch.tanh(x)|torch.erf(x)|torch.round(x * 2.5)|torch.pow(x, 2)|torch.pow(input=x, exponent=3)|x.pow(2)
torch.square(x)|x.detach() * x|F.mse_loss(x, y)|F.mse_loss(input=x, target=y)|F.l1_loss(x, y)|F.huber_loss(x, y, delta=0.5)
F.smooth_l1_loss(x, y, beta=0.5)|F.binary_cross_entropy(torch.sigmoid(x), y)|F.binary_cross_entropy_with_logits(x, y)
F.cross_entropy(x, [0, 2])|F.cross_entropy(x, y)|F.cross_entropy(x, [0, -100])|F.cross_entropy(x, [2, 1], label_smoothing=0.1)
F.cross_entropy(x, [2, 1], ignore_index=1)|F.nll_loss(F.log_softmax(x, 1), [0, -100])|F.kl_div(F.log_softmax(x, 1), y)
F.kl_div(F.log_softmax(x, 1), y + 0.5)|torch.asin(y * 0.5)|torch.acos(y * 0.5)|torch.where(x > 0.25, x, y) * x
torch.exp(x)|torch.log(y + 1)|torch.sin(x)|torch.cos(x)|torch.sqrt(y + 1)|torch.abs(x)|torch.floor(x) * x
F.cosine_similarity(x, y)|F.cosine_similarity(T, T + 1, dim=1)|F.layer_norm(x, (3,))|F.layer_norm(x, (3,), v, g)
F.layer_norm(x, (3,), weight=v, bias=g)|F.layer_norm(x, normalized_shape=(3,), eps=0.1)|F.rms_norm(x, (3,), v)
F.batch_norm(x, None, None, training=True)|F.batch_norm(x, None, None, v, g, training=True)|F.embedding([2, 0], E)
F.embedding([[2, 0], [1, 1]], E)|F.embedding(input=[1], weight=E)|F.one_hot([0, 2], 3)|F.one_hot([0, 2], num_classes=4)
F.one_hot([[0, 2], [1, 1]], 3)|F.conv2d(image, W)|F.conv2d(image, W, None, 2, 1)|F.conv2d(image, W, padding=1)
F.conv2d(input=image, weight=W, stride=1)|F.max_pool2d(image, 2)|F.max_pool2d(image, 2, 1)|F.max_pool2d(image, kernel_size=2)
F.conv1d(T, T)|F.conv1d(T, T, stride=1, padding=1)|F.avg_pool2d(image, 2, stride=1)|F.scaled_dot_product_attention(A, A, A)
F.scaled_dot_product_attention(query=A, key=A, value=A, is_causal=True)
"""


def integers(text):
    """PyTorch's classes and numbers of rows are tensors."""
    for word in ("F.cross_entropy(x, [", "F.nll_loss(F.log_softmax(x, 1), [", "F.embedding([", "F.embedding(input=[", "F.one_hot(["):
        if text.startswith(word):
            start = text.index(word) + len(word) - 1
            depth, end = 0, start
            while True:
                depth += {"[": 1, "]": -1}.get(text[end], 0)
                end += 1
                if depth == 0:
                    break
            return f"{text[:start]}torch.tensor({text[start:end]}){text[end:]}"
    return text


def weight(i):
    return ((i * 37) % 11 - 4) / 5


def gradients(result, names):
    """What the sum of the weighted entries passes back to each array; nothing where that is not finite."""
    if not result.requires_grad:
        return {}
    weights = torch.tensor([weight(i) for i in range(result.numel())]).reshape(result.shape)
    parts = torch.autograd.grad((result * weights).sum(), list(names.values()), allow_unused=True)
    if not all(part is None or part.isfinite().all() for part in parts):
        return {}
    return {
        name: (torch.zeros_like(names[name]) if part is None else part).flatten().tolist()
        for name, part in zip(names, parts)
    }


cases = []
for source, kind in [(NUMPY, np.array), (TORCH, torch.tensor)]:
    names = {name: kind(value) for name, value in NUMBERS.items()}
    for array in names.values():
        if torch.is_tensor(array):
            array.requires_grad_()
    for text in (t for line in source.strip().split("\n") for t in line.split("|")):
        result = eval(integers(text), {"np": np, "torch": torch, "F": F, "math": math}, names)
        array = np.asarray(result.detach() if torch.is_tensor(result) else result, dtype=float)
        cases.append({"text": text, "shape": list(array.shape), "numbers": array.ravel().tolist()})
        if torch.is_tensor(result) and (found := gradients(result, names)):
            cases[-1]["gradients"] = found

print(json.dumps({"values": NUMBERS}) [:-1] + ", \"cases\": [\n" + ",\n".join(map(json.dumps, cases)) + "\n]}")
