"""Writes training.json: optimizers, schedules and losses as PyTorch computes them, in double precision.

    pip install torch
    python make_training_fixtures.py > training.json

The optimizers train the same small network, tanh(x @ w1 + b1) @ w2, on the same five points with the squared error;
the parameters are kept after 1 and after 100 steps. `unused` takes no part in the loss, `detached` and `mask` only through
`detach` and a comparison: their `.grad` is None. That of `rounded` is 0, so that its decay moves it.
"""
import json
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

X = torch.tensor([[0.5, -1.0], [1.5, 0.25], [-0.75, 1.0], [0.0, 0.5], [-1.25, -0.5]])
Y = torch.tensor([0.3, -0.8, 0.6, 0.1, -0.4])
START = {
    "w1": torch.tensor([[0.2, -0.4, 0.6], [-0.3, 0.5, 0.1]]),
    "b1": torch.tensor([0.05, -0.1, 0.0]),
    "w2": torch.tensor([0.7, -0.2, 0.4]),
    "unused": torch.tensor([0.5, -0.5]),
    "detached": torch.tensor([1.5, -2.5]),
    "mask": torch.tensor([0.5, -0.5]),
    "rounded": torch.tensor([3.25, -1.5]),
}


def run(make, steps):
    p = {k: v.clone().requires_grad_(True) for k, v in START.items()}
    optimizer = make(list(p.values()))
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((torch.tanh(X @ p["w1"] + p["b1"]) @ p["w2"] - Y) ** 2).sum()
        chosen = torch.where(p["mask"] > 0, p["detached"].detach(), torch.round(p["rounded"]))
        (loss + chosen.sum()).backward()
        optimizer.step()
    return {k: v.detach().flatten().tolist() for k, v in p.items()}


O = torch.optim
OPTIMIZERS = {
    "sgd": lambda p: O.SGD(p, lr=0.05),
    "sgd weight decay": lambda p: O.SGD(p, lr=0.05, weight_decay=0.1),
    "sgd momentum": lambda p: O.SGD(p, lr=0.02, momentum=0.9),
    "sgd momentum dampening decay": lambda p: O.SGD(p, lr=0.02, momentum=0.9, dampening=0.3, weight_decay=0.05),
    "nesterov": lambda p: O.SGD(p, lr=0.02, momentum=0.9, nesterov=True),
    "nesterov decay": lambda p: O.SGD(p, lr=0.02, momentum=0.8, nesterov=True, weight_decay=0.05),
    "rmsprop": lambda p: O.RMSprop(p),
    "rmsprop momentum decay": lambda p: O.RMSprop(p, lr=0.002, alpha=0.9, eps=1e-6, weight_decay=0.1, momentum=0.5),
    "adagrad": lambda p: O.Adagrad(p),
    "adagrad decay": lambda p: O.Adagrad(p, lr=0.1, lr_decay=0.05, weight_decay=0.1, initial_accumulator_value=0.2, eps=1e-8),
    "adam": lambda p: O.Adam(p),
    "adam decay": lambda p: O.Adam(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1),
    "adamw": lambda p: O.AdamW(p),
    "adamw decay": lambda p: O.AdamW(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.2),
}


def schedule(make, steps=120):
    w = torch.zeros(1, requires_grad=True)
    optimizer = O.SGD([w], lr=0.3)
    scheduler = make(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


S = O.lr_scheduler
SCHEDULES = {
    "step": schedule(lambda o: S.StepLR(o, step_size=7, gamma=0.5)),
    "exponential": schedule(lambda o: S.ExponentialLR(o, gamma=0.93)),
    "cosine": schedule(lambda o: S.CosineAnnealingLR(o, T_max=40, eta_min=0.01)),
    "cosine to 0": schedule(lambda o: S.CosineAnnealingLR(o, T_max=7)),
    "cosine of one step": schedule(lambda o: S.CosineAnnealingLR(o, T_max=1, eta_min=0.01)),
}

P = [0.9, 0.02, 0.5, 0.3, 1e-7, 0.999]
# Probabilities at the ends, and within 1e-12 of them, with targets of every kind.
ENDS = [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1e-13, 1e-20, 1e-12]
END_TARGETS = [0.0, 1.0, 0.25, 0.0, 1.0, 0.25, 1.0, 1.0, 1.0]
Z = [2.5, -30.0, 0.0, -0.7, 40.0, 1.2]
Y01 = [1.0, 0.0, 1.0, 0.0, 1.0, 1.0]
YPM = [1.0, -1.0, 1.0, -1.0, 1.0, -1.0]
R = [0.4, -2.0, 1.0, 3.0, -0.5, 0.0]
LOGITS = [[1.0, -2.0, 0.5], [300.0, 10.0, -5.0], [0.0, 0.0, 0.0], [-1.5, 2.5, 2.0]]
CLASSES = [2, 0, 1, 2]
# Class probabilities of any kind: several classes, none, weights, soft labels, negative ones.
ROWS = [[1.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.5, 2.0, 3.5], [0.1, 0.2, 0.7]]
SIGNED = [[1.0, -1.0, 0.5], [0.0, 0.0, -2.0], [0.25, 0.25, 0.25], [3.0, 0.0, 0.0]]


def loss(x, function):
    x = torch.tensor(x, requires_grad=True)
    value = function(x)
    value.backward()
    return {"value": value.item(), "gradient": x.grad.flatten().tolist()}


LOSSES = {
    "mse": loss(Z, lambda z: F.mse_loss(z, torch.tensor(R))),
    "mae": loss(Z, lambda z: F.l1_loss(z, torch.tensor(R))),
    "huber": loss(Z, lambda z: F.huber_loss(z, torch.tensor(R), delta=1.5)),
    "hinge": loss(Z, lambda z: torch.clamp(1 - torch.tensor(YPM) * z, min=0).mean()),
    "bce": loss(P, lambda p: F.binary_cross_entropy(p, torch.tensor(Y01))),
    "bce at the ends": loss(ENDS, lambda p: F.binary_cross_entropy(p, torch.tensor(END_TARGETS))),
    "bce_with_logits": loss(Z, lambda z: F.binary_cross_entropy_with_logits(z, torch.tensor(Y01))),
    "cross_entropy": loss(LOGITS, lambda z: F.cross_entropy(z, torch.tensor(CLASSES))),
    "cross_entropy of rows": loss(LOGITS, lambda z: F.cross_entropy(z, torch.tensor(ROWS))),
    "cross_entropy of signed rows": loss(LOGITS, lambda z: F.cross_entropy(z, torch.tensor(SIGNED))),
    "cross_entropy of one sample": loss(LOGITS[0], lambda z: F.cross_entropy(z, torch.tensor(1))),
    "cross_entropy of one row": loss(LOGITS[3], lambda z: F.cross_entropy(z, torch.tensor([0.5, 2.0, 3.5]))),
}

print(json.dumps({
    "version": torch.__version__,
    "optimizers": {name: {"1": run(make, 1), "100": run(make, 100)} for name, make in OPTIMIZERS.items()},
    "schedules": SCHEDULES,
    "losses": LOSSES,
}, indent=1))
