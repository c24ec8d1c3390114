"""Inputs that are nearly right: programs, graphs, tables, pages, saved parameters, mdBook's JSON, changed at random.

The fuzz targets change bytes inside one process; here the built program is run, with its files, limits and words.
"""

import json
import pathlib
import re

import files
from attacks.changes import changed, graph_changed
from writing.grammar import Grammar
from writing.writer import Writer
from tool import Finding, content, has_place, leftovers

PROJECT = pathlib.Path(__file__).resolve().parents[3]
CORPUS = PROJECT / "Tests" / "Fuzzing" / "corpus"


def attack(round):
    """One input, changed some times, given to what reads it."""
    kind = round.random.choice(["grad", "grad", "json", "json", "csv", "page", "page", "parameters", "book"])
    round.count(kind)
    globals()[f"attack_{kind}"](round)
    if leftovers(round.folder):
        raise Finding(f"leaves {leftovers(round.folder)[0].name}")


def seed_input(random, folder):
    return random.choice(sorted(path for path in (CORPUS / folder).iterdir() if path.is_file())).read_bytes()


def program(round):
    """A program of the grammar, with its table."""
    tree = Grammar(round.random).program()
    for name, data in tree.files.items():
        (round.folder / name).write_bytes(data)
    return Writer(round.random).text(tree).encode()


def write(round, name, data):
    (round.folder / name).write_bytes(data)


def graph_of(round):
    write(round, "right.grad", program(round))
    result = round.tool.run(
        ["draw", "right.grad", "-T", "json", "--level",
         round.random.choice(["scalar", "tensor"])], round.folder)
    return result.out


# MARK: Inputs


def attack_grad(round):
    random = round.random
    data = program(round) if random.random() < 0.6 else seed_input(random, "language")
    write(round, "net.grad", changed(random, "grad", data))
    command = random.choice(
        [
            ["draw", "net.grad", "-T", "json", "--max-values", "20000", "--max-entries", "100000"],
            ["draw", "net.grad", "--collapse",
             random.choice(["2", "3", "7", "layers", "samples"]), "-o", "out/"],
            ["draw", "net.grad", "--stage", "backward", "-T", "svg", "--gradients", "both"],
            ["draw", "net.grad", "-T", "dot", "--no-positions", "-o", "out/"],
            ["check", "net.grad", "--max-operations", "100000000"],
            ["train", "net.grad", "-q", "--steps", "3", "-o", "out", "--max-operations", "100000000"]
        ])
    hold(round, round.tool.run(command, round.folder), "net.grad")


def hold(round, result, program=None):
    """What succeeded is whole; what is wrong with a program is said with its place."""
    if result.status == 0:
        for name, data in content(round.folder).items():
            if name.startswith("out/"):
                files.check(name, data)
    elif program and result.status == 1 and not has_place(result) and f"{program}: error: " not in result.errors \
            and "gradviz: error: " not in result.errors:
        raise Finding(f"an error without a place: {result}")


def attack_json(round):
    random = round.random
    data = graph_of(round) if random.random() < 0.6 else seed_input(random, "json")
    data = graph_changed(random, data) if random.random() < 0.6 else changed(random, "json", data)
    write(round, "graph.json", data)
    command = random.choice(
        [
            ["draw", "graph.json", "-o", "out/", "--collapse",
             random.choice(["none", "2", "3", "5", "layers"])],
            ["draw", "graph.json", "-o", "out/", "--gradients",
             random.choice(["symbolic", "both"])], ["draw", "graph.json", "-T", "json", "-o", "out/again.json"],
            ["draw", "graph.json", "-o", "out/", "-T", "dot", "--direction", "TB", "--parameters", "shared"]
        ])
    hold(round, round.tool.run(command, round.folder))


def attack_csv(round):
    random = round.random
    data = seed_input(random, "csv")
    write(round, "t.csv", changed(random, "csv", data))
    names = [w.decode("utf-8", "replace").strip() for w in data.split(b"\n")[0].split(b",")]
    columns = ", ".join(n for n in random.sample(names, random.randint(1, len(names))) if re.fullmatch(r"\w+", n))
    options = random.choice(
        ["", f", columns: [{columns}]", ", rows: [0, 3]", f", columns: [{columns}], rows: [1, 2]"])
    write(
        round, "net.grad",
        f'input x = csv("t.csv"{options})\nparam w = 0.5\nloss L = mean(x * w)\nlevel tensor\n'.encode())
    hold(round, round.tool.run(["draw", "net.grad", "-T", "json"], round.folder), "net.grad")


def attack_page(round):
    random = round.random
    write(round, "x.grad", b"param a = 2\nloss L = a * a\n")
    data = seed_input(random, "markdown")
    if random.random() < 0.4:
        data = b"# T\n\n```grad stage=forward table\nparam a = 2\nloss L = a * a\n```\n\nText.\n\n" + data
    page = changed(random, "page", data)
    write(round, "page.md", page)
    first = round.tool.run(["document", "page.md"], round.folder)
    hold(round, first)
    drawn = (round.folder / "page.md").read_bytes()
    second = round.tool.run(["document", "page.md"], round.folder)
    if (round.folder / "page.md").read_bytes() != drawn:
        raise Finding(f"a second run changes the page: {first}; {second}")
    if first.status == 0 and round.tool.run(["document", "--check", "page.md"], round.folder).status != 0:
        raise Finding("a page that was drawn is not up to date")
    for name, figure in content(round.folder / "figures").items():
        files.check(name, figure)


def attack_parameters(round):
    random = round.random
    write(
        round, "net.grad",
        b"input x = [1, 2]\nparam w = [0.5, 1]\nparam b = 2\nloss L = (w @ x + b)**2\nrate 0.001\n")
    saved = b'{\n  "parameters" : [\n    { "name" : "w", "shape" : [ 2 ], "values" : [ 0.5, -1.25 ] },\n' \
        b'    { "name" : "b", "shape" : [], "values" : [ 3 ] }\n  ],\n  "version" : 1\n}\n'
    write(round, "saved.json", changed(random, "parameters", saved))
    hold(
        round,
        round.tool.run(
            ["train", "net.grad", "-q", "--steps", "2", "-o", "out", "--load", "saved.json"], round.folder))


def chapter(name, text, path, number, below, above):
    """A chapter as mdBook writes it."""
    return {"Chapter": {
        "name": name, "content": text, "number": number, "sub_items": below, "path": path, "source_path": path,
        "parent_names": above}}


def attack_book(round):
    random = round.random
    inner = chapter("Two", "Text.", "a/two.md", [1, 1], [], ["One"])
    outer = chapter("One", "# One\n\n```grad\nparam a = 2\nloss L = a * a\n```\n", "one.md", [1], [inner], [])
    config = {"root": ".", "config": {"book": {"src": "src"}}, "renderer": "html", "mdbook_version": "0.4.40"}
    sections = {"sections": [outer, "Separator", {"PartTitle": "Part"}], "__non_exhaustive": None}
    book = json.dumps([config, sections]).encode()
    (round.folder / "book" / "src").mkdir(parents=True)
    result = round.tool.run(["mdbook"], round.folder / "book", changed(random, "book", book))
    if result.status == 0:
        files.read_graph(result.out)
    outside = [name for name in content(round.folder) if not name.startswith("book/")]
    if outside:
        raise Finding(f"writes {outside} outside the book: {result}")
