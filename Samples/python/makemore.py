"""A step of makemore's MLP with batch norm, written out as in the lecture."""

import torch
import torch.nn.functional as F

import gradviz

g = torch.Generator().manual_seed(2147483647)
C = torch.randn((5, 2), generator=g)
W1 = torch.randn((6, 4), generator=g) * 0.5
bngain = torch.ones((1, 4))
bnbias = torch.zeros((1, 4))
W2 = torch.randn((4, 5), generator=g) * 0.1
b2 = torch.zeros(5)
parameters = [C, W1, bngain, bnbias, W2, b2]
for p in parameters:
    p.requires_grad = True
Xb = torch.tensor([[0, 0, 1], [0, 1, 4], [1, 4, 2]])
Yb = torch.tensor([4, 2, 0])

with gradviz.record(title="makemore's MLP with batch norm") as step:
    emb = C[Xb]
    embcat = emb.view(emb.shape[0], -1)
    hprebn = embcat @ W1
    bnmean = hprebn.mean(0, keepdim=True)
    bnstd = hprebn.std(0, keepdim=True)
    hpreact = bngain * (hprebn - bnmean) / bnstd + bnbias
    h = torch.tanh(hpreact)
    logits = h @ W2 + b2
    loss = F.cross_entropy(logits, Yb)
    loss.backward()
step.save("makemore.json")
