"""Folders and files swapped for links while they are used: nothing from outside comes in, nothing goes out."""

import ctypes
import os
import shutil
import threading

from tool import Finding, content

SECRET = 774411
RUNS = 12


LIBRARY = ctypes.CDLL(None, use_errno=True)
EXCHANGE, HERE = 2, -100


class Swapper(threading.Thread):
    """Puts a link and what it stands for in each other's place, over and over; the place is never empty."""

    def __init__(self, link, place):
        super().__init__(daemon=True)
        self.paths = [os.fsencode(link), os.fsencode(place)]
        self.is_done = False
        self.error = 0

    def run(self):
        while not self.is_done and not self.error:
            if LIBRARY.renameat2(HERE, self.paths[0], HERE, self.paths[1], EXCHANGE) != 0:
                self.error = ctypes.get_errno()


def attack(round):
    """A table, an included program, or the folder of a page's figures is now here, now a link to elsewhere."""
    if not hasattr(LIBRARY, "renameat2"):
        return round.count("passed over: this system cannot exchange two files")
    folder = round.folder
    home, outside = folder / "home", folder / "outside"
    for place, number in ((home / "data" / "deep", 1), (outside / "deep", SECRET)):
        place.mkdir(parents=True)
        (place / "t.csv").write_text(f"a,b\n{number},{number}\n{number},{number}\n")
        (place / "part.grad").write_text(f"param a = {number}\nloss L = a * a\n")
    (home / "figures").mkdir()
    (home / "net.grad").write_text(
        'input x = csv("data/deep/t.csv", columns: [a, b])\nparam w = 1\nloss L = sum(x * w)\nlevel tensor\n')
    (home / "page.md").write_text("```grad include=data/deep/part.grad table\n```\n")
    draw, document = ["draw", "home/net.grad", "-T", "json"], ["document", "home/page.md", "-q"]
    swapped, command = round.random.choice([
        ("data", draw), ("data/deep", draw), ("data/deep/t.csv", draw), ("data", document), ("data/deep", document),
        ("data/deep/part.grad", document), ("figures", document)])
    below = swapped.removeprefix("data").removeprefix("/")
    link = folder / "link"
    os.symlink(outside if swapped == "figures" else outside / below, link)
    pages = [(home / "page.md").read_bytes()]
    if swapped == "figures":
        # A block comes and goes, so that its figure is drawn and removed; outside lies one of the same name.
        pages.append(pages[0] + b"```grad\nparam b = 2\nloss M = b * b\n```\n")
        (home / "page.md").write_bytes(pages[1])
        round.tool.run(document, folder)
        for figure in (home / "figures").iterdir():
            shutil.copy(figure, outside)
    before = content(outside)
    swapper = Swapper(link, home / swapped)
    swapper.start()
    try:
        for number in range(RUNS):
            if len(pages) > 1:
                (home / "page.md").write_bytes(pages[number % 2])
            result = round.tool.run(command, folder)
            round.count("refused" if result.status else "done")
            if str(SECRET).encode() in result.out + result.err + written(home):
                raise Finding(f"reads what lies outside, while {swapped} is swapped for a link: {result}")
            if content(outside) != before:
                raise Finding(f"writes or removes outside, while {swapped} is swapped for a link: {result}")
    finally:
        swapper.is_done = True
        swapper.join()
    if swapper.error:
        raise OSError(swapper.error, os.strerror(swapper.error))


def written(home):
    """The page and its figures, where they are at the moment."""
    data = (home / "page.md").read_bytes()
    try:
        return data + b"".join(f.read_bytes() for f in (home / "figures").iterdir())
    except OSError:
        return data
