"""Writes the recorded steps that the tests of the figures draw without PyTorch: `python Tests/Python/make_fixtures.py`."""

import os

import torch

import gradviz
from models import MODELS

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Fixtures")
os.makedirs(folder, exist_ok=True)
for name, make in MODELS.items():
    torch.manual_seed(7)
    model, loss_of = make()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    # Large ones are summarized, as those of a reader would be.
    with gradviz.record(model, title=name, limit=48 if "gpt" in name else 4096) as step:
        loss = loss_of(model)
        loss.backward()
        optimizer.step()
    step.save(os.path.join(folder, f"{name}.json"))
