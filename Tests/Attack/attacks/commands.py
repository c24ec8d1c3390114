"""Random commands on random programs, every flag and format: what they write is whole, and the same again."""

import random as randomness
import re

import files
from writing.grammar import Grammar
from writing.networks import OPTIMIZERS
from writing.writer import Writer
from tool import Finding, content, has_place, leftovers

STAGES = ["forward", "loss", "backward", "update", "overview", "all"]
FORMATS = ["svg", "svg", "svg", "dot", "json", "png", "pdf"]
LOOK = {
    "--precision": ["1", "2", "4", "12"], "--gradients": ["numeric", "symbolic", "both"], "--direction": ["LR", "TB"],
    "--lang": ["en", "fr"], "--parameters": ["repeated", "shared"], "--width": ["400", "900", "1140", "3000"],
    "--theme": ["auto", "light", "dark", "print"], "--level": ["auto", "tensor", "scalar"],
    "--collapse": ["auto", "none", "samples", "layers", "1", "2", "3", "5", "20"], "--formulas": ["short", "all"]
}
# What a file looks like, whatever is drawn.
PAGE = {
    "--scale": ["0.1", "0.5", "1", "1.5"], "--dpi": ["10", "72", "96", "200"],
    "--background": ["page", "transparent", "white"]
}
WRONG = [
    ["--stage", "upward"], ["-T", "gif"], ["--precision", "0"], ["--precision", "x"], ["--width", "nan"],
    ["--width", "1e9"], ["--collapse", "-1"], ["--of", "w"], ["--with", "ancestors"], ["-o", ""],
    ["--max-boxes", "0"], ["--unknown"], ["--lang", "de"], ["extra.grad"], ["--max-size", "0"],
    ["--scale", "0"], ["--scale", "20.5"], ["--dpi", "9"], ["--dpi", "nan"], ["--background", "red"],
    ["--theme", "dark", "--background", "white"], ["--data-gradients", "yes"], ["--theme", "\x1b[31mred"], ["--stage"], ["--\u202eevil"]
]
# What concerns a file as a whole, or no file.
FILE_ERROR = re.compile(
    r"^(net\.grad|graph\.json|saved\.json|gradviz|[^:\n]*\.(svg|pdf|dot|png)|[^:\n]*/?): error: ", re.M)


def attack(round):
    """Some programs, some commands on each; each command that succeeds is given again."""
    random = round.random
    program = Grammar(random).program()
    text = Writer(random).text(program)
    (round.folder / "net.grad").write_bytes(text.encode())
    for name, data in program.files.items():
        (round.folder / name).write_bytes(data)
    names = [d.name for d in program.declarations("param", "input", "", "predict", "loss", "layer")]
    if random.random() < 0.3:
        through_data(round)
    for _ in range(3):
        command = random.choice([draw, draw, draw, derivative, train, check, imported])(random, names)
        if random.random() < 0.12:
            command += random.choice(WRONG)
        perform(round, command)


def through_data(round):
    """A program's figures and those of its graph as data are the same, byte for byte."""
    random, folder = round.random, round.folder
    level = ["--level", random.choice(["scalar", "tensor"])]
    look = flags(random, {key: values for key, values in (LOOK | PAGE).items() if key != "--level"})
    look += ["--data-gradients"] if random.random() < 0.2 else []
    exported = round.tool.run(["draw", "net.grad", "-T", "json", "-o", "data.json", *level], folder)
    if exported.status != 0:
        return
    own = round.tool.run(["draw", "net.grad", "-o", "own/", "--stage", "all", *level, *look], folder)
    other = round.tool.run(["draw", "data.json", "-o", "other/", "--stage", "all", *look], folder)
    if own.status != other.status:
        raise Finding(f"a program is drawn otherwise than its graph: {own}; {other}")
    one, two = content(folder / "own"), content(folder / "other")
    for name in sorted({*one, *two}):
        if one.get(name) != two.get(name):
            raise Finding(f"{name} of a graph is another than that of its program: {own}; {other}")
    round.count("figures through data", len(one))


def timeless(errors):
    """What was said, without the time that a file took."""
    return re.sub(rb", \d+ ms$", b"", errors, flags=re.MULTILINE)


def perform(round, command):
    """A command, and once more: the same status, words and files."""
    folder = round.folder
    before = content(folder)
    first = round.tool.run(command, folder)
    round.count(f"status {first.status}")
    written = {name: data for name, data in content(folder).items() if name != "net.grad"}
    if leftovers(folder):
        raise Finding(f"leaves {leftovers(folder)[0].name}: {first}")
    if first.status == 0:
        hold(command, {name: data for name, data in written.items() if before.get(name) != data}, first.out)
    elif first.status == 1 and not has_place(first) and not FILE_ERROR.search(first.errors):
        raise Finding(f"an error without a place: {first}")
    if round.random.random() < 0.3:
        second = round.tool.run(command, folder)
        if (second.status, second.out, timeless(second.err)) != (first.status, first.out, timeless(first.err)):
            for result, place in ((first, "first-time"), (second, "second-time")):
                (folder / place).write_bytes(result.out + result.err)
            raise Finding(f"another result the second time: {first}; then {second}")
        again = {name: data for name, data in content(folder).items() if name != "net.grad"}
        for name, data in again.items():
            if written.get(name) != data:
                (folder / "first-time").write_bytes(written.get(name, b""))
                raise Finding(f"{name} has other bytes the second time: {first}")


def hold(command, written, out):
    """What was written is whole; a format that is named wins over a file's ending."""
    named = {command[i + 1] for i, word in enumerate(command[:-1]) if word == "-T"}
    for name, data in written.items():
        if name in ("table.csv", "classes.csv") or name.endswith("saved.json"):
            continue
        is_one = command[0] == "draw" and name in command
        files.check(f"{name}.{min(named)}" if is_one and len(named) == 1 else name, data)
    if "-o" not in command and out and command[0] == "draw":
        files.check("standard output." + (min(named) if named else "svg"), out)


def flags(random, table, share=0.25):
    return [
        word for flag, values in table.items() if random.random() < share for word in (flag, random.choice(values))
    ]


def draw(random, names):
    command = ["draw", "net.grad"] + flags(random, LOOK) + flags(random, PAGE, 0.15)
    if random.random() < 0.7:
        command += ["--stage", random.choice(STAGES)]
    for _ in range(random.choices([0, 1, 2], [2, 5, 1])[0]):
        command += ["-T", random.choice(FORMATS)]
    for flag, share in [("--steps", 0.1), ("--no-positions", 0.1), ("--data-gradients", 0.15),
                        ("--allow-data-outside", 0.05)]:
        command += [flag] if random.random() < share else []
    if random.random() < 0.2:
        for _ in range(random.randint(1, 2)):
            command += ["--only", random.choice(names)]
        if random.random() < 0.5:
            command += ["--with", random.choice(["ancestors", "descendants", "both"])]
    if random.random() < 0.5:
        command += [
            "-o",
            random.choice(["out/", "figures/deep/er/", "one.svg", "one.pdf", "one.dot", "a b/ŷ.png", "x"])
        ]
    if random.random() < 0.05:
        command += random.choice(
            [["--max-boxes", "3"], ["--max-values", "5"], ["--max-nesting", "2"], ["--max-entries", "4"]])
    return command


def derivative(random, names):
    name = random.choice(names)
    name += random.choice(["", "", "1", "2", "1_1", "2_1", ".w1_1", "_9"])
    return ["draw", "net.grad", "--stage", "derivative", "--of", name] + flags(
        random, {k: LOOK[k] for k in ("--precision", "--lang", "--theme")} | PAGE) + random.choice(
            [[], ["-T", "png"], ["-T", "pdf"], ["-T", "json"], ["-o", "slope.svg"]])


def train(random, names):
    command = ["train", "net.grad", "-o", "trained", "-q", "--steps", str(random.randint(1, 30))]
    command += flags(
        random, {
            **PAGE, "--theme": LOOK["--theme"], "--lang": LOOK["--lang"], "--figures": [
                "0", "last", "0,1,last", "99", "0, 2"
            ], "--landscape": [f"{random.choice(names)},{random.choice(names)}", "w1,w2", names[0]],
            "--compare": list(OPTIMIZERS) + ["momentum"], "--save": ["saved.json"], "-T":
                ["svg", "png", "pdf", "json"]
        })
    if "--save" in command and random.random() < 0.5:
        command += ["--load", "saved.json"]
    return command


def check(random, names):
    return ["check"] + ["net.grad"] * random.randint(1, 2) + random.choice([[], [], ["--against", "graph.json"]])


def imported(random, names):
    """Options on a graph as data; where there is none yet, that is an error."""
    command = draw(randomness.Random(random.random()), names)
    return [("graph.json" if word == "net.grad" else word) for word in command] if random.random() < 0.5 else \
        ["draw", "net.grad", "-T", "json", "-o", "graph.json"] + flags(random, LOOK)
