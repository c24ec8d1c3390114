"""Programs in notebooks, and the program beside the package."""

import io
import json
import os
import pathlib
import re
import sys
import tempfile
import types
import unittest
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock

import gradviz
from gradviz import __main__, notebook, program, step

PROGRAM = "param w = 2\ninput x = 3\nloss L = (w * x - 1) ** 2\nrate 0.1\n"


class Notebooks(unittest.TestCase):
    def test_options_are_those_of_the_command_line(self):
        self.assertEqual(
            step.flags({"max_boxes": 9, "data_gradients": True, "only": ["a", "b"], "theme": None}),
            ["--max-boxes", "9", "--data-gradients", "--only", "a", "--only", "b"])

    def test_ids_of_two_figures_stay_in_their_pictures(self):
        html = step.image('<svg id="a"/>', 'a "figure" <b>')
        self.assertNotIn('id="a"', html)
        self.assertIn("&quot;figure&quot; &lt;b>", html)

    @unittest.skipUnless(program.path(), "the program is missing")
    def test_a_cell_is_a_figure(self):
        figure = notebook.grad("backward --precision 3", PROGRAM)
        self.assertIn("<svg", figure.svg)
        self.assertEqual(list(figure._repr_mimebundle_()), ["text/html", "text/plain"])
        self.assertIn("overview", repr(notebook.grad("", PROGRAM)))
        self.assertTrue(figure.explorer.lower().startswith("<!doctype html>"))
        self.assertTrue('<iframe sandbox="allow-scripts"' in figure.html())

    @unittest.skipUnless(program.path(), "the program is missing")
    def test_a_cell_saves_its_figure_where_it_is_told_to(self):
        with tempfile.TemporaryDirectory() as folder:
            for option in ("-o {}", "-o{}", "--output {}", "--output={}"):
                file = os.path.join(folder, "backward.png")
                figure = notebook.grad("backward " + option.format(file), PROGRAM)
                self.assertIn("<svg", figure.svg)
                with open(file, "rb") as picture:
                    self.assertEqual(picture.read(4), b"\x89PNG")
                os.remove(file)
        with self.assertRaisesRegex(gradviz.ProgramError, "^`%%grad` shows SVG"):
            notebook.grad("backward -T png", PROGRAM)

    @unittest.skipUnless(program.path(), "the program is missing")
    def test_a_drawn_step_is_text_and_a_picture(self):
        graph = {
            "version": 2, "level": "scalar", "loss": "L", "nodes": [
                {"id": "w", "name": "w", "role": "parameter", "value": [3.0], "gradient": [6.0]},
                {"id": "L", "name": "L", "operation": "power", "exponent": 2, "operands": ["w"], "value": [9.0],
                 "gradient": [1.0]}]}
        drawn = step.Step(graph).draw("backward")
        self.assertIsInstance(drawn, str)
        self.assertTrue(drawn.startswith("<?xml") or drawn.startswith("<svg"), drawn[:40])
        self.assertEqual(repr(drawn)[:18], "<backward figure o")
        self.assertTrue(drawn._repr_mimebundle_()["text/html"].startswith("<img"))
        self.assertIn("<iframe", step.Step(graph)._repr_mimebundle_()["text/html"])
        with tempfile.TemporaryDirectory() as folder:
            page = os.path.join(folder, "page.html")
            step.Step(graph).draw(file=page)
            with open(page, encoding="utf-8") as file:
                self.assertIn("<script", file.read())
        with self.assertRaisesRegex(gradviz.ProgramError, "^there is no update figure: no optimizer step was recorded$"):
            step.Step({**graph, "producer": "hand"}).draw("update")

    @unittest.skipUnless(program.path(), "the program is missing")
    def test_errors_are_those_of_the_program(self):
        with self.assertRaisesRegex(gradviz.ProgramError, "thanh"):
            notebook.grad("backward", "param w = 1\nloss L = thanh(w)\n")

    @unittest.skipUnless(program.path(), "the program is missing")
    def test_places_of_errors_have_no_name_of_a_file(self):
        wrong = "inpt x = 3\nparam w = 1\nloss L = thanh(w)\n"
        for language, label in [("", "error: "), ("lang fr\n", "erreur\xa0: ")]:
            with self.assertRaises(gradviz.ProgramError) as caught:
                notebook.grad("backward", language + wrong)
            lines = str(caught.exception).splitlines()
            first = language.count("\n") + 1
            self.assertTrue(lines[0].startswith(f"{first}:1: {label}"), lines[0])
            self.assertFalse([line for line in lines if line.startswith("-:")], lines)
            # The other error of a program that has two is one like the first.
            self.assertEqual(sum(f": {label}" in line for line in lines), 2, lines)

    @unittest.skipUnless(program.path(), "the program is missing")
    def test_errors_of_the_command_line_are_without_its_name(self):
        for options, said in [("--nope", "unknown option `--nope`"), ("--steps", "standard output takes one figure")]:
            with self.assertRaisesRegex(gradviz.ProgramError, "^" + said):
                notebook.grad("backward " + options, PROGRAM)

    def test_help_is_not_a_figure(self):
        said = "^`%%grad` takes a stage and the options of `gradviz draw`"
        for line in ("--help", "-h", "backward --help", "--version"):
            with self.assertRaisesRegex(gradviz.ProgramError, said):
                notebook.grad(line, PROGRAM)

    def test_the_magic_shows_the_message_alone(self):
        class UsageError(Exception):
            pass

        error = types.SimpleNamespace(UsageError=UsageError)
        names = {"IPython": mock.Mock(), "IPython.core": mock.Mock(), "IPython.core.error": error}
        with mock.patch.dict(sys.modules, names):
            with self.assertRaisesRegex(UsageError, "^`%%grad` takes") as caught:
                notebook.magic("--help", PROGRAM)
        self.assertTrue(caught.exception.__suppress_context__)
        with mock.patch.dict(sys.modules, dict.fromkeys(names)):
            with self.assertRaisesRegex(gradviz.ProgramError, "^`%%grad` takes"):
                notebook.magic("--help", PROGRAM)
        self.assertEqual(notebook.magic.__doc__, notebook.grad.__doc__)

    def test_magic_is_registered(self):
        registered = []

        class Shell:
            def register_magic_function(self, function, kind, name):
                registered.append((function, kind, name))

        gradviz.load_ipython_extension(Shell())
        self.assertEqual(registered, [(notebook.magic, "cell", "grad")])

    def test_doctor(self):
        text = io.StringIO()
        with redirect_stdout(text):
            status = __main__.main(["doctor"])
        self.assertEqual(status, 0 if program.path() else 1)
        self.assertIn("program:", text.getvalue())

    def test_another_program_is_not_run_in_place_of_the_one_that_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            plain = os.path.join(folder, "notes.txt")
            pathlib.Path(plain).write_text("no program", encoding="utf-8")
            for named in ("/nowhere/gradviz", folder, plain):
                with mock.patch.dict(os.environ, {"GRADVIZ": named}):
                    said = f"the environment variable GRADVIZ is `{named}`, which is not an executable file"
                    self.assertIsNone(program.path())
                    with self.assertRaisesRegex(gradviz.ProgramError, "^" + re.escape(said)):
                        program.run(["--version"])
                    text, errors = io.StringIO(), io.StringIO()
                    with redirect_stdout(text), redirect_stderr(errors):
                        self.assertEqual(__main__.main(["doctor"]), 1)
                        self.assertEqual(__main__.main(["--version"]), 1)
                    self.assertIn(f"program: missing\n  {said}", text.getvalue())
                    self.assertNotIn("looked", text.getvalue())
                    self.assertIn(f"gradviz: {said}", errors.getvalue())

    def test_a_slip_in_doctor_is_answered(self):
        for typed in ("doctr", "docter", "Doctor"):
            errors = io.StringIO()
            with redirect_stderr(errors):
                self.assertEqual(__main__.main([typed]), 2)
            self.assertEqual(errors.getvalue(), f"gradviz: unknown command `{typed}`; did you mean `doctor`?\n")

    def test_doctor_lists_where_it_looked(self):
        places = ["/nowhere/bin/gradviz", "/nowhere/.build/release/gradviz"]
        text = io.StringIO()
        with mock.patch.dict(os.environ), mock.patch.object(program, "candidates", lambda: places):
            os.environ.pop("GRADVIZ", None)
            with redirect_stdout(text):
                self.assertEqual(__main__.main(["doctor"]), 1)
        for place in [*(f"at {place}" for place in places), "on the PATH"]:
            self.assertIn(f"  looked {place}\n", text.getvalue())

    def test_the_program_is_named_by_the_environment(self):
        before = os.environ.get("GRADVIZ")
        os.environ["GRADVIZ"] = "/nowhere/gradviz"
        try:
            self.assertEqual(program.candidates()[0], "/nowhere/gradviz")
        finally:
            if before is None:
                del os.environ["GRADVIZ"]
            else:
                os.environ["GRADVIZ"] = before

    def test_the_program_is_found_in_the_clone_that_the_package_was_installed_from(self):
        with tempfile.TemporaryDirectory(prefix="a clone ") as clone:
            noted = {"url": pathlib.Path(clone, "Sources", "Python").as_uri(), "dir_info": {}}
            place = os.path.join(clone, ".build", "release", "gradviz")
            with mock.patch.object(program.metadata, "distribution") as distribution:
                for text, isFound in [(json.dumps(noted), True), (None, False), ("{", False),
                                      (json.dumps({"url": "https://a.b/c.whl", "archive_info": {}}), False)]:
                    distribution.return_value.read_text.return_value = text
                    self.assertEqual(place in program.candidates(), isFound, text)


if __name__ == "__main__":
    unittest.main()
