"""The recorder for PyTorch: what optimizers do, with groups of parameters, several of them, and rules of their own."""

import math
import re
import unittest

try:
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
except ImportError:
    raise unittest.SkipTest("torch is not installed") from None

import gradviz
from gradviz import program
from recorded import operations, values

SGD, Adam = torch.optim.SGD, torch.optim.Adam


def groups(model, **first):
    return [{"params": model[0].parameters(), **first}, {"params": model[1].parameters()}]


#: Optimizers whose rule is written out, each with options that change it.
WRITTEN = {
    "SGD with momentum": lambda p: SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    "SGD with Nesterov's momentum": lambda p: SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "Adam": lambda p: Adam(p, lr=0.1, weight_decay=0.1),
    "Adam uphill": lambda p: Adam(p, lr=0.1, maximize=True),
    "Adam with amsgrad": lambda p: Adam(p, lr=0.1, amsgrad=True),
    "AdamW": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.2),
    "Adamax": lambda p: torch.optim.Adamax(p, lr=0.1),
    "Adadelta": lambda p: torch.optim.Adadelta(p, lr=0.5, weight_decay=0.1),
    "Adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1, lr_decay=0.1, initial_accumulator_value=0.5),
    "RMSprop": lambda p: torch.optim.RMSprop(p, lr=0.01),
    "RMSprop with momentum": lambda p: torch.optim.RMSprop(p, lr=0.01, momentum=0.9, weight_decay=0.1),
    "RMSprop around the mean": lambda p: torch.optim.RMSprop(p, lr=0.01, centered=True, momentum=0.5),
}
#: What is recorded, though its rule is not written out.
OTHERS = {
    "NAdam": lambda p: torch.optim.NAdam(p, lr=0.1), "RAdam": lambda p: torch.optim.RAdam(p, lr=0.1),
    "Rprop": lambda p: torch.optim.Rprop(p, lr=0.1), "ASGD": lambda p: torch.optim.ASGD(p, lr=0.1),
}


def in_python(line):
    """A line of a rule as statements: its names have no accents."""
    raised = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    line = re.sub(r"10([⁻⁰-⁹¹²³]+)", lambda power: f"1e{power[1].translate(raised)}", line).replace("·1e", "*1e")
    for sign, word in [("(max v)", "most"), ("m\u0302", "mh"), ("v\u0302", "vh"), ("|g|", "abs(g)"), ("−", "-"), ("·", "*"),
                       ("²", "**2"), ("ᵗ", "**t"), (" ← ", " = "), (",  ", "\n")]:
        line = line.replace(sign, word)
    return re.sub(r"√(\w+)", r"sqrt(\1)", line.replace("√(", "sqrt("))


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

    def test_the_rule_gives_what_the_optimizer_gave(self):
        """Computed line by line, from the numbers of the table, for every number of every parameter."""
        for what, make in WRITTEN.items():
            for steps in (1, 3):
                step = self.record(lambda model: make(model.parameters()), steps)
                lines = "\n".join(in_python(line) for line in step.step.data["updateRule"])
                for name in ("0.weight", "0.bias", "1.weight", "1.bias"):
                    node = values(step, name)
                    kept = {term["name"]: term["value"] for term in node["updateTerms"] if term.get("before")}
                    self.assertTrue(kept, what)
                    most = [slot["after"] for slot in node["state"] if slot["name"].startswith("max")]
                    for place, (w, g, after) in enumerate(zip(node["value"], node["gradient"], node["updated"])):
                        known = {key: each[place] for key, each in kept.items()}
                        known.update(w=w, g=g, lr=step.step.data["learningRate"], t=step.step.data.get("updateStep"))
                        known.update(sqrt=math.sqrt, most=most[0][place] if most else None)
                        exec(lines, known)
                        self.assertAlmostEqual(known["w"], after, 5, f"{what}, {name}[{place}], {steps} steps:\n{lines}")

    def test_steps_by_other_rules_are_recorded(self):
        """Before, gradient, step and after are those of the optimizer; the rule has its name."""
        for what, make in OTHERS.items():
            step = self.record(lambda model: make(model.parameters()))
            self.assertEqual(step.step.data["updateRule"], [f"w ← {what}(w, g)"])
            self.assertNotIn("updateTerms", values(step, "0.weight"))
            torch.manual_seed(0)
            model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
            x, y, optimizer = torch.randn(4, 2), torch.randn(4, 1), make(model.parameters())
            for _ in range(2):
                before = [parameter.detach().clone() for parameter in model.parameters()]
                optimizer.zero_grad()
                F.mse_loss(model(x), y).backward()
                optimizer.step()
            for (name, parameter), old in zip(model.named_parameters(), before):
                node = values(step, name)
                for key, numbers in [("value", old), ("gradient", parameter.grad), ("updated", parameter.detach())]:
                    self.assertTrue(torch.equal(torch.tensor(node[key]), numbers.flatten()), f"{what}, {name}, {key}")

    def test_gradient_descent_by_hand(self):
        """However it is written it is a step, whose numbers the program computes again."""
        def data(p):
            p.data += -0.05 * p.grad

        def assigned(p):
            p.data = p.data - 0.05 * p.grad

        def in_place(p):
            with torch.no_grad():
                p -= 0.05 * p.grad
                p.grad.zero_()

        def method(p):
            with torch.no_grad():
                p.add_(p.grad, alpha=-0.05)

        def sign(p):
            p.data -= 0.05 * p.grad.sign()

        for update in (data, assigned, in_place, method, sign):
            torch.manual_seed(0)
            leaves = [torch.randn(2, 3, requires_grad=True), torch.zeros(3, requires_grad=True)]
            x, y = torch.randn(4, 2), torch.tensor([0, 1, 2, 0])
            with gradviz.record(names=dict(zip("wb", leaves))) as step:
                logits = x @ leaves[0] + leaves[1]
                loss = F.cross_entropy(logits, y)
                loss.backward()
                accuracy = (logits.argmax(1) == y).float().mean()
                for leaf in leaves:
                    update(leaf)
            self.assertEqual(values(step, "accuracy")["operation"], "mean")
            if update is sign:
                # Another rule: what it computes is drawn as it was written.
                self.assertNotIn("updated", values(step, "w"))
                self.assertIn("sign", operations(step))
                continue
            self.assertEqual(step.step.data["learningRate"], 0.05)
            self.assertEqual(operations(step)[-4:], ["argmax", "equal", "identity", "mean"], update)
            for name, leaf in zip("wb", leaves):
                self.assertTrue(torch.equal(torch.tensor(values(step, name)["updated"]), leaf.detach().flatten()))
            if program.path():
                self.assertIn("34 gradients and 9 updates recomputed: ok", step.check())
                self.assertIn("<svg", step.draw("update"))

    def test_a_step_by_hand_before_another_pass_is_not_taken_for_the_last(self):
        w = torch.tensor([2.0], requires_grad=True)
        with gradviz.record(names={"w": w}) as step:
            for _ in range(2):
                w.grad = None
                loss = (w * w).sum()
                loss.backward()
                w.data -= 0.25 * w.grad
        self.assertNotIn("updated", values(step, "w"))

    def test_the_first_of_several_steps(self):
        """A loop over batches is not one step, and is not kept: what it would need grows with it."""
        torch.manual_seed(0)
        model, x = nn.Linear(2, 1), torch.randn(4, 2, requires_grad=True)
        optimizer, first = Adam(model.parameters(), lr=0.1), None
        with self.assertWarnsRegex(UserWarning, "several training steps: the first is recorded") as caught:
            with gradviz.record(model) as step:
                for _ in range(3):
                    optimizer.zero_grad()
                    loss = model(x).sum()
                    loss.backward()
                    optimizer.step()
                    first = first or step.step.data
        self.assertEqual(caught.filename, __file__)
        names = [node["name"] for node in step.step.data["nodes"]]
        self.assertEqual(names, ["x", "weight", "bias", "n1", "loss"])
        self.assertEqual(values(step, "x")["gradient"], next(n["gradient"] for n in first["nodes"] if n["name"] == "x"))
        self.assertEqual(step.step.data["updateStep"], 1)
        if program.path():
            self.assertNotIn("DIFFER", step.check())

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
        # The generator learns from the discriminator after its step, whose parameters are other ones.
        self.assertEqual(values(step, "D′.weight")["value"], values(step, "D.weight")["updated"])
        self.assertNotIn("updated", values(step, "D′.weight"))
        if program.path():
            # Nothing but the detached value is named.
            self.assertIn(" 1 DIFFER", step.check())


if __name__ == "__main__":
    unittest.main()
