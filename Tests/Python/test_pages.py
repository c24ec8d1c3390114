"""Every block of Python in README.md and the documentation runs as it stands."""

import os
import pathlib
import re
import tempfile
import unittest

import gradviz

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
CATALOG = CHECKOUT / "Sources/GradvizKit/GradvizKit.docc"
PAGES = [CHECKOUT / "README.md", *sorted(CATALOG.rglob("*.md"))]
BLOCKS = [
    (page.relative_to(CHECKOUT), block)
    for page in PAGES
    for block in re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.S | re.M)
]


def given():
    """What a reader of the blocks has already: a model, its data and its optimizer."""
    try:
        import torch
    except ImportError:
        return None
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 3))
    return {
        "model": model, "x": torch.randn(5, 2), "y": torch.tensor([0, 1, 2, 1, 0]), "F": torch.nn.functional,
        "optimizer": torch.optim.SGD(model.parameters(), lr=0.1),
    }


class Pages(unittest.TestCase):
    def test_there_are_blocks(self):
        self.assertGreaterEqual(len(BLOCKS), 4)
        self.assertEqual({name for name, _ in BLOCKS} >= {pathlib.Path("README.md")}, True)

    def test_blocks_run_and_draw(self):
        before = os.getcwd()
        for name, block in BLOCKS:
            with self.subTest(page=str(name)), tempfile.TemporaryDirectory() as folder:
                names = given() if "model" in block else {}
                if names is None:
                    self.skipTest("torch is not installed")
                os.chdir(folder)
                try:
                    exec(compile("import gradviz\n" + block, str(name), "exec"), names)
                    drawn = pathlib.Path("backward.svg").read_text(encoding="utf-8")
                    self.assertIn("</svg>", drawn)
                    self.assertEqual("Rétropropagation" in drawn, 'lang="fr"' in block)
                finally:
                    os.chdir(before)


if __name__ == "__main__":
    unittest.main()
