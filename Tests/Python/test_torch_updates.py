"""The recorder for PyTorch: what optimizers do, with groups of parameters, several of them, and rules of their own."""

import unittest

try:
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
except ImportError:
    raise unittest.SkipTest("torch is not installed") from None

import gradviz
from gradviz import program
from recorded import values

SGD, Adam = torch.optim.SGD, torch.optim.Adam


def groups(model, **first):
    return [{"params": model[0].parameters(), **first}, {"params": model[1].parameters()}]


class Updates(unittest.TestCase):
    def record(self, make, steps=2):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
        x, y = torch.randn(4, 2), torch.randn(4, 1)
        optimizer = make(model)
        for _ in range(steps):
            optimizer.zero_grad()
            with gradviz.record(model) as step:
                loss = F.mse_loss(model(x), y)
                loss.backward()
                optimizer.step()
        if program.path():
            self.assertNotIn("DIFFER", step.check())
            self.assertIn("<svg", step.draw("update"))
        return step

    def rule(self, make, steps=2):
        return self.record(make, steps).step.data.get("updateRule")

    def test_groups_with_rates_of_their_own(self):
        step = self.record(lambda model: SGD(groups(model, lr=0.5), lr=0.1))
        self.assertEqual(step.step.data["learningRate"], 0.5)
        self.assertEqual(step.step.data["updateRule"], [
            "w ← w − lr·g  (0.weight, 0.bias)", "w ← w − 0.1·g  (1.weight, 1.bias)"])

    def test_groups_that_are_alike_have_one_rule(self):
        self.assertIsNone(self.rule(lambda model: SGD(groups(model), lr=0.1)))

    def test_decay_of_one_group(self):
        """All parameters have the same columns, though g is the gradient itself in one group."""
        step = self.record(lambda model: SGD(groups(model, weight_decay=0.1), lr=0.1, momentum=0.9))
        self.assertEqual(step.step.data["updateRule"], [
            "g ← g + 0.1·w  (0.weight, 0.bias)", "m ← 0.9·m + g", "w ← w − lr·m"])
        for name in ("0.weight", "1.weight"):
            self.assertEqual([term["name"] for term in values(step, name)["updateTerms"]], ["g", "m", "m"])
        node = values(step, "1.weight")
        self.assertEqual(node["updateTerms"][0]["value"], node["gradient"])

    def test_momentum_of_one_group(self):
        step = self.record(lambda model: SGD(groups(model, momentum=0), lr=0.1, momentum=0.9))
        self.assertNotIn("updateTerms", values(step, "0.weight"))
        self.assertEqual([term["name"] for term in values(step, "1.weight")["updateTerms"]], ["m", "m"])

    def test_the_number_of_a_step_is_said_where_it_is_known(self):
        def make(model):
            return SGD(model.parameters(), lr=0.1, momentum=0.9)

        self.assertEqual(self.record(make, steps=1).step.data["updateStep"], 1)
        self.assertNotIn("updateStep", self.record(make, steps=2).step.data)
        self.assertEqual(self.record(lambda model: Adam(model.parameters())).step.data["updateStep"], 2)

    def test_steps_uphill(self):
        step = self.record(lambda model: SGD(model.parameters(), lr=0.1, maximize=True))
        self.assertEqual(step.step.data["updateRule"], ["g ← −g", "w ← w − lr·g"])
        node = values(step, "0.bias")
        self.assertEqual(node["updateTerms"][0]["value"], [-number for number in node["gradient"]])

    def test_amsgrad_takes_the_greatest_square(self):
        step = self.record(lambda model: Adam(model.parameters(), lr=0.1, amsgrad=True), steps=4)
        self.assertIn("(max v)", " ".join(step.step.data["updateRule"]))
        node = values(step, "0.bias")
        root = next(term["value"] for term in node["updateTerms"] if term["name"] == "√v̂")
        most = next(slot["after"] for slot in node["state"] if slot["name"] == "max_exp_avg_sq")
        for one, two in zip(root, most):
            self.assertAlmostEqual(one**2, two / (1 - 0.999**4), places=6)

    def test_a_rate_that_is_a_tensor(self):
        step = self.record(lambda model: Adam(model.parameters(), lr=torch.tensor(0.1)))
        self.assertEqual(step.step.data["learningRate"], 0.1)

    def test_the_rule_is_said_of_many_numbers(self):
        torch.manual_seed(0)
        model = nn.Linear(9, 9)
        optimizer = Adam(model.parameters(), lr=0.1)
        with gradviz.record(model, limit=4) as step:
            model(torch.randn(2, 9)).sum().backward()
            optimizer.step()
        data = step.step.data
        self.assertEqual((data["learningRate"], data["optimizer"]["name"]), (0.1, "Adam"))
        self.assertIn("m ← 0.9·m + 0.1·g", data["updateRule"])
        if program.path():
            self.assertIn("<svg", step.draw("update"))

    def test_two_optimizers(self):
        """A discriminator's step, then a generator's: gradients of the second pass belong to what is used in it."""
        torch.manual_seed(0)
        G, D = nn.Linear(2, 2), nn.Linear(2, 1)
        ours, theirs = Adam(G.parameters(), lr=0.01), SGD(D.parameters(), lr=0.1)
        with gradviz.record(G, D) as step:
            fake = G(torch.randn(3, 2))
            first = D(fake.detach()).mean()
            first.backward()
            theirs.step()
            second = -D(fake).mean()
            second.backward()
            ours.step()
        rule = step.step.data["updateRule"]
        self.assertEqual(rule[0], "w ← w − lr·g  (D.weight, D.bias)")
        self.assertTrue(all("(G.weight, G.bias)" in line for line in rule[1:]), rule)
        self.assertEqual(values(step, "D.bias")["gradient"], [1])
        self.assertNotIn("contributions", values(step, "D.bias"))
        if program.path():
            # Nothing but the detached value is named.
            self.assertIn(" 1 DIFFER", step.check())


if __name__ == "__main__":
    unittest.main()
