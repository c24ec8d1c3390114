"""Optimizers and schedules by PyTorch's definitions, number by number."""

import math


def rate_of(program, step):
    """The learning rate of a step, counted from 0."""
    base = program.rate(step) if program.rate else 0.01
    kind, options = program.schedule
    if kind == "step":
        return base * options["gamma"]**(step // options["size"])
    if kind == "exponential":
        return base * options["gamma"]**step
    if kind == "cosine":
        low = options["minimum"]
        return low + (base - low) * (1 + math.cos(math.pi * step / options["steps"])) / 2
    return base


class Optimizer:
    """The state of every number that is learned, by its name and place."""
    def __init__(self, program):
        self.program = program
        self.kind, self.options = program.optimizer
        self.first = {}
        self.second = {}
        self.step = 0

    def moved(self, key, value, gradient):
        """A number after this step; one whose gradient no loss reaches stays."""
        if gradient is None:
            return value
        return getattr(self, self.kind)(key, value, gradient, rate_of(self.program, self.step))

    def decayed(self, value, gradient):
        return gradient + self.options.get("weight_decay", 0.0) * value

    def sgd(self, key, value, gradient, rate, is_nesterov=False):
        g = self.decayed(value, gradient)
        momentum = self.options.get("momentum", 0.9 if is_nesterov else 0.0)
        if momentum == 0:
            return value - rate * g
        if key in self.first:
            self.first[key] = momentum * self.first[key] + (1 - self.options.get("dampening", 0.0)) * g
        else:
            self.first[key] = g
        return value - rate * (g + momentum * self.first[key] if is_nesterov else self.first[key])

    def nesterov(self, key, value, gradient, rate):
        return self.sgd(key, value, gradient, rate, True)

    def rmsprop(self, key, value, gradient, rate):
        g = self.decayed(value, gradient)
        alpha, eps = self.options.get("alpha", 0.99), self.options.get("eps", 1e-8)
        self.second[key] = alpha * self.second.get(key, 0.0) + (1 - alpha) * g * g
        scaled = g / (math.sqrt(self.second[key]) + eps)
        momentum = self.options.get("momentum", 0.0)
        if momentum == 0:
            return value - rate * scaled
        self.first[key] = momentum * self.first.get(key, 0.0) + scaled
        return value - rate * self.first[key]

    def adagrad(self, key, value, gradient, rate):
        g = self.decayed(value, gradient)
        self.second[key] = self.second.get(key, self.options.get("initial_accumulator", 0.0)) + g * g
        own = rate / (1 + self.step * self.options.get("lr_decay", 0.0))
        root = math.sqrt(self.second[key]) + self.options.get("eps", 1e-10)
        return value - own * g / root

    def adam(self, key, value, gradient, rate, is_decoupled=False):
        decay = self.options.get("weight_decay", 0.01 if is_decoupled else 0.0)
        if is_decoupled:
            value, g = value * (1 - rate * decay), gradient
        else:
            g = gradient + decay * value
        beta1, beta2 = self.options.get("beta1", 0.9), self.options.get("beta2", 0.999)
        self.first[key] = beta1 * self.first.get(key, 0.0) + (1 - beta1) * g
        self.second[key] = beta2 * self.second.get(key, 0.0) + (1 - beta2) * g * g
        t = self.step + 1
        mean, square = self.first[key] / (1 - beta1**t), self.second[key] / (1 - beta2**t)
        return value - rate * mean / (math.sqrt(square) + self.options.get("eps", 1e-8))

    def adamw(self, key, value, gradient, rate):
        return self.adam(key, value, gradient, rate, True)
