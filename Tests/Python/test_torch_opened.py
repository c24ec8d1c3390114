"""The recorder for PyTorch: layers that are opened to plain operations with `expand=`."""

import copy
import unittest

try:
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
except ImportError:
    raise unittest.SkipTest("torch is not installed") from None

import gradviz
from gradviz import program
from recorded import operations


class Opened(unittest.TestCase):
    def test_composites_open(self):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.GELU(), nn.Linear(3, 2))
        twin = copy.deepcopy(model)
        x, y = torch.randn(4, 2), torch.tensor([0, 1, 1, 0])
        with gradviz.record(model, expand="all") as step:
            F.cross_entropy(model(x), y).backward()
        F.cross_entropy(twin(x), y).backward()
        self.assertNotIn("linear", operations(step))
        self.assertNotIn("cross_entropy", operations(step))
        for one, two in zip(model.parameters(), twin.parameters()):
            self.assertTrue(torch.allclose(one.grad, two.grad, atol=1e-6))
        if program.path():
            self.assertNotIn("DIFFER", step.check())

    def test_unknown_names_are_refused(self):
        with self.assertRaisesRegex(ValueError, "'Linear' is unknown; expected some of all, batch_norm, .*linear"):
            gradviz.record(expand={"Linear", "lstm"})

    def test_layers_open(self):
        """Each layer's own definition gives what PyTorch's gives, leaves random numbers as they were, and is checked."""
        for what, (model, x) in opened_layers().items():
            with self.subTest(what):
                twin = copy.deepcopy(model)
                torch.manual_seed(5)
                with gradviz.record(model, expand="all") as step:
                    loss = (last(model(x)) ** 2).sum()
                    loss.backward()
                after = torch.rand(1)
                torch.manual_seed(5)
                expected = (last(twin(x)) ** 2).sum()
                expected.backward()
                self.assertTrue(torch.equal(after, torch.rand(1)))
                self.assertNotIn(what.split()[0], operations(step))
                self.assertTrue(torch.allclose(loss, expected, rtol=1e-5))
                for one, two in zip(model.parameters(), twin.parameters()):
                    self.assertTrue(torch.allclose(one.grad, two.grad, atol=1e-5))
                for one, two in zip(model.buffers(), twin.buffers()):
                    self.assertTrue(torch.equal(one, two))
                if program.path():
                    self.assertNotIn("DIFFER", step.check())

    def test_what_does_not_open_is_one_box(self):
        model = nn.LSTM(3, 2, proj_size=1)
        with gradviz.record(model, expand="all") as step:
            model(torch.randn(3, 2, 3))[0].sum().backward()
        self.assertIn("lstm", operations(step))


def last(output):
    return output[0] if isinstance(output, tuple) else output


class Masked(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(3, 3)

    def forward(self, x):
        return F.scaled_dot_product_attention(self.q(x), x, x, attn_mask=torch.ones(4, 4).tril().bool())


def opened_layers():
    """A layer and its input, by the operation that it would be."""
    torch.manual_seed(0)
    return {
        "conv1d": (nn.Conv1d(2, 3, 2), torch.randn(2, 2, 5)),
        "conv2d": (nn.Conv2d(2, 3, 3, padding=1, stride=2), torch.randn(2, 2, 5, 5)),
        "conv2d in groups": (
            nn.Conv2d(4, 6, (3, 2), padding="same", dilation=(1, 2), groups=2, bias=False), torch.randn(2, 4, 5, 6)),
        "conv3d": (nn.Conv3d(1, 2, 2, padding=1), torch.randn(1, 1, 3, 3, 3)),
        "lstm": (nn.LSTM(3, 2), torch.randn(3, 2, 3)),
        "lstm both ways": (
            nn.LSTM(3, 2, num_layers=2, bidirectional=True, batch_first=True), torch.randn(2, 3, 3)),
        "gru": (nn.GRU(3, 2, bias=False), torch.randn(3, 2, 3)),
        "rnn_relu": (nn.RNN(3, 2, nonlinearity="relu"), torch.randn(3, 2, 3)),
        "batch_norm": (nn.BatchNorm1d(3), torch.randn(4, 3)),
        "batch_norm of images": (nn.BatchNorm2d(2, momentum=0.3), torch.randn(2, 2, 3, 3)),
        "batch_norm in evaluation": (nn.BatchNorm1d(3).eval(), torch.randn(4, 3)),
        "layer_norm of two axes": (nn.LayerNorm([2, 3]), torch.randn(4, 2, 3)),
        "dropout": (nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.4)), torch.randn(4, 3)),
        "scaled_dot_product_attention": (Masked(), torch.randn(2, 4, 3)),
    }


if __name__ == "__main__":
    unittest.main()
