"""Writes functions.json: values and gradients of composed functions as PyTorch computes them, in double precision.

    pip install torch
    python make_function_fixtures.py > functions.json

The loss of a case is the sum of the result's elements, each times weight(i), so that every element of a gradient counts.
"""
import json
import math
import random
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
random.seed(20261127)


def weight(i):
    return ((i * 37) % 11 - 4) / 5


def tensor(shape, low=-2.0, high=2.0):
    count = math.prod(shape)
    return torch.tensor([round(random.uniform(low, high), 3) for _ in range(count)]).reshape(shape)


cases = []


def number(x):
    """JSON has no word for what is not finite."""
    return x if math.isfinite(x) else "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"


def case(name, operands, function):
    leaves = [operand.clone().requires_grad_(True) for operand in operands]
    result = function(*leaves)
    weights = torch.tensor([weight(i) for i in range(result.numel())]).reshape(result.shape)
    (result * weights).sum().backward()
    zero = [torch.zeros_like(x) if x.grad is None else x.grad for x in leaves]
    cases.append({
        "name": name,
        "operands": [{"shape": list(x.shape), "values": [number(v) for v in x.detach().flatten().tolist()]} for x in leaves],
        "shape": list(result.shape),
        "value": [number(v) for v in result.detach().flatten().tolist()],
        "gradients": [[number(v) for v in x.flatten().tolist()] for x in zero],
    })


edges = torch.tensor([0.0, 1.0, -1.0, 0.5, -0.5, 3.0, -3.0])
activations = {
    "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)), "logSigmoid": F.logsigmoid, "silu": F.silu, "gelu": F.gelu,
    "gelu tanh": lambda x: F.gelu(x, approximate="tanh"), "elu": F.elu, "elu 0.5": lambda x: F.elu(x, 0.5),
    "leakyReLU": F.leaky_relu, "leakyReLU 0.2": lambda x: F.leaky_relu(x, 0.2), "hardTanh": F.hardtanh,
    "logSoftmax": lambda x: F.log_softmax(x, -1), "clip": lambda x: torch.clamp(x, -1, 0.5),
    "clip above": lambda x: torch.clamp(x, max=0.5),
}
for name, function in activations.items():
    case(name, [edges], function)
    case(name, [tensor((2, 3, 2))], function)
    case(name, [torch.tensor([800.0, -800.0, 30.0])], function)
case("softmax", [torch.tensor([[1.0, 2.0], [-math.inf, -math.inf], [-math.inf, 3.0]])], lambda x: torch.softmax(x, -1))

case("choose", [tensor((2, 3)), tensor((2, 3)), tensor((3,))], lambda c, a, b: torch.where(c > 0, a, b))
case("choose root", [torch.tensor([4.0, -1.0, 0.0])],
     lambda x: torch.where(x > 0, torch.sqrt(torch.where(x > 0, x, 1.0)), torch.zeros(())))
case("stopped", [tensor((3,))], lambda x: x * x.detach())

for shape in [(5,), (2, 3, 4)]:
    for axis in [None] + list(range(len(shape))):
        suffix = "" if axis is None else f" {axis}"
        dims = {} if axis is None else {"dim": axis}
        case("variance" + suffix, [tensor(shape)], lambda x: torch.var(x, **dims))
        case("deviation" + suffix, [tensor(shape)], lambda x: torch.std(x, **dims))
        case("norm" + suffix, [tensor(shape)], lambda x: torch.linalg.vector_norm(x, **dims))
        case("taxicab" + suffix, [tensor(shape)], lambda x: torch.linalg.vector_norm(x, 1, **dims))
        case("product" + suffix, [tensor(shape)], lambda x: torch.prod(x, **dims))
        if axis is not None:
            case("cumulativeSum" + suffix, [tensor(shape)], lambda x: torch.cumsum(x, dim=axis))
            case("flipped" + suffix, [tensor(shape)], lambda x: torch.flip(x, [axis]))
            case("repeated" + suffix, [tensor(shape)], lambda x: torch.repeat_interleave(x, 2, dim=axis))
            case("mean kept" + suffix, [tensor(shape)], lambda x: x - torch.mean(x, dim=axis, keepdim=True))
case("deviation", [torch.tensor([2.0, 2.0, 2.0])], torch.std)
case("norm", [torch.zeros(3)], torch.linalg.vector_norm)
case("product", [torch.tensor([2.0, 0.0, 3.0])], torch.prod)
case("product", [torch.tensor([0.0, 0.0, 3.0, 4.0])], torch.prod)
case("variance without correction", [tensor((4,))], lambda x: torch.var(x, correction=0))

case("stack", [tensor((2, 3)), tensor((2, 3))], lambda a, b: torch.stack([a, b]))
case("stack 1", [tensor((2, 3)), tensor((2, 3))], lambda a, b: torch.stack([a, b], dim=1))
case("stack -1", [tensor(()), tensor(()), tensor(())], lambda *x: torch.stack(x, dim=-1))
case("tiled", [tensor((2, 3))], lambda x: torch.tile(x, (2, 2)))
case("tiled more", [tensor((3,))], lambda x: torch.tile(x, (2, 1, 2)))
case("padded", [tensor((2, 3))], lambda x: F.pad(x, (2, 0, 1, 1), value=0.5))
case("lower", [tensor((2, 3, 3))], torch.tril)
case("lower 1", [tensor((3, 4))], lambda x: torch.tril(x, 1))
case("upper -1", [tensor((4, 3))], lambda x: torch.triu(x, -1))
case("embedding", [tensor((4, 3))], lambda e: F.embedding(torch.tensor([2, 0, 2, 3]), e))
case("stride", [tensor((6, 2))], lambda x: x[1::2])
case("reverse stride", [tensor((5,))], lambda x: torch.flip(x, [0])[::2])
case("range", [tensor((3, 4))], lambda x: x[1:, 0:2])

for stride, padding, dilation, groups in [(1, 0, 1, 1), (2, 1, 1, 1), (1, 1, 2, 1), (1, 0, 1, 2)]:
    name = f"conv2d {stride} {padding} {dilation} {groups}"
    case(name, [tensor((2, 4, 5, 6)), tensor((2, 4 // groups, 3, 2)), tensor((2,))],
         lambda x, w, b: F.conv2d(x, w, b, stride=stride, padding=padding, dilation=dilation, groups=groups))
case("conv1d", [tensor((2, 3, 7)), tensor((4, 3, 3)), tensor((4,))], lambda x, w, b: F.conv1d(x, w, b, stride=2, padding=1))
case("max pool", [tensor((2, 1, 4, 6))], lambda x: F.max_pool2d(x, 2))
case("max pool", [torch.relu(tensor((1, 2, 4, 4)))], lambda x: F.max_pool2d(x, 2))
case("max pool stride", [tensor((1, 2, 5, 5))], lambda x: F.max_pool2d(x, 3, stride=1))
case("average pool", [tensor((2, 1, 4, 6))], lambda x: F.avg_pool2d(x, 2))
for shape in [(2, 4), (2, 3, 4)]:
    case("layer norm", [tensor(shape), tensor((4,)), tensor((4,))], lambda x, g, b: F.layer_norm(x, (4,), g, b))
    case("rms norm", [tensor(shape), tensor((4,))], lambda x, g: F.rms_norm(x, (4,), g))
for shape in [(5, 3), (2, 3, 2, 2)]:
    case("batch norm", [tensor(shape), tensor((3,)), tensor((3,))],
         lambda x, g, b: F.batch_norm(x, None, None, g, b, training=True))
case("attention", [tensor((3, 4)), tensor((5, 4)), tensor((5, 2))], F.scaled_dot_product_attention)
case("attention causal", [tensor((2, 4, 3)), tensor((2, 4, 3)), tensor((2, 4, 3))],
     lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True))


def heads(x):
    return x.reshape(2, 3, 2, 2).transpose(1, 2)


case("attention heads", [tensor((2, 3, 4)), tensor((2, 3, 4)), tensor((2, 3, 4))],
     lambda q, k, v: F.scaled_dot_product_attention(heads(q), heads(k), heads(v)).transpose(1, 2).reshape(2, 3, 4))
case("smooth L1", [tensor((2, 3)), tensor((2, 3))], F.smooth_l1_loss)
case("smooth L1 0.3", [tensor((2, 3)), tensor((2, 3))], lambda a, b: F.smooth_l1_loss(a, b, beta=0.3))
case("divergence", [tensor((2, 3), -3, 0), tensor((2, 3), 0.1, 1)], F.kl_div)
case("cosine", [tensor((2, 3)), tensor((2, 3))], F.cosine_similarity)
case("smoothed", [tensor((3, 4))],
     lambda z: F.cross_entropy(z, torch.tensor([2, 0, 3]), label_smoothing=0.1))
case("likelihood", [tensor((3, 4))], lambda z: F.nll_loss(F.log_softmax(z, 1), torch.tensor([2, 0, 3])))
case("focal", [tensor((2, 3)), torch.tensor([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]])], lambda z, y: (
    (0.25 * y + 0.75 * (1 - y)) * (1 - (torch.sigmoid(z) * y + (1 - torch.sigmoid(z)) * (1 - y))) ** 2
    * F.binary_cross_entropy_with_logits(z, y, reduction="none")).mean())

for dims in [(0, 2), (1, 0), (-1, 1)]:
    for keep in [False, True]:
        name = f" axes {dims[0]} {dims[1]} {int(keep)}"
        case("sum" + name, [tensor((2, 3, 4))], lambda x: torch.sum(x, dims, keepdim=keep))
        case("mean" + name, [tensor((2, 3, 4))], lambda x: torch.mean(x, dims, keepdim=keep))
        case("max" + name, [torch.relu(tensor((2, 3, 2), -2, 1))], lambda x: torch.amax(x, dims, keepdim=keep))
        case("min" + name, [torch.relu(tensor((2, 3, 2)))], lambda x: torch.amin(x, dims, keepdim=keep))
        case("logSumExp" + name, [tensor((2, 3, 4))], lambda x: torch.logsumexp(x, dims, keepdim=keep))
        case("variance" + name, [tensor((2, 3, 4))], lambda x: torch.var(x, dims, keepdim=keep))
        case("deviation" + name, [tensor((2, 3, 4))], lambda x: torch.std(x, dims, keepdim=keep))
        case("norm" + name, [tensor((2, 3, 4))], lambda x: torch.linalg.vector_norm(x, 2, dims, keepdim=keep))
        case("product" + name, [tensor((2, 3, 2))], lambda x: torch.prod(
            x.movedim(dims, (-2, -1)).flatten(-2), dim=-1).reshape(torch.sum(x, dims, keepdim=keep).shape))

absent = torch.tensor([2, -100, 3])
case("present", [tensor((3, 4))], lambda z: F.cross_entropy(z, absent))
case("present smoothed", [tensor((3, 4))], lambda z: F.cross_entropy(z, absent, label_smoothing=0.1))
case("present likelihood", [tensor((3, 4))], lambda z: F.nll_loss(F.log_softmax(z, 1), absent))


def evaluated(x, g, b):
    """In training on one batch first, which the running statistics keep."""
    norm = torch.nn.BatchNorm1d(3)
    norm(torch.tensor([[1.0, 2.0, 3.0], [3.0, 1.0, 0.0], [0.0, 0.5, 6.0]]))
    return F.batch_norm(x, norm.running_mean, norm.running_var, g, b, training=False)


case("batch norm evaluated", [tensor((4, 3)), tensor((3,)), tensor((3,))], evaluated)


def recurrent(layer):
    """The layer with transposed weights, as here, and one bias."""
    def run(x, w, u, b, *start):
        parameters = {"weight_ih_l0": w.T, "weight_hh_l0": u.T, "bias_ih_l0": b, "bias_hh_l0": torch.zeros_like(b)}
        start = tuple(state[None] for state in start)
        return torch.func.functional_call(layer, parameters, (x, start if len(start) > 1 else start[0]))[0]
    return run


for name, layer, gates in [("rnn", torch.nn.RNN, 1), ("gru", torch.nn.GRU, 3), ("lstm", torch.nn.LSTM, 4)]:
    states = [tensor((3, 2)) for _ in range(2 if gates == 4 else 1)]
    case(name + " start", [tensor((3, 2, 4)), tensor((4, 2 * gates)), tensor((2, 2 * gates)), tensor((2 * gates,))] + states,
         recurrent(layer(4, 2, batch_first=True)))



def multihead(heads, causal):
    """The module with transposed weights, as here."""
    def run(x, w, b, u, c):
        module = torch.nn.MultiheadAttention(x.shape[-1], heads, batch_first=True)
        parameters = {"in_proj_weight": w.T, "in_proj_bias": b, "out_proj.weight": u.T, "out_proj.bias": c}
        mask = torch.nn.Transformer.generate_square_subsequent_mask(x.shape[-2]) if causal else None
        return torch.func.functional_call(module, parameters, (x, x, x), {"attn_mask": mask, "need_weights": False})[0]
    return run


for name, shape, heads, causal in [
        ("", (3, 4), 1, False), (" heads", (2, 3, 4), 2, False), (" causal", (2, 4, 6), 3, True)]:
    d = shape[-1]
    case("multihead" + name, [tensor(shape), tensor((d, 3 * d), -1, 1), tensor((3 * d,)), tensor((d, d)), tensor((d,))],
         multihead(heads, causal))

print("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]")
