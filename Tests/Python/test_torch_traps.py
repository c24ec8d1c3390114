"""The recorder for PyTorch: each trap that was met is a test."""

import threading
import unittest

try:
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
    from torch.utils.checkpoint import checkpoint
except ImportError:
    raise unittest.SkipTest("torch is not installed") from None

import gradviz
from gradviz import program
from recorded import operations, values


class Traps(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.w = torch.tensor([2.0, -3.0], requires_grad=True)

    def test_in_place_makes_a_new_value(self):
        with gradviz.record() as step:
            a = self.w * 3
            a.relu_()
            loss = (a * a).sum()
            loss.backward()
        self.assertEqual(values(step, "a")["value"], [6, -9])
        relu = next(node for node in step.step.data["nodes"] if node.get("operation") == "relu")
        self.assertEqual(relu["value"], [6, 0])

    def test_gradient_of_a_value_before_an_in_place_operation(self):
        w = torch.tensor([1.0], requires_grad=True)
        with gradviz.record() as step:
            a = w * 2
            a.mul_(10)
            loss = (a * a).sum()
            loss.backward()
        # d(100·a²)/da at a = 2; retain_grad would say 40.
        self.assertEqual(values(step, "a")["gradient"], [400])

    def test_views_follow_their_base(self):
        base = torch.zeros(4)
        with gradviz.record() as step:
            view = base[:2]
            base.add_(1)
            other = view * 2
        self.assertEqual(values(step, "other")["value"], [2, 2])
        self.assertIn("view of", operations(step))

    def test_setitem(self):
        with gradviz.record() as step:
            a = self.w * 1
            a[0] = 5.0
            loss = a.sum()
            loss.backward()
        self.assertEqual(values(step, "loss")["value"], [2])
        self.assertEqual(values(step, "w" if any(n["name"] == "w" for n in step.step.data["nodes"]) else "c1")["gradient"], [0, 1])

    def test_tied_weights_are_one_node_with_all_names(self):
        class Tied(nn.Module):
            def __init__(self):
                super().__init__()
                self.emb = nn.Embedding(3, 2)
                self.out = nn.Linear(2, 3, bias=False)
                self.out.weight = self.emb.weight

            def forward(self, x):
                return self.out(self.emb(x))

        model = Tied()
        with gradviz.record(model) as step:
            F.cross_entropy(model(torch.tensor([0, 2])), torch.tensor([1, 1])).backward()
        parameters = [node for node in step.step.data["nodes"] if node.get("role") == "parameter"]
        self.assertEqual([node["names"] for node in parameters], [["emb.weight", "out.weight"]])

    def test_function_of_its_own_is_one_node(self):
        class Double(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                return x * 2

            @staticmethod
            def backward(ctx, gradient):
                return gradient * 2

        before = torch.autograd.Function.apply
        with gradviz.record() as step:
            loss = Double.apply(self.w).sum()
            loss.backward()
        self.assertEqual(operations(step), ["Double", "sum"])
        self.assertEqual(self.w.grad.tolist(), [2, 2])
        self.assertEqual(torch.autograd.Function.apply, before)

    def test_functional_transforms_stand_aside(self):
        with gradviz.record() as step:
            got = torch.func.vmap(lambda x: x * 2)(torch.arange(3.0))
        self.assertEqual(got.tolist(), [0, 2, 4])
        self.assertNotIn("multiply", operations(step))

    def test_checkpoint(self):
        for isReentrant in (False, True):
            model = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
            x = torch.randn(2, 2, requires_grad=True)
            with gradviz.record(model) as step:
                loss = checkpoint(model, x, use_reentrant=isReentrant).sum()
                loss.backward()
            self.assertEqual("checkpoint (recomputed)" in operations(step), isReentrant)
            self.assertEqual(operations(step).count("linear"), 0 if isReentrant else 1)

    def test_autocast_is_shown(self):
        model = nn.Linear(2, 2)
        with gradviz.record(model) as step, torch.autocast("cpu", dtype=torch.bfloat16):
            loss = model(torch.ones(1, 2)).float().sum()
            loss.backward()
        self.assertIn("bfloat16", [node.get("dtype") for node in step.step.data["nodes"]])
        if program.path():
            self.assertNotIn("DIFFER", step.check())

    def test_autocast_rounds_operands_first(self):
        """Each product is of copies with fewer digits; without them what is recomputed would seem to differ."""
        for seed in range(6):
            torch.manual_seed(seed)
            model = nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.GELU(), nn.Linear(4, 2))
            x = torch.randn(2, 3)
            with gradviz.record(model) as step:
                with torch.autocast("cpu", dtype=torch.bfloat16):
                    loss = F.cross_entropy(model(x), torch.tensor([0, 1]))
                loss.backward()
            copy = values(step, "bf16(0.weight)")
            self.assertEqual((copy["operation"], copy["operands"], copy["dtype"]), ("identity", ["v0.weight"], "bfloat16"))
            self.assertEqual(copy["value"], model[0].weight.detach().bfloat16().double().flatten().tolist())
            self.assertNotIn("bf16(1.weight)", [node["name"] for node in step.step.data["nodes"]])
            if program.path():
                self.assertNotIn("DIFFER", step.check())

    def test_no_grad_and_detach_say_so(self):
        with gradviz.record() as step:
            with torch.no_grad():
                a = self.w * 2
            b = self.w.detach()
            loss = (a * self.w + b).sum()
            loss.backward()
        self.assertIs(values(step, "a")["requiresGradient"], False)
        self.assertIs(values(step, "b")["requiresGradient"], False)
        self.assertEqual(values(step, "b")["operation"], "stopGradient")
        if program.path():
            self.assertEqual(step.check().count("without a gradient"), 2)

    def test_hooks_of_the_model_and_their_order_stay(self):
        calls = []
        model = nn.Linear(2, 1)
        model.register_forward_hook(lambda *_: calls.append("hook"))
        with gradviz.record(model):
            model(torch.ones(1, 2)).sum().backward()
        self.assertEqual(calls, ["hook"])

    def test_a_module_called_twice_says_which_call(self):
        model = nn.Sequential(nn.Linear(2, 2))
        with gradviz.record(model) as step:
            model(model(torch.ones(1, 2))).sum().backward()
        scopes = [node["scope"] for node in step.step.data["nodes"] if node.get("operation") == "linear"]
        self.assertEqual(scopes, ["0", "0#2"])

    def test_an_empty_list_of_modules_is_a_model(self):
        # A hook's value would replace the output, and len() of a module is not its truth.
        model = nn.ModuleList()
        with gradviz.record(model) as step:
            (self.w * 2).sum().backward()
        self.assertEqual(operations(step), ["multiply", "sum"])

    def test_error_ends_the_recording_but_not_what_was_recorded(self):
        with self.assertRaises(RuntimeError):
            with gradviz.record() as step:
                a = self.w * 2
                torch.ones(3) + a
        data = step.step.data
        self.assertIn("RuntimeError", data["error"])
        self.assertEqual(values(step, "a")["value"], [4, -6])
        self.assertIn("error", data["nodes"][-1])
        if program.path():
            self.assertIn("<svg", step.draw("forward"))

    def test_everything_is_taken_away_after_the_block(self):
        from torch.nn.modules import module
        from torch.optim import optimizer

        def hooks():
            return (len(module._global_forward_hooks), len(module._global_forward_pre_hooks),
                    len(optimizer._global_optimizer_post_hooks), len(optimizer._global_optimizer_pre_hooks))

        before = hooks()
        for isBroken in (False, True):
            try:
                with gradviz.record() as step:
                    loss = (self.w * 2).sum()
                    loss.backward()
                    if isBroken:
                        raise ValueError
            except ValueError:
                pass
            self.assertEqual(hooks(), before)
        count = len(step.step.data["nodes"])
        self.w * 3
        self.assertEqual(len(step.step.data["nodes"]), count)
        self.assertFalse(self.w._backward_hooks)

    def test_one_recording_a_thread(self):
        with gradviz.record():
            with self.assertRaises(RuntimeError):
                with gradviz.record():
                    pass

    def test_threads_record_their_own_steps(self):
        before = torch.autograd.Function.__dict__["apply"]
        meeting = threading.Barrier(4)
        steps, errors = {}, []

        def train(place):
            try:
                model = nn.Sequential(nn.Linear(2, place + 2), nn.Tanh(), nn.Linear(place + 2, 1))
                optimizer = torch.optim.Adam(model.parameters())
                for turn in range(3):
                    meeting.wait()
                    with gradviz.record(model) as step:
                        loss = model(torch.full((1, 2), float(place + 1))).square().sum()
                        optimizer.zero_grad()
                        loss.backward()
                        optimizer.step()
                steps[place] = (step, [parameter.grad for parameter in model.parameters()])
            except Exception as error:
                errors.append(error)
                meeting.abort()

        threads = [threading.Thread(target=train, args=(place,)) for place in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])
        for place, (step, gradients) in steps.items():
            nodes = [node for node in step.step.data["nodes"] if node.get("role") == "parameter"]
            self.assertEqual(len(nodes), len(gradients))
            for node, own in zip(nodes, gradients):
                self.assertTrue(torch.equal(torch.tensor(node["gradient"]), own.flatten()), node["name"])
            self.assertTrue(all("updated" in node for node in nodes))
            self.assertEqual(sum(node.get("operation") == "linear" for node in step.step.data["nodes"]), 2)
        self.assertIs(torch.autograd.Function.__dict__["apply"], before)

    def test_several_passes_add_up(self):
        with gradviz.record() as step:
            loss = (self.w * self.w).sum()
            loss.backward(retain_graph=True)
            loss.backward()
        node = next(node for node in step.step.data["nodes"] if node.get("role") == "parameter")
        self.assertEqual(node["gradient"], [8, -12])
        self.assertEqual(node["contributions"], [[4, -6], [4, -6]])
        if program.path():
            self.assertIn("twice", step.check())

    def test_gradients_of_an_earlier_step_are_seen(self):
        (self.w * 3).sum().backward()
        with gradviz.record() as step:
            loss = (self.w * self.w).sum()
            loss.backward()
        node = next(node for node in step.step.data["nodes"] if node.get("role") == "parameter")
        self.assertEqual(node["contributions"], [[3, 3], [4, -6]])
        self.assertEqual(node["gradient"], self.w.grad.tolist())

    def test_many_numbers_are_summarised(self):
        w = torch.randn(100, 100, requires_grad=True)
        with gradviz.record(limit=50) as step:
            loss = (w * 2).sum()
            loss.backward()
        node = next(node for node in step.step.data["nodes"] if node.get("operation") == "multiply")
        self.assertEqual(node["summary"]["count"], 10000)
        self.assertAlmostEqual(node["summary"]["mean"], float((w * 2).mean()), places=5)
        self.assertEqual(node["gradientSummary"]["max"], 1)

    def test_optimizers_state_before_and_after(self):
        model = nn.Linear(1, 1)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
        for _ in range(2):
            optimizer.zero_grad()
            with gradviz.record(model) as step:
                loss = F.mse_loss(model(torch.ones(1, 1)), torch.zeros(1, 1))
                loss.backward()
                optimizer.step()
        data = step.step.data
        self.assertEqual((data["optimizer"]["name"], data["updateStep"]), ("Adam", 2))
        state = values(step, "weight")["state"]
        self.assertEqual([slot["name"] for slot in state], ["exp_avg", "exp_avg_sq"])
        self.assertTrue(all(slot["before"] != slot["after"] for slot in state))

    def test_names(self):
        x = torch.ones(2)
        with gradviz.record(names={"weight": self.w}, targets=[x]) as step:
            first, second = (self.w * x).split(1)
            total = (
                first + second
            )
            total.backward()
        names = {node["name"]: node for node in step.step.data["nodes"]}
        self.assertEqual(names["x"]["role"], "target")
        self.assertTrue({"weight", "first", "second", "total"} <= set(names), sorted(names))


if __name__ == "__main__":
    unittest.main()
