"""Sixteen runs at once: each does what it does alone, and files that several write are whole."""

import time

from writing.grammar import Grammar
from writing.writer import Writer
from tool import Finding, Result, content, judge, leftovers

CROWD = 16


def attack(round):
    """Sixteen of one kind, or of all kinds, in one folder."""
    kinds = [apart, draws, trainings, documents]
    round.random.choice(kinds)(round)
    if leftovers(round.folder):
        raise Finding(f"leaves {leftovers(round.folder)[0].name}")


def program(round, folder):
    """A program of the grammar that is drawn without an error; nil after some that are not."""
    for _ in range(20):
        tree = Grammar(round.random).program()
        for name, data in tree.files.items():
            (folder / name).write_bytes(data)
        (folder / "net.grad").write_bytes(Writer(round.random).text(tree).encode())
        if round.tool.run(["draw", "net.grad", "-T", "json"], folder).status == 0:
            return
    raise RuntimeError("no program of twenty is drawn")


def together(round, commands, folders):
    """All at once; what each of them left."""
    begin = time.monotonic()
    running = [round.tool.start(command, folder) for command, folder in zip(commands, folders)]
    results = []
    for command, process in zip(commands, running):
        out, err = process.communicate(timeout=300)
        results.append(Result(command, process.returncode, out, err, time.monotonic() - begin))
    for result in results:
        judge(result)
    round.count("crowds")
    return results


def apart(round):
    """Each to its own standard output: the bytes of one that runs alone."""
    program(round, round.folder)
    commands = [
        ["draw", "net.grad", "--stage", stage, "-T", form] for stage in ("forward", "backward", "loss", "update")
        for form in ("svg", "dot", "svg", "json")
    ]
    alone = [round.tool.run(command, round.folder) for command in commands]
    for one, other in zip(alone, together(round, commands, [round.folder] * CROWD)):
        if (one.status, one.out, one.err) != (other.status, other.out, other.err):
            raise Finding(f"in a crowd another result: {other}; alone {one}")


def expected(round, command, folder="."):
    """The files that a run leaves by itself."""
    result = round.tool.run(command, round.folder)
    return result, content(round.folder / folder)


def compare(round, files, folder, results):
    for result in results:
        if result.status != 0:
            raise Finding(f"in a crowd a run fails: {result}")
    now = content(round.folder / folder)
    if now != files:
        names = sorted(name for name in {*now, *files} if now.get(name) != files.get(name))
        raise Finding(f"after a crowd other files: {names}: {results[0]}")


def alike(round, command):
    """Sixteen times the same run, whose files are those of one."""
    result, files = expected(round, command, "out")
    if result.status == 0:
        compare(round, files, "out", together(round, [command] * CROWD, [round.folder] * CROWD))


def draws(round):
    program(round, round.folder)
    alike(round, ["draw", "net.grad", "-T", "svg", "-T", "dot", "-o", "out/"])


def trainings(round):
    program(round, round.folder)
    alike(
        round,
        ["train", "net.grad", "-q", "--steps", "8", "--figures", "last", "-o", "out", "--save", "out/saved.json"])


def documents(round):
    """One page, drawn by sixteen; a block goes, and sixteen remove its figure."""
    page = round.folder / "page.md"
    text = "# T\n\n" + "".join(
        f"```grad stage=backward\nparam a = {n}\nloss L = a * a\n```\n\n"
        for n in range(1, round.random.randint(3, 6)))
    page.write_text(text)
    _, files = expected(round, ["document", "page.md"])
    page.write_text(text)
    compare(round, files, ".", together(round, [["document", "page.md"]] * CROWD, [round.folder] * CROWD))
    shorter = text[:text.rindex("```grad")]
    page.write_text(shorter)
    _, files = expected(round, ["document", "page.md"])
    page.write_text(text)
    expected(round, ["document", "page.md"])
    page.write_text(shorter)
    compare(round, files, ".", together(round, [["document", "page.md"]] * CROWD, [round.folder] * CROWD))
