"""The recorder for PyTorch: passes from several losses; operands, names and gradients that do not exist."""

import copy
import unittest

try:
    import torch
    import torch.nn as nn
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
except ImportError:
    raise unittest.SkipTest("torch is not installed") from None

import gradviz
from gradviz import program
from recorded import operations, values


def named(step, operation):
    return [node["name"] for node in step.step.data["nodes"] if node.get("operation") == operation]


class Case(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.w = torch.tensor([2.0, -3.0], requires_grad=True)

    def assertNumbers(self, numbers, tensor):
        self.assertTrue(torch.equal(torch.tensor(numbers), tensor.detach().flatten()), numbers)

    def assertRight(self, step, differences=0):
        if program.path():
            report = step.check()
            self.assertEqual(f" {differences} DIFFER" in report, differences > 0, report)
            self.assertEqual("DIFFER" in report, differences > 0, report)
            self.assertIn("<svg", step.draw("backward"))


class Passes(Case):
    def test_small_batches_add_up(self):
        """Gradients that are gathered over two batches are those of both losses together: nothing is wrong with them."""
        with gradviz.record(names={"w": self.w}) as step:
            for row in torch.eye(2):
                loss = (row * self.w * self.w).sum() / 2
                loss.backward()
        self.assertEqual(values(step, "w")["gradient"], self.w.grad.tolist())
        self.assertEqual(values(step, "total")["value"], [6.5])
        self.assertEqual(step.step.data["loss"], "total")
        self.assertRight(step)

    def test_two_losses_of_one_value(self):
        with gradviz.record(names={"w": self.w}) as step:
            a = self.w * 2
            first, second = a.sum(), (a * a).sum()
            first.backward(retain_graph=True)
            second.backward()
        self.assertEqual(values(step, "a")["gradient"], [9, -11])
        self.assertEqual(values(step, "w")["contributions"], [[2, 2], [16, -24]])
        self.assertRight(step)

    def test_one_pass_from_two_losses(self):
        with gradviz.record(names={"w": self.w}) as step:
            first, second = self.w.sum(), (self.w * self.w).sum()
            torch.autograd.backward([first, second])
        self.assertEqual(values(step, "w")["gradient"], [5, -5])
        self.assertRight(step)

    def test_a_pass_with_a_gradient_of_its_own(self):
        with gradviz.record(names={"w": self.w}) as step:
            y = self.w * self.w
            y.backward(torch.tensor([1.0, 2.0]))
        self.assertEqual(values(step, "w")["gradient"], [4, -12])
        loss = next(node for node in step.step.data["nodes"] if node["id"] == step.step.data["loss"])
        self.assertEqual((loss["operation"], loss["value"]), ("sum", [22]))
        self.assertRight(step)

    def test_a_loss_with_an_axis(self):
        w = torch.tensor([[3.0]], requires_grad=True)
        with gradviz.record() as step:
            y = w @ w
            y.backward()
        self.assertEqual(values(step, "w")["gradient"], [6])
        self.assertRight(step)

    def test_two_steps_by_hand(self):
        """A parameter that is changed under no_grad starts again, and has the gradient of its own pass."""
        w = self.w
        with gradviz.record(names={"w": self.w}) as step:
            for _ in range(2):
                loss = (w * w).sum()
                w.grad = None
                loss.backward()
                with torch.no_grad():
                    w -= 0.25 * w.grad
        self.assertEqual(values(step, "w")["gradient"], [4, -6])
        self.assertEqual(values(step, "w1")["gradient"], [2, -3])
        self.assertRight(step, differences=1)


    def test_autograd_grad_is_a_pass(self):
        with gradviz.record(names={"w": self.w}) as step:
            y = self.w * 3
            loss = (y * y).sum()
            gradient, = torch.autograd.grad(loss, [self.w])
        self.assertEqual(values(step, "w")["gradient"], gradient.tolist())
        self.assertEqual(values(step, "loss")["id"], step.step.data["loss"])
        self.assertIsNone(self.w.grad)
        self.assertRight(step)

    def test_a_loss_made_of_gradients(self):
        """A gradient penalty: the gradient in it is an operation of all that it is made of."""
        model, x = nn.Linear(2, 1), torch.randn(4, 2)
        twin = copy.deepcopy(model)

        def penalty(net):
            inputs = x.clone().requires_grad_()
            out = net(inputs).tanh().sum()
            slope, = torch.autograd.grad(out, inputs, create_graph=True)
            loss = ((slope.norm(dim=1) - 1)**2).mean()
            loss.backward()
            return loss

        with gradviz.record(model) as step:
            loss = penalty(model)
        self.assertTrue(torch.equal(loss, penalty(twin)))
        self.assertEqual(values(step, "slope")["operation"], "grad")
        self.assertNumbers(values(step, "weight")["gradient"], twin.weight.grad)
        self.assertNotIn("gradient", values(step, "out"))
        self.assertRight(step)

    def test_a_gradient_that_begins_later(self):
        with gradviz.record(names={"w": self.w}) as step:
            mixed = (torch.tensor([1.0, 2.0]) * 0.5 + 1).requires_grad_(True)
            loss = (mixed * self.w).sum()
            loss.backward()
        self.assertEqual(values(step, "mixed")["gradient"], mixed.grad.tolist())
        self.assertRight(step)

    def test_a_closure_runs_inside_the_step(self):
        """Of several runs the first is recorded; the results are those of a twin."""
        for make in (
            lambda own: torch.optim.LBFGS(own, max_iter=3), lambda own: torch.optim.SGD(own, lr=0.5),
            lambda own: torch.optim.Adam(own, lr=0.5)
        ):
            model, x = nn.Linear(2, 1), torch.randn(4, 2)
            twin = copy.deepcopy(model)

            def closure(net, optimizer):
                def run():
                    optimizer.zero_grad()
                    loss = (net(x)**2).mean()
                    loss.backward()
                    return loss

                return run

            one, two = make(model.parameters()), make(twin.parameters())
            with gradviz.record(model) as step:
                first = one.step(closure=closure(model, one))
            second = two.step(closure(twin, two))
            self.assertTrue(torch.equal(first, second))
            self.assertNumbers(values(step, "loss")["value"], second)
            self.assertNumbers(values(step, "weight")["updated"], twin.weight)
            for mine, other in zip(model.parameters(), twin.parameters()):
                self.assertTrue(torch.equal(mine, other))
            self.assertRight(step)

    def test_masks_and_positions_are_not_detached(self):
        with gradviz.record(names={"w": self.w}) as step:
            y = self.w * 2
            loss = (y * (y > 0).float()).sum() + y[y.argmax()]
            loss.backward()
        self.assertRight(step)


class Gradients(Case):
    def test_the_last_state_of_a_cell(self):
        """It has a gradient by the output beside it."""
        cell, x = nn.LSTMCell(2, 3), torch.randn(3, 1, 2)
        with gradviz.record(cell) as step:
            h, c = torch.zeros(1, 3), torch.zeros(1, 3)
            for row in x:
                h, c = cell(row, (h, c))
            loss = h.sum()
            loss.backward()
        self.assertEqual(named(step, "lstm_cell"), ["h1", "c1", "h2", "c2", "h3", "c3"])
        self.assertNotIn("gradient", values(step, "c3"))
        self.assertIn("gradient", values(step, "c2"))
        self.assertRight(step)

    def test_change_through_a_view(self):
        with gradviz.record(names={"w": self.w}) as step:
            a = self.w * 1
            view = a.view(2, 1)
            view.mul_(2)
            loss = a.sum() + view.sum()
            loss.backward()
        self.assertEqual(values(step, "a")["gradient"], [4, 4])
        self.assertRight(step)


class Words(Case):
    def test_noise_does_not_depend_on_what_it_is_like(self):
        with gradviz.record(names={"w": self.w}) as step:
            std = self.w.exp()
            eps = torch.randn_like(std)
            loss = (std * eps + self.w.new_zeros(2)).sum()
            loss.backward()
        self.assertNotIn("operands", values(step, "eps"))
        self.assertRight(step)

    def test_memory_without_numbers(self):
        with gradviz.record(names={"w": self.w}) as step:
            memory = torch.empty(2)
            filled = memory.fill_(1.0) * self.w
        self.assertNotIn("value", values(step, "memory"))
        self.assertEqual(values(step, "filled")["value"], [2, -3])

    def test_counts_of_batch_norm_are_not_part_of_a_step(self):
        model = nn.Sequential(nn.BatchNorm1d(2))
        with gradviz.record(model) as step:
            model(torch.randn(3, 2)).sum().backward()
        self.assertEqual(operations(step), ["randn", "batch_norm", "sum"])
        self.assertEqual(model[0].num_batches_tracked.item(), 1)

    def test_results_of_a_model(self):
        class Two(nn.Module):
            def forward(self, x):
                return torch.tanh(x * 2), x.sum() * 3

        model = Two()
        with gradviz.record(model) as step:
            first, second = model(self.w)
            (first.sum() + second).backward()
        self.assertEqual(named(step, "tanh"), ["first"])
        self.assertEqual(values(step, "second")["operation"], "multiply")

    def test_layers_of_a_bare_list_have_letters(self):
        model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
        with gradviz.record(model) as step:
            loss = model(torch.randn(4, 2)).pow(2).sum()
            loss.backward()
        self.assertEqual(named(step, "tanh"), ["tanh1"])
        self.assertEqual(named(step, "linear"), ["linear0", "linear2"])
        self.assertRight(step)

    def test_layers_of_a_list_in_a_model(self):
        model = nn.ModuleDict({"net": nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 2), nn.Tanh()))})
        with gradviz.record(model) as step:
            model["net"](self.w).sum().backward()
        self.assertEqual(named(step, "linear") + named(step, "tanh"), ["net.linear0", "net.1.linear0", "net.1.tanh1"])

    def test_results_of_a_recurrent_layer(self):
        lstm, x = nn.LSTM(2, 3), torch.randn(4, 1, 2)
        with gradviz.record(lstm) as step:
            states, _ = lstm(x)
            states.sum().backward()
        self.assertEqual(named(step, "lstm")[0], "states")
        self.assertRight(step)
        with gradviz.record(lstm) as step:
            out, (hidden, cell) = lstm(x)
            (out.sum() + hidden.sum() + cell.sum()).backward()
        self.assertEqual(named(step, "lstm"), ["out", "hidden", "cell"])
        self.assertRight(step)

    def test_what_a_module_passes_on_keeps_its_name(self):
        model = nn.ModuleDict({"same": nn.Identity()})
        with gradviz.record(model) as step:
            loss = model["same"](self.w * 2).sum()
            loss.backward()
        self.assertNotIn("same", [node["name"] for node in step.step.data["nodes"]])

    def test_packed_sequences(self):
        gru, x, lengths = nn.GRU(2, 2, batch_first=True), torch.randn(2, 3, 2, requires_grad=True), torch.tensor([2, 3])
        with gradviz.record(gru) as step:
            packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            out, _ = pad_packed_sequence(gru(packed)[0], batch_first=True)
            loss = out.sum()
            loss.backward()
        names = {node["name"] for node in step.step.data["nodes"]}
        self.assertFalse({"packed", "out"} & names, names)
        for one, two in zip(values(step, "x")["gradient"], x.grad.flatten().tolist()):
            self.assertAlmostEqual(one, two, places=6)
        self.assertRight(step)

    def test_models_are_told_apart(self):
        one, other = nn.Linear(1, 1), nn.Linear(1, 1)
        with gradviz.record(one, other) as step:
            other(one(torch.ones(1, 1))).sum().backward()
        names = {node["name"] for node in step.step.data["nodes"]}
        self.assertTrue({"one.weight", "other.weight", "one", "other"} <= names, names)


if __name__ == "__main__":
    unittest.main()
