"""`kill -9` at random moments of draw, train and document: all files of a run are old, or all are new.

No system renames several files at once. A kill that falls between two renames leaves a list of the others, and the next
run that writes into the folder finishes them: that is tried, and counted.
"""

import time

from writing.grammar import Grammar
from writing.writer import Writer
from tool import Finding, content, leftovers

KILLS = 6


def attack(round):
    """Two versions of something, drawn in turn into the same folder; each run is killed somewhere."""
    random = round.random
    kind = random.choice([Draw, Train, Document])
    scene = kind(round)
    states = []
    for version in (0, 1):
        begin = time.monotonic()
        scene.prepare(version)
        result = round.tool.run(scene.command, round.folder)
        whole = time.monotonic() - begin
        if result.status != 0:
            return
        states.append(scene.state())
    if states[0] == states[1]:
        raise Finding(f"two versions leave the same files: gradviz {' '.join(scene.command)}: {list(states[0])}")
    if set(states[0]) != set(states[1]):
        return
    present = 1
    for _ in range(KILLS):
        scene.prepare(1 - present)
        before = scene.state()
        process = round.tool.start(scene.command, round.folder)
        # More often near the end, where files take their places.
        time.sleep(whole * random.choice([random.uniform(0, 1.1), random.uniform(0.7, 1.1)]))
        process.kill()
        process.communicate()
        round.count(f"killed in {scene.command[0]}" if process.returncode == -9 else "ended before")
        present = scene.judge(before, states, present)
    scene.prepare(1 - present)
    result = round.tool.run(scene.command, round.folder)
    if result.status != 0:
        raise Finding(f"after a kill the next run fails: {result}")
    if scene.state() != states[1 - present]:
        raise Finding(
            f"after a kill the next run leaves other files: {differing(scene.state(), states[1 - present])}")
    if leftovers(round.folder):
        raise Finding(f"after a kill the next run leaves {leftovers(round.folder)[0].name}: {result}")


def differing(one, other):
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


class Scene:
    """What is run, in which folder its files come, and what they are."""

    folder = "out"

    def __init__(self, round):
        self.round = round

    def state(self):
        """The files that belong to runs, without what a killed one began."""
        return {
            name: data for name, data in content(self.round.folder / self.folder).items()
            if not name.split("/")[-1].startswith(".gradviz-")
        }

    def judge(self, before, states, present):
        now = self.state()
        if now not in states:
            self.finish()
            finished = self.state()
            if finished != states[1 - present]:
                raise Finding(f"killed: gradviz {' '.join(self.command)}: {self.ages(now, states, present)}; after the "
                              f"next run: {self.ages(finished, states, present)}")
            self.round.count("finished by the next run")
            now = finished
        return states.index(now)

    def finish(self):
        """A run that writes another file into the folder."""
        (self.round.folder / "other.grad").write_text("param a = 2\nloss L = a * a\n")
        result = self.round.tool.run(["draw", "other.grad", "--stage", "loss", "-o", "out/other.svg"], self.round.folder)
        if result.status != 0:
            raise Finding(f"after a kill another run fails: {result}")
        (self.round.folder / "out" / "other.svg").unlink()

    def ages(self, now, states, present):
        def age(name):
            versions = [state.get(name) for state in (states[present], states[1 - present])]
            return ["old", "new"][versions.index(now.get(name))] if now.get(name) in versions else "broken"

        return ", ".join(f"{name} {age(name)}" for name in sorted({*now, *states[0]}))


class Draw(Scene):
    """Five figures and their texts."""

    command = ["draw", "net.grad", "-T", "svg", "-T", "dot", "-o", "out/"]

    def __init__(self, round):
        super().__init__(round)
        program = Grammar(round.random).program()
        self.text = Writer(round.random).text(program).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        for name, data in program.files.items():
            (round.folder / name).write_bytes(data)

    def prepare(self, version):
        lines = [line for line in self.text.split("\n") if not line.startswith("title")]
        words = f'title "version {version}"\n' + "\n".join(lines)
        (self.round.folder / "net.grad").write_text(words)


class Train(Draw):
    """The history, the plots, the figures of two steps, and the saved parameters."""

    command = [
        "train", "net.grad", "-q", "--steps", "20", "--figures", "0,last", "-o", "out", "--save", "out/saved.json"
    ]

    def __init__(self, round):
        Scene.__init__(self, round)
        self.points = [[round.random.uniform(-2, 2) for _ in range(2)] for _ in range(5)]

    def prepare(self, version):
        rows = ", ".join(f"[{a + version:.3f}, {b:.3f}]" for a, b in self.points)
        (self.round.folder / "net.grad").write_text(
            f'title "version {version}"\ninput x = [{rows}]\ntarget y = [0, 1, 0, 1, 1]\nlayer h = dense(x, 3, tanh)\n'
            "layer s = dense(h, 1)\npredict p = sigmoid(s[:, 0])\nloss L = bce(p, y)\nrate 0.1\n")


class Document(Scene):
    """A page and its figures. What a page shows is there: it may be older than its figures, never newer."""

    command = ["document", "page.md", "-q"]
    folder = "."

    def __init__(self, round):
        super().__init__(round)
        self.blocks = round.random.randint(2, 5)

    def prepare(self, version):
        text = "# A page\n\n"
        for number in range(self.blocks):
            value = 2 + number + 10 * version
            text += f"```grad stage=forward,backward\nparam a = {value}\nparam b = 3\nloss L = a * b\n```\n\nText.\n\n"
        (self.round.folder / "page.md").write_text(text)

    def judge(self, before, states, present):
        """Every file is whole: of one version or of the other; the page's links lead somewhere."""
        now = self.state()
        for name, data in now.items():
            if data not in (states[0].get(name), states[1].get(name), before.get(name)):
                raise Finding(f"killed: gradviz {' '.join(self.command)}: {name} is neither old nor new")
        page = now["page.md"]
        for state in states:
            if page == state["page.md"]:
                missing = [name for name in state if name not in now]
                if missing:
                    raise Finding(
                        f"killed: gradviz {' '.join(self.command)}: page.md shows {missing[0]}, which is not there")
        return present
