"""Writes pytorch.json: values and gradients of every operation as PyTorch computes them, in double precision.

    pip install torch
    python make_fixtures.py > pytorch.json

The loss of a case is the sum of the result's elements, each times weight(i), so that every element of a gradient counts.
"""
import json
import math
import random
import torch

torch.set_default_dtype(torch.float64)
random.seed(20261123)


def weight(i):
    return ((i * 37) % 11 - 4) / 5


def tensor(shape, low=-2.0, high=2.0):
    count = math.prod(shape)
    return torch.tensor([round(random.uniform(low, high), 3) for _ in range(count)]).reshape(shape)


cases = []


def case(operation, operands, function, **extra):
    leaves = [operand.clone().requires_grad_(True) for operand in operands]
    result = function(*leaves)
    weights = torch.tensor([weight(i) for i in range(result.numel())]).reshape(result.shape)
    (result * weights).sum().backward()
    cases.append({
        "operation": operation,
        "operands": [{"shape": list(x.shape), "values": x.detach().flatten().tolist()} for x in leaves],
        "shape": list(result.shape),
        "value": result.detach().flatten().tolist(),
        "gradients": [x.grad.flatten().tolist() for x in leaves],
        **extra,
    })


unary = {
    "negate": torch.neg, "exp": torch.exp, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu,
    "sin": torch.sin, "cos": torch.cos, "abs": torch.abs,
}
for name, function in unary.items():
    for shape in [(), (3,), (2, 3)]:
        case(name, [tensor(shape)], function)
    case(name, [torch.tensor(0.0)], function)
for name, function in {"log": torch.log, "sqrt": torch.sqrt}.items():
    for shape in [(), (3,), (2, 3)]:
        case(name, [tensor(shape, 0.1, 3)], function)
case("sigmoid", [torch.tensor([-800.0, 800.0, -30.0])], torch.sigmoid)
case("tanh", [torch.tensor([-400.0, 400.0])], torch.tanh)

binary = {
    "add": torch.add, "subtract": torch.sub, "multiply": torch.mul, "divide": torch.div,
    "maximum": torch.maximum, "minimum": torch.minimum,
}
shapes = [((), ()), ((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 1), (1, 3)), ((2, 3), ()), ((), (2, 3)), ((2, 3), (2, 1))]
for name, function in binary.items():
    for a, b in shapes:
        case(name, [tensor(a), tensor(b, 0.3, 2)], function)
for name in ["maximum", "minimum"]:
    case(name, [torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 5.0, -3.0])], binary[name])
for a, b in shapes:
    case("power", [tensor(a, 0.2, 2), tensor(b, -2, 2)], torch.pow)
case("power", [torch.tensor(0.0), torch.tensor(2.0)], torch.pow)
case("power", [torch.tensor(0.0), torch.tensor(0.0)], torch.pow)
for exponent in [2, 3, -1, 0.5, 0, 1, -2.5]:
    case("power", [tensor((2, 2), 0.2, 2)], lambda x: x ** exponent, exponent=exponent)
for exponent in [2, 3, -1, 0]:
    case("power", [torch.tensor([-1.5, -0.25])], lambda x: x ** exponent, exponent=exponent)
case("power", [torch.tensor(0.0)], lambda x: x ** 2, exponent=2)

for a, b in [((2, 3), (3, 4)), ((2, 3), (3,)), ((3,), (3, 4)), ((3,), (3,)), ((1, 1), (1, 1))]:
    case("matrixMultiply", [tensor(a), tensor(b)], torch.matmul)
case("transpose", [tensor((2, 3))], lambda x: x.T)

for name, function in {"sum": torch.sum, "mean": torch.mean}.items():
    for shape in [(4,), (2, 3)]:
        case(name, [tensor(shape)], lambda x: function(x))
        for axis in range(len(shape)):
            case(name, [tensor(shape)], lambda x: function(x, dim=axis), axis=axis)
for name, function in {"maximumReduction": torch.amax, "minimumReduction": torch.amin}.items():
    for shape in [(4,), (2, 3)]:
        case(name, [tensor(shape)], lambda x: function(x))
        for axis in range(len(shape)):
            case(name, [tensor(shape)], lambda x: function(x, dim=axis), axis=axis)
    case(name, [torch.tensor([2.0, 1.0, 2.0, 1.0])], lambda x: function(x))
for shape in [(4,), (2, 3)]:
    case("logSumExp", [tensor(shape)], lambda x: torch.logsumexp(x, dim=tuple(range(x.dim()))))
    for axis in range(len(shape)):
        case("logSumExp", [tensor(shape)], lambda x: torch.logsumexp(x, dim=axis), axis=axis)
        case("softmax", [tensor(shape)], lambda x: torch.softmax(x, dim=axis), axis=axis)
case("logSumExp", [torch.tensor([1000.0, 1001.0])], lambda x: torch.logsumexp(x, dim=0))
case("softmax", [torch.tensor([1000.0, 1001.0, -1000.0])], lambda x: torch.softmax(x, dim=0), axis=0)
case("index", [tensor((2, 3))], lambda x: x[1], position=[1])
case("index", [tensor((2, 3))], lambda x: x[1, 2], position=[1, 2])
case("index", [tensor((2, 3))], lambda x: x[:, 0], position=[None, 0])
case("index", [tensor((4,))], lambda x: x[-1], position=[-1])

case("clampedLog", [tensor([5], 0.1, 3.0)], lambda x: torch.clamp(torch.log(x), min=-100))

for name, function, low, high in [
    ("tan", torch.tan, -1.2, 1.2), ("asin", torch.asin, -0.9, 0.9), ("acos", torch.acos, -0.9, 0.9),
    ("atan", torch.atan, -3, 3), ("sinh", torch.sinh, -3, 3), ("cosh", torch.cosh, -3, 3),
    ("log1p", torch.log1p, -0.9, 3), ("expm1", torch.expm1, -2, 2), ("log2", torch.log2, 0.1, 9),
    ("log10", torch.log10, 0.1, 200), ("erf", torch.erf, -3, 3), ("sign", torch.sign, -2, 2),
    ("floor", torch.floor, -3, 3), ("ceil", torch.ceil, -3, 3), ("round", torch.round, -3, 3),
]:
    for shape in [(), (3,), (2, 3, 2)]:
        case(name, [tensor(shape, low, high)], function)
case("log1p", [torch.tensor([1e-12, -1e-15])], torch.log1p)
case("expm1", [torch.tensor([1e-12, -1e-15, 700.0])], torch.expm1)
case("sinh", [torch.tensor([1e-12, -700.0])], torch.sinh)
case("erf", [torch.tensor([1e-10, 30.0, -30.0, 0.0])], torch.erf)
case("sign", [torch.tensor([0.0, 3.0, -2.0])], torch.sign)
case("round", [torch.tensor([0.5, 1.5, 2.5, -0.5, -1.5])], torch.round)
case("log2", [torch.tensor([8.0, 1024.0])], torch.log2)
case("log10", [torch.tensor([1000.0, 1e-5])], torch.log10)


def without_gradient(operation, operands, function):
    result = function(*operands).double()
    cases.append({
        "operation": operation,
        "operands": [{"shape": list(x.shape), "values": x.flatten().tolist()} for x in operands],
        "shape": list(result.shape), "value": result.flatten().tolist(),
        "gradients": [torch.zeros(x.numel()).tolist() for x in operands],
    })


comparisons = {
    "less": torch.lt, "lessOrEqual": torch.le, "greater": torch.gt, "greaterOrEqual": torch.ge, "equal": torch.eq,
    "notEqual": torch.ne,
}
for name, function in comparisons.items():
    without_gradient(name, [torch.tensor([1.0, 2.0, 3.0]), torch.tensor([3.0, 2.0, 1.0])], function)
    without_gradient(name, [tensor((2, 3, 2)), tensor((3, 1))], function)
    without_gradient(name, [torch.tensor(1.0), torch.tensor(1.0)], function)
without_gradient("stopGradient", [tensor((2, 3))], lambda x: x.detach())
for a, b in [((2, 3), (2, 3)), ((2, 3, 4), (3, 1)), ((3,), (2, 1, 1))]:
    mask = (tensor(b) > 0).double()
    masked = [tensor(a), mask]
    result = torch.where(mask != 0, masked[0], torch.tensor(0.0))
    leaf = masked[0].clone().requires_grad_(True)
    result = torch.where(mask != 0, leaf, torch.tensor(0.0))
    weights = torch.tensor([weight(i) for i in range(result.numel())]).reshape(result.shape)
    (result * weights).sum().backward()
    cases.append({
        "operation": "masked",
        "operands": [{"shape": list(x.shape), "values": x.flatten().tolist()} for x in masked],
        "shape": list(result.shape), "value": result.detach().flatten().tolist(),
        "gradients": [leaf.grad.flatten().tolist(), torch.zeros(mask.numel()).tolist()],
    })
for a, b in [((2, 3, 4), (2, 4, 2)), ((2, 3, 4), (4, 2)), ((3, 4), (2, 4, 2)), ((2, 1, 2, 3), (3, 3, 2)),
             ((3,), (2, 3, 2)), ((2, 2, 3), (3,)), ((2, 1, 2, 2, 2), (1, 3, 1, 2, 3))]:
    case("matrixMultiply", [tensor(a), tensor(b)], torch.matmul)
for axes in [(0, 2, 1), (2, 0, 1), (1, 2, 0)]:
    case("transpose", [tensor((2, 3, 4))], lambda x: x.permute(axes), axes=axes)
case("transpose", [tensor((2, 1, 2, 3, 1, 2))], lambda x: x.permute(5, 3, 1, 0, 2, 4), axes=(5, 3, 1, 0, 2, 4))
case("reshape", [tensor((2, 6))], lambda x: x.reshape(3, 2, 2), sizes=(3, 2, 2))
case("reshape", [tensor((2, 2, 3))], lambda x: x.reshape(-1), sizes=(-1,))
case("concat", [tensor((2, 3)), tensor((1, 3)), tensor((2, 3))], lambda *x: torch.cat(x, dim=0), axis=0)
case("concat", [tensor((2, 3, 2)), tensor((2, 1, 2))], lambda *x: torch.cat(x, dim=1), axis=1)
case("concat", [tensor((2, 1, 2)), tensor((2, 1, 3))], lambda *x: torch.cat(x, dim=-1), axis=-1)
for a, b in [((2, 3, 4), (3, 1)), ((2, 1, 3), (1, 4, 1)), ((2, 3, 2), (2,)), ((2, 3, 2, 2), (2, 1, 2, 1))]:
    for name in ["add", "multiply", "divide"]:
        case(name, [tensor(a), tensor(b, 0.3, 2)], binary[name])
for axis in range(4):
    case("sum", [tensor((2, 3, 2, 2))], lambda x: torch.sum(x, dim=axis), axis=axis)
    case("maximumReduction", [tensor((2, 3, 2, 2))], lambda x: torch.amax(x, dim=axis), axis=axis)
    case("softmax", [tensor((2, 3, 2, 2))], lambda x: torch.softmax(x, dim=axis), axis=axis)

print("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]")
