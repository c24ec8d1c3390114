"""A notebook executed by nbconvert, and its page opened in Chromium."""

import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from gradviz import program

CELLS = {
    "a program": "%%grad backward\nparam w = 2\ninput x = 3\nloss L = (w * x - 1) ** 2\nrate 0.1",
    "the same in dark": "%%grad update --theme dark\nparam w = 2\ninput x = 3\nloss L = (w * x - 1) ** 2\nrate 0.1",
}
RECORDED = """import torch
w = torch.tensor([1.0, -2.0], requires_grad=True)
with gradviz.record(names={"w": w}) as step:
    loss = (w * w).sum()
    loss.backward()
step"""
#: Says in the page's title what the browser has made of the pictures.
MEASURE = """<script>addEventListener("load", () => { document.title = JSON.stringify([...document.querySelectorAll(
  'img[src^="data:image/svg"]')].map(i => [i.naturalWidth, i.clientWidth, i.alt])) })</script>"""
TOOLS = ("nbconvert", "nbformat", "ipykernel")


def chromium():
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@unittest.skipUnless(program.path(), "the program is missing")
@unittest.skipUnless(all(map(importlib.util.find_spec, TOOLS)), "nbconvert or ipykernel is missing")
class ExecutedNotebook(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import nbformat
        from nbconvert import HTMLExporter
        from nbconvert.preprocessors import ExecutePreprocessor

        sources = ["import gradviz\n%load_ext gradviz", *CELLS.values()]
        if importlib.util.find_spec("torch"):
            sources.append(RECORDED)
        cls.notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        cls.figures = len(sources) - 1
        with tempfile.TemporaryDirectory() as folder:
            environment = dict(os.environ, GRADVIZ=program.path(), IPYTHONDIR=folder, JUPYTER_RUNTIME_DIR=folder)
            before = dict(os.environ)
            os.environ.update(environment)
            try:
                ExecutePreprocessor(timeout=300, kernel_name="python3").preprocess(
                    cls.notebook, {"metadata": {"path": folder}})
            finally:
                os.environ.clear()
                os.environ.update(before)
        cls.page, _ = HTMLExporter().from_notebook_node(cls.notebook)

    def test_each_cell_has_its_figure_and_its_words(self):
        for cell in self.notebook.cells[1:]:
            data = next(output["data"] for output in cell["outputs"] if "data" in output)
            self.assertTrue(data["text/html"].startswith("<img"), "where no script runs the picture stands first")
            self.assertIn('src="data:image/svg+xml', data["text/html"])
            self.assertIn('<iframe sandbox="allow-scripts"', data["text/html"])
            self.assertTrue(data["text/plain"].strip())

    @unittest.skipUnless(chromium(), "Chromium is missing")
    def test_the_browser_shows_every_figure_as_wide_as_the_cell(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "notebook.html"
            opened = self.page.replace("<details>", "<details open>").replace('loading="lazy"', "")
            page.write_text(opened.replace("</body>", MEASURE + "</body>"), encoding="utf-8")
            found = subprocess.run(
                [chromium(), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
                 "--enable-logging=stderr", "--window-size=1000,900", "--virtual-time-budget=5000", "--dump-dom", page.as_uri()],
                capture_output=True, text=True, timeout=120)
        title = re.search(r"<title>(.*?)</title>", found.stdout, re.S)
        self.assertIsNotNone(title, found.stderr[-500:])
        pictures = json.loads(title.group(1).replace("&lt;", "<").replace("&amp;", "&"))
        self.assertEqual(len(pictures), self.figures)
        # The explorers' own scripts run in their frames.
        said = [line for line in found.stderr.splitlines() if "CONSOLE" in line and "Uncaught" in line]
        self.assertEqual(said, [])
        for natural, shown, text in pictures:
            self.assertGreater(natural, 300)
            self.assertTrue(300 < shown <= 1000, f"{shown} px wide")
            self.assertTrue(text.strip())


if __name__ == "__main__":
    unittest.main()
