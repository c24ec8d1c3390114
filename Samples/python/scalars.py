"""A step of a network of micrograd, scalar by scalar."""

import random

from micrograd.engine import Value
from micrograd.nn import MLP

import gradviz

random.seed(1)
model = MLP(2, [3, 1])
x = [Value(1.0), Value(-2.0)]
output = model(x)
loss = (output - 1) ** 2
loss.backward()
step = gradviz.graph(
    loss, parameters=model.parameters(), names={"x": x, "output": output}, learning_rate=0.1, title="micrograd")
step.save("scalars.json")
