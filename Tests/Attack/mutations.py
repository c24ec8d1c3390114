"""Inputs that are nearly right: programs, graphs, tables, pages, saved parameters, and mdBook's JSON, changed at random.

The fuzz targets change bytes inside one process; here the built program is run, with its files, limits and words.
"""

import json
import pathlib
import re

import files
from grammar import Grammar
from syntax import Writer
from tool import Finding, content, has_place, leftovers

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
CORPUS = PROJECT / "Tests" / "Fuzzing" / "corpus"

WORDS = {
    "grad": ["param ", "loss ", "predict ", "layer ", "def f(a) = ", "dense(", "csv(\"t.csv\")", "@", "**", ".T", "[", "]", "(",
             ")", "[:, ", "axis=", "seed: ", "batch 2\n", "holdout 1/2\n", "optimizer adam(", "level scalar\n", "1e308",
             "-0", "1e-320", "zeros(3, 0)", "random(2)", "cross_entropy(", "one_hot(", "standardize(", "\"", "#", "pi", "step"],
    "json": ["null", "[]", "{}", "NaN", "-Infinity", "1e999", "-0", "\"Infinity\"", "\"operands\":[\"n1\",\"n1\"]", "\"lane\":0",
             "\"shape\":[0]", "\"shape\":[2,2]", "\"axis\":7", "\"operation\":\"softmax\"", "\"operation\":\"power\"", "\"exponent\":0.5",
             "\"position\":[null]", "true", "\\u0000", "\\ud800", "\"role\":\"parameter\"", "\"gradient\":[1]"],
    "csv": [",", ";", "\t", "\"", "\"\"", "\r\n", "\r", "\n\n", "NaN", "inf", "1e999", "0x10", "1,5", "- 1", "\ufeff", "\x00", "a,a",
            "1_000", "١", "−1"],
    "page": ["```grad\n", "```", "~~~", "> ", "- ", "    ", "<!-- gradviz:begin -->\n", "<!-- gradviz:end -->\n", "<!--", "-->",
             "\n\n", "\t", "1. ", "---\n", "# ", "`", "<div>\n", "</pre>\n", "stage=all ", "hidden ", "table ", "name=x ", "include=x.grad "],
    "parameters": ["null", "[]", "1e999", "NaN", "-1", "\"w\"", "\"shape\": [2]", "\"values\": []", "\"version\": 2", "{", "}"],
    "book": ["null", "[]", "```grad\\n", "\\n```\\n", "\"path\": \"../../x.md\"", "\"path\": null", "\"Chapter\": {}", "\"sub_items\": []",
             "\\u0000", "\\ud800"],
}
ODD = ["\x00", "\x1b[31m", "\u202e", "\u2028", "\ufeff", "e\u0301", "🙂", "\x7f", "\x9b", "\r", "\t", "١", "ﬁ", "\u200b", "ŷ"]


def attack(round):
    """One input, changed some times, given to what reads it."""
    kind = round.random.choice(["grad", "grad", "json", "json", "csv", "page", "page", "parameters", "book"])
    round.count(kind)
    globals()[f"attack_{kind}"](round)
    if leftovers(round.folder):
        raise Finding(f"leaves {leftovers(round.folder)[0].name}")


# MARK: Changes

def changed(random, kind, data):
    """Some changes of bytes, words, numbers and lines."""
    for _ in range(random.choice([0, 1, 1, 2, 3, 8])):
        data = random.choice([bytes_changed, word_put_in, number_changed, lines_changed, piece_moved])(random, kind, data)
    return data


def place(random, data):
    return random.randint(0, len(data))


def bytes_changed(random, kind, data):
    at, length = place(random, data), random.choice([0, 1, 1, 2, 5, 40])
    new = random.choice([b"", bytes([random.randrange(256)]), random.choice(ODD).encode()])
    return data[:at] + new + data[at + length:]


def word_put_in(random, kind, data):
    at = place(random, data)
    return data[:at] + random.choice(WORDS[kind]).encode() + data[at:]


def number_changed(random, kind, data):
    found = list(re.finditer(rb"\d+(\.\d+)?", data))
    if not found:
        return data
    match = random.choice(found)
    new = random.choice([b"0", b"-1", b"1", b"2", b"3", b"7", b"1e308", b"1e-320", b"99999999999999999999", b"0.5", b"1000", b"65536"])
    return data[:match.start()] + new + data[match.end():]


def lines_changed(random, kind, data):
    lines = data.split(b"\n")
    i, j = random.randrange(len(lines)), random.randrange(len(lines))
    change = random.randrange(4)
    if change == 0:
        lines[i], lines[j] = lines[j], lines[i]
    elif change == 1:
        lines.insert(i, lines[j])
    elif change == 2:
        del lines[i]
    else:
        lines[i:i] = [lines[j]] * random.choice([2, 20, 200])
    return b"\n".join(lines)


def piece_moved(random, kind, data):
    """A piece of it a second time somewhere else, or the rest cut off."""
    if random.random() < 0.2:
        return data[:place(random, data)]
    a, b = sorted((place(random, data), place(random, data)))
    at = place(random, data)
    return data[:at] + data[a:min(b, a + 300)] + data[at:]


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
    result = round.tool.run(["draw", "right.grad", "-T", "json", "--level", round.random.choice(["scalar", "tensor"])],
                            round.folder)
    return result.out


# MARK: Inputs

def attack_grad(round):
    random = round.random
    data = program(round) if random.random() < 0.6 else seed_input(random, "language")
    write(round, "net.grad", changed(random, "grad", data))
    command = random.choice([
        ["draw", "net.grad", "-T", "json", "--max-values", "20000", "--max-entries", "100000"],
        ["draw", "net.grad", "--collapse", random.choice(["2", "3", "7", "layers", "samples"]), "-o", "out/"],
        ["draw", "net.grad", "--stage", "backward", "-T", "svg", "--gradients", "both"],
        ["draw", "net.grad", "-T", "dot", "--no-positions", "-o", "out/"],
        ["check", "net.grad", "--max-operations", "100000000"],
        ["train", "net.grad", "-q", "--steps", "3", "-o", "out", "--max-operations", "100000000"]])
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


OPERATIONS = [
    "add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "negate", "exp", "log", "tanh", "sigmoid", "relu", "sin",
    "cos", "sqrt", "abs", "sum", "mean", "maximumReduction", "minimumReduction", "logSumExp", "softmax", "matrixMultiply", "transpose",
    "index",
]


def graph_changed(random, data):
    """The graph as data with some of its nodes changed: still JSON, hardly a graph."""
    try:
        graph = json.loads(data)
        nodes = graph["nodes"]
        for _ in range(random.choice([1, 1, 2, 5])):
            node, other = random.choice(nodes), random.choice(nodes)
            random.choice([
                lambda: node.update(operation=random.choice(OPERATIONS)),
                lambda: node.update(operands=(node.get("operands") or [other["id"]]) * random.choice([0, 2, 3, 400])),
                lambda: node.update(operands=[random.choice(nodes)["id"] for _ in range(random.choice([0, 1, 2, 3]))]),
                lambda: node.update(shape=random.choice([[], [1], [2], [2, 2], [0], [3, 1], [1, 1, 1], [2, 0]])),
                lambda: node.update(value=(node.get("value") or [0]) * random.choice([0, 1, 2, 40])),
                lambda: node.update(role=random.choice(["input", "target", "parameter", "prediction", "loss", "constant"])),
                lambda: node.update(axis=random.choice([-1, 0, 1, 2, 7]), position=random.choice([[0], [None], [5, None], 1])),
                lambda: node.update(lane=random.choice([-1, 0, 1, 5, 10**9])), lambda: node.update(name=other["id"]),
                lambda: node.pop(random.choice(list(node))), lambda: node.update(gradient=random.choice([[], ["NaN"], 1, [1e300]])),
                lambda: graph.update(laneCount=random.choice([0, 1, 3, 10**6, -1])), lambda: graph.update(loss=other["id"]),
                lambda: node.update(scope=random.choice(["", "a", "a.b", other["id"], "\u202e"])), lambda: nodes.remove(node),
                lambda: nodes.insert(random.randrange(len(nodes)), dict(node, id=node["id"] + "_2", name=node["id"] + "_2")),
            ])()
        return json.dumps(graph).encode()
    except (ValueError, KeyError, AttributeError, IndexError, TypeError):
        return data


def attack_json(round):
    random = round.random
    data = graph_of(round) if random.random() < 0.6 else seed_input(random, "json")
    data = graph_changed(random, data) if random.random() < 0.6 else changed(random, "json", data)
    write(round, "graph.json", data)
    command = random.choice([
        ["draw", "graph.json", "-o", "out/", "--collapse", random.choice(["none", "2", "3", "5", "layers"])],
        ["draw", "graph.json", "-o", "out/", "--gradients", random.choice(["symbolic", "both"])],
        ["draw", "graph.json", "-T", "json", "-o", "out/again.json"],
        ["draw", "graph.json", "-o", "out/", "-T", "dot", "--direction", "TB", "--parameters", "shared"]])
    hold(round, round.tool.run(command, round.folder))


def attack_csv(round):
    random = round.random
    data = seed_input(random, "csv")
    write(round, "t.csv", changed(random, "csv", data))
    names = [w.decode("utf-8", "replace").strip() for w in data.split(b"\n")[0].split(b",")]
    columns = ", ".join(n for n in random.sample(names, random.randint(1, len(names))) if re.fullmatch(r"\w+", n))
    options = random.choice(["", f", columns: [{columns}]", ", rows: [0, 3]", f", columns: [{columns}], rows: [1, 2]"])
    write(round, "net.grad", f'input x = csv("t.csv"{options})\nparam w = 0.5\nloss L = mean(x * w)\nlevel tensor\n'.encode())
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
    write(round, "net.grad", b"input x = [1, 2]\nparam w = [0.5, 1]\nparam b = 2\nloss L = (w @ x + b)**2\nrate 0.001\n")
    saved = b'{\n  "parameters" : [\n    { "name" : "w", "shape" : [ 2 ], "values" : [ 0.5, -1.25 ] },\n' \
        b'    { "name" : "b", "shape" : [], "values" : [ 3 ] }\n  ],\n  "version" : 1\n}\n'
    write(round, "saved.json", changed(random, "parameters", saved))
    hold(round, round.tool.run(["train", "net.grad", "-q", "--steps", "2", "-o", "out", "--load", "saved.json"], round.folder))


def attack_book(round):
    random = round.random
    book = b'[{"root": ".", "config": {"book": {"src": "src"}}, "renderer": "html", "mdbook_version": "0.4.40"}, {"sections": [' \
        b'{"Chapter": {"name": "One", "content": "# One\\n\\n```grad\\nparam a = 2\\nloss L = a * a\\n```\\n", "number": [1], ' \
        b'"sub_items": [{"Chapter": {"name": "Two", "content": "Text.", "number": [1, 1], "sub_items": [], "path": "a/two.md", ' \
        b'"source_path": "a/two.md", "parent_names": ["One"]}}], "path": "one.md", "source_path": "one.md", "parent_names": []}}, ' \
        b'"Separator", {"PartTitle": "Part"}], "__non_exhaustive": null}]'
    (round.folder / "book" / "src").mkdir(parents=True)
    result = round.tool.run(["mdbook"], round.folder / "book", changed(random, "book", book))
    if result.status == 0:
        files.read_graph(result.out)
    outside = [name for name in content(round.folder) if not name.startswith("book/")]
    if outside:
        raise Finding(f"writes {outside} outside of the book: {result}")
