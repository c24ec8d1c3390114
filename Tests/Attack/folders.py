"""Folders and files swapped for links while they are read: nothing outside of a program's folder comes in."""

import os
import threading

from tool import Finding

SECRET = 774411
RUNS = 12


class Swapper(threading.Thread):
    """Puts a link and what it stands for in each other's place, over and over."""
    def __init__(self, real, link, place):
        super().__init__(daemon=True)
        self.real, self.link, self.place = real, link, place
        self.is_done = False
        self.swaps = 0

    def run(self):
        while not self.is_done:
            for source in (self.link, self.real):
                aside = self.real if source is self.link else self.link
                os.rename(self.place, aside)
                os.rename(source, self.place)
                self.swaps += 1


def attack(round):
    """A table, an included program or a page's figures in a folder that is now here, now a link to elsewhere."""
    random, folder = round.random, round.folder
    home, outside = folder / "home", folder / "outside"
    for place, number in ((home / "data" / "deep", 1), (outside / "deep", SECRET)):
        place.mkdir(parents=True)
        (place / "t.csv").write_text(f"a,b\n{number},{number}\n{number},{number}\n")
        (place / "part.grad").write_text(f"param a = {number}\nloss L = a * a\n")
    (home / "net.grad").write_text(
        'input x = csv("data/deep/t.csv", columns: [a, b])\nparam w = 1\nloss L = sum(x * w)\nlevel tensor\n')
    (home / "page.md").write_text("```grad include=data/deep/part.grad table\n```\n")
    swapped = random.choice(["data", "data/deep", "data/deep/t.csv", "data/deep/part.grad"])
    target = outside / swapped.removeprefix("data").removeprefix("/") if swapped != "data" else outside
    link = folder / "link"
    os.symlink(target, link)
    if "csv" in swapped or "grad" not in swapped and random.random() < 0.6:
        command = ["draw", "home/net.grad", "-T", "json"]
    else:
        command = ["document", "home/page.md", "-q"]
    swapper = Swapper(folder / "aside", link, home / swapped)
    swapper.start()
    try:
        for _ in range(RUNS):
            result = round.tool.run(command, folder)
            round.count("reads")
            text = result.out + result.err
            if command[0] == "document":
                text += (home / "page.md").read_bytes()
                figures = home / "figures"
                text += b"".join(f.read_bytes() for f in figures.iterdir()) if figures.is_dir() else b""
            if str(SECRET).encode() in text:
                raise Finding(f"reads what lies outside, while {swapped} is swapped for a link: {result}")
            round.count("refused" if result.status else "read")
    finally:
        swapper.is_done = True
        swapper.join()
