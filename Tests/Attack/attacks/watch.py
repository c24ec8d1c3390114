"""`document --watch` while somebody writes: every save stays, and the figures follow."""

import signal
import subprocess
import time

from attacks import markdown
from attacks.pages import edit, save
from tool import Finding, Result, judge

SAVES = 6


def attack(round):
    """Some saves at random moments; in the end the page is the last of them, with fresh figures."""
    random, folder = round.random, round.folder
    page = folder / "page.md"
    (folder / "part.grad").write_text("param a = 2\nparam b = [1, 2]\nloss L = sum(a * b)\n")
    page.write_bytes(b"# T\n\n```grad stage=backward\nparam a = 2\nloss L = a * a\n```\n\n" + markdown.page(random))
    out, err = (open(folder.parent / f"{folder.name}.{name}", "w+b") for name in ("out", "err"))
    process = round.tool.start(["document", "--watch", "page.md"], folder, out=out, err=err)
    try:
        time.sleep(random.uniform(0.05, 0.5))
        for number in range(SAVES):
            # The editor has what is there now, or what it had before the figures were put in.
            now = page.read_bytes()
            text = edit(random, now).replace(b"param a = 2\n", b"param a = %d\n" % (number + 3), 1)
            save(random, page, text)
            saved = text
            time.sleep(random.choice([random.uniform(0, 0.1), random.uniform(0.1, 0.5)]))
            round.count("saves")
            hold(folder, saved, "--watch loses an editor's save")
        checked, is_fresh = settle(round, process)
        hold(folder, saved, "--watch loses an editor's last save")
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Finding("--watch does not end on Ctrl-C") from None
        words = []
        for stream in (out, err):
            stream.seek(0)
            words.append(stream.read())
            stream.close()
            (folder.parent / stream.name).unlink()
    judge(Result(["document", "--watch", "page.md"], process.returncode, *words, 0))
    if not is_fresh:
        raise Finding(f"--watch leaves a page that is not up to date: {checked}")


def hold(folder, saved, words):
    """The page is what was saved, but for the regions; both are kept where it is not."""
    now = (folder / "page.md").read_bytes()
    if not markdown.is_same_but_regions(saved, now):
        (folder / "saved.md").write_bytes(saved)
        (folder / "found.md").write_bytes(now)
        raise Finding(words)


def settle(round, process):
    """Until the page and its figures are fresh, or for as long as a very busy machine may take; the last look at it."""
    begin = time.monotonic()
    while True:
        checked = round.tool.run(["document", "--check", "page.md"], round.folder)
        is_fresh = not any(word in checked.errors for word in ("stale:", "missing:"))
        if is_fresh or process.poll() is not None or time.monotonic() - begin > 60:
            return checked, is_fresh
        time.sleep(0.1)
