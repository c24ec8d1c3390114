"""The recorder for PyTorch: results are those of a run that is not recorded."""

import unittest

try:
    import torch
except ImportError:
    raise unittest.SkipTest("torch is not installed") from None

import gradviz
from gradviz import program
from models import MODELS
from recorded import values


class Twins(unittest.TestCase):
    """Recorded and unrecorded runs from the same random state end in the same bits."""

    def run_step(self, make, isRecorded, wrap=lambda model: model):
        torch.manual_seed(7)
        model, loss_of = make()
        wrapped = wrap(model)
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
        step = gradviz.record(model)
        if isRecorded:
            with step:
                loss = loss_of(wrapped)
                loss.backward()
                optimizer.step()
        else:
            loss = loss_of(wrapped)
            loss.backward()
            optimizer.step()
        bits = [loss.detach()] + [p.grad for p in model.parameters()] + [p.detach() for p in model.parameters()]
        return bits, torch.get_rng_state(), step, model

    def check(self, make, wrap=lambda model: model):
        # What is compiled runs as it was written while it is recorded.
        plain, random, _, _ = self.run_step(make, False)
        recorded, other, step, model = self.run_step(make, True, wrap)
        self.assertEqual(len(plain), len(recorded))
        for one, two in zip(plain, recorded):
            self.assertTrue(torch.equal(one, two))
        self.assertTrue(torch.equal(random, other), "the random state was touched")
        for name, parameter in model.named_parameters():
            node = values(step, name)
            self.assertIn("gradient", node, name)
            own = torch.tensor(node["gradient"], dtype=torch.float32).reshape(parameter.shape)
            self.assertTrue(torch.allclose(own, parameter.grad, rtol=1e-6, atol=1e-9), name)
            self.assertIn("updated", node, name)
        if program.path():
            self.assertNotIn("DIFFER", step.check())
            self.assertIn("<svg", step.draw("backward"))

    def test_compile(self):
        self.check(MODELS["mlp"], lambda model: torch.compile(model))


for _name, _make in MODELS.items():
    setattr(Twins, f"test_{_name}", lambda self, make=_make: self.check(make))


if __name__ == "__main__":
    unittest.main()
