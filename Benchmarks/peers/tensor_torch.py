#!/usr/bin/env python3
"""A training step in PyTorch, eager, float32, one thread. usage: tensor_torch.py FOLDER WORKLOAD"""
from tensors import BATCH, MARGIN, RATE, layers, load, measure, work
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
x, y, parts = load()
x, y = torch.tensor(x), torch.tensor(y)
# Of two axes, PyTorch's layers have outputs x inputs; the tables of vectors stay as they are.
tables = {"embedding": 1, "transformer": 2}.get(work, 0)
params = [torch.tensor(part if part.ndim != 2 or i < tables else part.T.copy(), requires_grad=True)
          for i, part in enumerate(parts)]
optimiser = torch.optim.SGD(params, lr=RATE)


def dense(x):
    h = x
    for i, (w, b) in enumerate(layers(params)):
        h = F.linear(torch.relu(h) if i else h, w, b)
    return h


def conv(x):
    k, b, w, c = params
    pooled = F.max_pool2d(torch.relu(F.conv2d(x.view(-1, 1, 8, 8), k, b, padding=1)), 2)
    return F.linear(pooled.flatten(1), w, c)


def embedding(x):
    e, w, b, v, c = params
    return F.linear(torch.tanh(F.linear(F.embedding(x, e).view(-1, 30), w, b)), v, c)


def transformer(x):
    e, p, g, s, wq, bq, wk, bk, wv, bv, wo, bo, g2, s2, w1, b1, w2, b2, w3, b3 = params
    x = F.embedding(x, e) + p
    u = F.layer_norm(x, (32,), g, s)
    q, k, v = (F.linear(u, w, b).view(-1, 16, 2, 16).transpose(1, 2) for w, b in ((wq, bq), (wk, bk), (wv, bv)))
    o = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(-1, 16, 32)
    h = x + F.linear(o, wo, bo)
    h = h + F.linear(F.gelu(F.linear(F.layer_norm(h, (32,), g2, s2), w1, b1)), w2, b2)
    return F.linear(h, w3, b3).view(-1, 16)


network = {"conv": conv, "embedding": embedding, "transformer": transformer}.get(work, dense)


def loss_of(xb, yb):
    scores = network(xb)
    if MARGIN:
        return torch.relu(1 - yb * scores[:, 0]).mean() + 1e-4 * sum((p * p).sum() for p in params)
    return F.cross_entropy(scores, yb.flatten())


def step(i):
    xb, yb = x[i:i + BATCH], y[i:i + BATCH]
    optimiser.zero_grad(set_to_none=True)
    loss = loss_of(xb, yb)
    loss.backward()
    optimiser.step()
    return loss.detach()


measure(step, len(x), lambda: [g.numpy() for g in torch.autograd.grad(loss_of(x[:BATCH], y[:BATCH]), params)])
