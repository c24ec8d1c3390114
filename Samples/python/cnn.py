"""A step of a convolutional network of PyTorch with AdamW, recorded."""

import torch
import torch.nn as nn
import torch.nn.functional as F

import gradviz

torch.manual_seed(0)


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, padding=1)
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        h = F.relu(self.conv(x))
        pooled = F.max_pool2d(h, 2)
        return self.fc(torch.flatten(pooled, 1))


model = CNN()
optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
images = torch.randn(2, 1, 4, 4)
labels = torch.tensor([0, 2])

with gradviz.record(model, title="A CNN") as step:
    logits = model(images)
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    optimizer.step()
step.save("cnn.json")
