"""A step of a small network of PyTorch, recorded and drawn: `python Samples/python/mlp.py`."""

import torch
import torch.nn as nn
import torch.nn.functional as F

import gradviz

torch.manual_seed(0)


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 3)
        self.fc2 = nn.Linear(3, 1)

    def forward(self, x):
        h = torch.tanh(self.fc1(x))
        return self.fc2(h)


model = MLP()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x = torch.tensor([[0.5, -1.0], [1.5, 2.0]])
y = torch.tensor([[1.0], [0.0]])

with gradviz.record(model, title="An MLP") as step:
    output = model(x)
    loss = F.mse_loss(output, y)
    loss.backward()
    optimizer.step()
step.save("mlp.json")
