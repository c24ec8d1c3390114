"""Random pages, drawn while an editor saves them: nothing outside of regions changes, no save is lost."""

import os
import time

import files
import markdown
from tool import Finding, content, judge, leftovers, Result


def attack(round):
    """A page is drawn twice, then again while somebody edits it."""
    random, folder = round.random, round.folder
    page = folder / "page.md"
    (folder / "part.grad").write_text("param a = 2\nparam b = [1, 2]\nloss L = sum(a * b)\n")
    original = markdown.page(random)
    page.write_bytes(original)
    first = round.tool.run(["document", "page.md"], folder)
    drawn = page.read_bytes()
    round.count("pages")
    if not markdown.is_same_but_regions(original, drawn):
        raise Finding(f"bytes outside of regions are changed: {first}")
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
        raise Finding(f"an editor's save is lost: status {process.returncode}, {err.decode('utf-8', 'replace')[:300]}")


def edit(random, data):
    """A line put in between two that are no block's, or at the end."""
    line = b"Edited " + str(random.getrandbits(30)).encode() + b".\n\n"
    return random.choice([line + data if not data.startswith(b"\xef\xbb\xbf") else data + b"\n\n" + line, data + b"\n\n" + line])


def save(random, page, data):
    """As editors do: into the file itself, or beside it and renamed."""
    if random.random() < 0.5:
        page.write_bytes(data)
    else:
        aside = page.with_name(".page.md.swp")
        aside.write_bytes(data)
        os.rename(aside, page)
