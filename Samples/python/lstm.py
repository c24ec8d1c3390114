"""A step of an LSTM of PyTorch: the layer itself is drawn as recorded."""

import torch
import torch.nn as nn
import torch.nn.functional as F

import gradviz

torch.manual_seed(0)


class Forecast(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 3, batch_first=True)
        self.out = nn.Linear(3, 1)

    def forward(self, x):
        states, _ = self.lstm(x)
        last = states[:, -1]
        return self.out(last)


model = Forecast()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
series = torch.randn(2, 4, 2)
y = torch.randn(2, 1)

with gradviz.record(model, title="An LSTM") as step:
    forecast = model(series)
    loss = F.mse_loss(forecast, y)
    loss.backward()
    optimizer.step()
step.save("lstm.json")
