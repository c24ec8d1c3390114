"""Random pages, drawn while an editor saves them: nothing outside the regions changes, no save is lost."""

import os
import time

import files
from attacks import markdown
from tool import Finding, content, judge, leftovers, Result


def attack(round):
    """A page is drawn twice, then again while somebody edits it; or a folder of pages."""
    if round.random.random() < 0.2:
        return several(round)
    random, folder = round.random, round.folder
    page = folder / "page.md"
    (folder / "part.grad").write_text("param a = 2\nparam b = [1, 2]\nloss L = sum(a * b)\n")
    original = markdown.page(random)
    page.write_bytes(original)
    first = round.tool.run(["document", "page.md"], folder)
    drawn = page.read_bytes()
    round.count("pages")
    if not markdown.is_same_but_regions(original, drawn):
        raise Finding(f"bytes outside the regions changed: {first}")
    if markdown.front_of(drawn) != markdown.front_of(original):
        raise Finding(f"the front matter is changed: {first}")
    second = round.tool.run(["document", "page.md"], folder)
    if page.read_bytes() != drawn:
        raise Finding(f"a second run changes the page: {first}; {second}")
    for name, data in content(folder / "figures").items():
        files.check(name, data)
    checked = round.tool.run(["document", "--check", "page.md"], folder)
    if first.status == 0 and checked.status != 0:
        raise Finding(f"a page that was drawn is not up to date: {checked}")
    if second.status == 1 and checked.status == 0:
        raise Finding(f"a page with errors is up to date: {second}")
    for _ in range(4):
        edited(round, page, original, first.seconds)
    if leftovers(folder):
        raise Finding(f"leaves {leftovers(folder)[0].name}")


NAMES = [
    "a.md", "A.md", "b.md", "caf\u00e9.md", "cafe\u0301.md", "a b.md", "sub/a.md", "sub/a-1.md", "sub-a.md",
    "\u640d.markdown"
]


def several(round):
    """Pages whose names are alike, some by a link as well: one run draws them, a second one changes nothing."""
    random, folder = round.random, round.folder
    (folder / "sub").mkdir()
    names = random.sample(NAMES, random.randint(2, 5))
    originals = {name: markdown.page(random) for name in names}
    for name, data in originals.items():
        (folder / name).write_bytes(data)
        (folder / name).with_name("part.grad").write_text("param a = 2\nparam b = [1, 2]\nloss L = sum(a * b)\n")
    if random.random() < 0.3:
        os.symlink(names[0], folder / "link.md")
    paths = ["."] if random.random() < 0.6 else [*names, *(["link.md"] if (folder / "link.md").exists() else [])]
    options = random.choice([[], [], ["--figures", "img"]])
    first = round.tool.run(["document", *options, *paths], folder)
    drawn = content(folder)
    for name, data in originals.items():
        if not markdown.is_same_but_regions(data, drawn[name]):
            raise Finding(f"bytes of {name} outside the regions changed: {first}")
    second = round.tool.run(["document", *options, *paths], folder)
    changed = sorted(name for name, data in content(folder).items() if drawn.get(name) != data)
    if changed:
        raise Finding(f"a second run changes {changed}: {first}; {second}")
    checked = round.tool.run(["document", "--check", *options, *paths], folder)
    if first.status == 0 and checked.status != 0:
        raise Finding(f"pages that were drawn are not up to date: {checked}")
    round.count("pages", len(names))
    if leftovers(folder):
        raise Finding(f"leaves {leftovers(folder)[0].name}")


def edited(round, page, original, whole):
    """One run over the page as it was at first, so that it has to be written, and one save at some moment of that."""
    random = round.random
    page.write_bytes(original)
    text = edit(random, original)
    begin = time.monotonic()
    process = round.tool.start(["document", "page.md"], round.folder)
    time.sleep(whole * random.uniform(0, 1.1))
    save(random, page, text)
    out, err = process.communicate(timeout=120)
    judge(Result(["document", "page.md"], process.returncode, out, err, time.monotonic() - begin))
    round.count("edits")
    if not markdown.is_same_but_regions(text, page.read_bytes()):
        (round.folder / "saved.md").write_bytes(text)
        raise Finding(
            f"an editor's save is lost: status {process.returncode}, {err.decode('utf-8', 'replace')[:300]}")


def edit(random, data):
    """A line inserted between two lines outside any block, or at the end."""
    line = b"Edited " + str(random.getrandbits(30)).encode() + b".\n\n"
    # Front matter and a byte order mark stay first.
    is_first = data[:3] in (b"\xef\xbb\xbf", b"---", b"+++")
    return data + b"\n\n" + line if is_first or random.random() < 0.5 else line + data


def save(random, page, data):
    """As editors do: into the file itself, or beside it and renamed."""
    if random.random() < 0.5:
        page.write_bytes(data)
    else:
        aside = page.with_name(".page.md.swp")
        aside.write_bytes(data)
        os.rename(aside, page)
