"""The recorder for PyTorch: results are those of a run that is not recorded."""

import inspect
import re
import unittest

try:
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
    from torch.utils.checkpoint import checkpoint
except ImportError:
    raise unittest.SkipTest("torch is not installed") from None

import gradviz
import gradviz.torchstep
from gradviz import program
from models import MODELS
from recorded import operations, values


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

    def test_checkpoint_that_is_run_again_at_once(self):
        """What is inside a reentrant checkpoint is not seen, and is what it is without a recording."""
        def make():
            model, x = nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.4)), torch.randn(4, 2, requires_grad=True)
            return model, lambda model: checkpoint(model, x, use_reentrant=True).sum()

        plain, random, _, _ = self.run_step(make, False)
        recorded, other, _, _ = self.run_step(make, True)
        self.assertTrue(all(torch.equal(one, two) for one, two in zip(plain, recorded)))
        self.assertTrue(torch.equal(random, other))


def in_autocast(make):
    model, loss_of = make()

    def run(model):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return loss_of(model)

    return model, run


def in_checkpoint(make):
    model, loss_of = make()
    return model, lambda model: loss_of(lambda *inputs: checkpoint(model, *inputs, use_reentrant=False))


class Blocks(unittest.TestCase):
    """What `record` takes, and what it says of blocks that are not a step."""

    def setUp(self):
        torch.manual_seed(1)
        self.w = torch.tensor([2.0, -3.0], requires_grad=True)

    def test_what_is_not_a_module_is_refused_by_name(self):
        model = nn.Linear(2, 1)
        for wrong, kind, hint in [(self.w, "Tensor", "; a tensor gets a name by `names="), (nn.Linear, "type", "$"),
                                  ("a title", "str", "$"), (torch.optim.SGD(model.parameters(), lr=0.1), "SGD", "$")]:
            with self.assertRaisesRegex(TypeError, f"^`record` takes modules .*; argument 2 is of type {kind}{hint}"):
                gradviz.record(model, wrong)
        for options, said in [({"names": [self.w]}, "`names` takes a dictionary"), ({"names": {"w": 2}}, "`names` takes"),
                              ({"targets": 3}, "`targets` takes a tensor or several")]:
            with self.assertRaisesRegex(TypeError, said):
                gradviz.record(model, **options)
        for limit in (0, "a", 2.5):
            with self.assertRaisesRegex(ValueError, "`limit` takes a whole number from 1 on"):
                gradviz.record(model, limit=limit)
        with self.assertRaisesRegex(TypeError, "'titel'"):
            gradviz.record(model, titel="a")
        with self.assertRaisesRegex(ValueError, "^expand='conv' is unknown"):
            gradviz.record(model, expand={"conv"})

    def test_help_names_every_option(self):
        parameters = inspect.signature(gradviz.torchstep.Recording.__init__).parameters
        named = re.findall(r":param (\w+):", gradviz.record.__doc__)
        self.assertEqual(named, [name for name in parameters if name != "self"])
        self.assertEqual(parameters["limit"].default, 4096)
        self.assertIn("4096 by default", gradviz.record.__doc__)

    def test_a_recording_is_of_one_block(self):
        step = gradviz.record()
        with step:
            (self.w * 2).sum().backward()
        with self.assertRaisesRegex(RuntimeError, "a recording is of one block"):
            with step:
                pass
        self.assertEqual(operations(step), ["multiply", "sum"])

    def test_what_was_computed_before_the_block_is_named(self):
        out = self.w * 2
        with self.assertWarnsRegex(UserWarning, "^what `out` is made of is not recorded: .* before the block") as caught:
            with gradviz.record() as step:
                loss = (out * out).sum()
                loss.backward()
        self.assertEqual(caught.filename, __file__)
        self.assertEqual(values(step, "out")["gradient"], [8, -12])

    def test_a_compiled_model_has_the_names_of_the_model(self):
        model = nn.Sequential(nn.Linear(2, 1))
        compiled = torch.compile(model)
        with gradviz.record(compiled) as step:
            compiled(torch.ones(1, 2)).sum().backward()
        nodes = {node["name"]: node for node in step.step.data["nodes"]}
        self.assertTrue({"0.weight", "0.bias"} <= set(nodes), sorted(nodes))
        self.assertFalse([name for name in nodes if "_orig_mod" in name])
        self.assertEqual([node["scope"] for node in nodes.values() if node.get("operation") == "linear"], ["0"])

    def test_a_long_message_is_shortened(self):
        said = "what went wrong, at length; " * 9
        with self.assertRaises(ValueError):
            with gradviz.record() as step:
                loss = (self.w * 2).sum()
                raise ValueError(f"first line\n{said}")
        error = step.step.data["error"]
        self.assertRegex(error, r"^ValueError: first line what went wrong.* …$")
        self.assertLessEqual(len(error), 112)


class Calls(unittest.TestCase):
    """Options that make another operation of a call, and results without numbers or gradients."""

    def step(self, make, count=2):
        torch.manual_seed(5)
        leaves = [torch.randn(4, 3, requires_grad=True) for _ in range(count)]
        with gradviz.record(names=dict(zip("ab", leaves))) as step:
            loss = make(*leaves)
            loss.backward()
        for name, leaf in zip("ab", leaves):
            self.assertTrue(torch.equal(torch.tensor(values(step, name)["gradient"]), leaf.grad.flatten()), name)
        if program.path():
            self.assertNotIn("DIFFER", step.check())
            self.assertIn("<svg", step.draw("backward"))
        return step

    def test_a_sum_with_a_factor_is_not_a_sum(self):
        for make, name in [(lambda a, b: a.add(b, alpha=0.5), "add_alpha"), (lambda a, b: torch.sub(a, b, alpha=2), "sub_alpha"),
                           (lambda a, b: b.sum() + torch.div(a, 0.3, rounding_mode="floor") + a, "div_rounding_mode")]:
            step = self.step(lambda a, b: (make(a, b) ** 2).sum())
            self.assertIn(name, operations(step))
        self.assertIn("add", operations(self.step(lambda a, b: torch.add(a, other=b).sum())))

    def test_padding_has_no_gradient(self):
        step = self.step(lambda a: F.embedding(torch.tensor([0, 3, 3]), a, padding_idx=0).sum(), 1)
        self.assertIn("padded_embedding", operations(step))
        step = self.step(lambda a: F.embedding(torch.tensor([1, 3, 3]), a, padding_idx=-4).sum(), 1)
        self.assertIn("embedding", operations(step))

    def test_results_that_nothing_uses(self):
        step = self.step(lambda a, b: a.unbind(1)[1].sum() + torch.meshgrid(a[:, 0], b[0], indexing="ij")[0].sum() + b.sum())
        self.assertEqual(values(step, "a")["gradient"][:3], [3, 1, 0])

    def test_sparse_gradients_are_whole(self):
        layer = nn.Embedding(4, 2, sparse=True)
        with gradviz.record(layer) as step:
            layer(torch.tensor([1, 1, 3])).pow(2).sum().backward()
        self.assertTrue(torch.equal(
            torch.tensor(values(step, "weight")["gradient"]), layer.weight.grad.to_dense().flatten()))

    def test_a_scaler_of_gradients(self):
        """The loss that is greater is part of the step; how its factor is found is not."""
        layer, scaler = nn.Linear(2, 1), torch.amp.GradScaler("cpu", init_scale=1024.0)
        optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
        for limit, rule in [(1e9, ["g ← g/1024", "w ← w − lr·g"]), (1e-3, ["g ← g/1024", "g ← clipped g", "w ← w − lr·g"])]:
            optimizer.zero_grad()
            with gradviz.record(layer) as step:
                loss = layer(torch.ones(2, 2)).pow(2).mean()
                scaler.scale(loss).backward()
                scaler.unscale_(optimizer)
                nn.utils.clip_grad_norm_(layer.parameters(), limit)
                scaler.step(optimizer)
                scaler.update()
            self.assertEqual(operations(step), ["ones", "linear", "power", "mean", "multiply"])
            self.assertEqual(step.step.data["updateRule"], rule)
            self.assertAlmostEqual(values(step, "bias")["updateTerms"][0]["value"][0], layer.bias.grad.item(), 6)
            if program.path():
                self.assertNotIn("DIFFER", step.check())

    def test_complex_numbers_are_without_values(self):
        step = self.step(lambda a, b: torch.fft.rfft(a, dim=1).abs().sum() + b.sum())
        complex64 = next(node for node in step.step.data["nodes"] if node.get("dtype") == "complex64")
        self.assertFalse({"value", "gradient", "summary"} & set(complex64))


for _name, _make in MODELS.items():
    setattr(Twins, f"test_{_name}", lambda self, make=_make: self.check(make))
    setattr(Twins, f"test_{_name}_compiled", lambda self, make=_make: self.check(make, torch.compile))
    setattr(Twins, f"test_{_name}_in_autocast", lambda self, make=_make: self.check(lambda: in_autocast(make)))
    setattr(Twins, f"test_{_name}_in_checkpoint", lambda self, make=_make: self.check(lambda: in_checkpoint(make)))


if __name__ == "__main__":
    unittest.main()
