#!/usr/bin/env python3
"""One HTML page with every figure that a change alters: before | after | difference, by element ids.

    Tests/Report/report.py [--base HEAD] [--after FOLDER] [-o .build/report.html]

Before is `Output/` in the revision; after is FOLDER where it has the file, such as a fresh drawing, and the work tree's
`Output/` elsewhere. Figures that are the same byte for byte are left out. Run it anywhere in the repository.
"""

import argparse
import base64
import html
import io
import pathlib
import subprocess
import sys
import tarfile

from figure import Figure, changes

STYLE = """
body { font: 14px/1.45 system-ui, sans-serif; margin: 1.5rem; color-scheme: light dark }
section { border-top: 1px solid #8888; margin-top: 2rem }
.pictures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1rem; align-items: start }
figure { margin: 0; min-width: 0 } figcaption { opacity: .7 }
.picture { position: relative; background: #fff; width: 100%; overflow: hidden; isolation: isolate }
.picture img { display: block; width: 100% }
.picture img + img { position: absolute; top: 0; left: 0; mix-blend-mode: difference }
.picture svg { position: absolute; top: 0; left: 0; width: 100% }
.blended { filter: invert(1) }
rect { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; pointer-events: all }
.added { stroke: #1a7f37; color: #1a7f37 } .removed { stroke: #cf222e; color: #cf222e }
.moved { stroke: #0969da; color: #0969da } .text { stroke: #bc4c00; color: #bc4c00 }
.shape, .style { stroke: #8250df; color: #8250df }
code { font-size: 12px } li { margin: .1rem 0 } ul { padding-left: 1.2rem }
"""

WORDS = {
    "added": "added", "removed": "removed", "moved": "moved", "text": "another text", "shape": "another shape",
    "style": "another style",
}


def git(*arguments):
    return subprocess.run(["git", *arguments], check=True, stdout=subprocess.PIPE).stdout


def committed(base):
    """The files of `Output/` in a revision, by their paths in there."""
    archive = tarfile.open(fileobj=io.BytesIO(git("archive", "--format=tar", base, "--", "Output")))
    return {
        member.name.removeprefix("Output/"): archive.extractfile(member).read()
        for member in archive if member.isfile()
    }


def present(*folders):
    """The files of folders; those of later ones replace those of earlier ones."""
    files = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def image(content):
    return '<img alt="" src="data:image/svg+xml;base64,%s">' % base64.b64encode(content).decode()


def pictures(before, after, found):
    """The three columns of a figure; `found` is what changed, each with its box."""
    size = after or before
    marks = "".join(
        '<rect class="%s" x="%g" y="%g" width="%g" height="%g"><title>%s: %s</title></rect>'
        % (kind, box[0] - 2, box[1] - 2, box[2] - box[0] + 4, box[3] - box[1] + 4, WORDS[kind], html.escape(name))
        for kind, name, _, box in found if box)
    columns = []
    for caption, figure in (("before", before), ("after", after)):
        content = image(figure.content) if figure else "–"
        columns.append('<figure><figcaption>%s</figcaption><div class="picture">%s</div></figure>' % (caption, content))
    both = "".join(image(figure.content) for figure in (before, after) if figure)
    columns.append(
        '<figure><figcaption>difference</figcaption><div class="picture"><div class="blended">%s</div>'
        '<svg viewBox="%s" xmlns="http://www.w3.org/2000/svg">%s</svg></div></figure>'
        % (both, html.escape(size.view), marks))
    return '<div class="pictures">%s</div>' % "".join(columns)


def listed(found):
    """What changed, one line a kind; ids that moved alike stand together."""
    lines = []
    for kind, word in WORDS.items():
        groups = {}
        for _, name, detail, _ in (change for change in found if change[0] == kind):
            groups.setdefault(detail, []).append(name)
        for detail, names in groups.items():
            ids = ", ".join("<code>%s</code>" % html.escape(name) for name in names)
            lines.append('<li class="%s">%s%s: %s</li>' % (kind, word, " " + html.escape(detail) if detail else "", ids))
    return "<ul>%s</ul>" % "".join(lines) if lines else "<p>No element with an id differs.</p>"


def section(path, before, after):
    found = changes(before, after) if before and after else []
    counts = ", ".join(
        "%d %s" % (count, word) for kind, word in WORDS.items()
        if (count := sum(change[0] == kind for change in found)))
    state = "new" if not before else "gone" if not after else counts or "drawn alike"
    ids = listed(found) if before and after else ""
    return '<section id="%s"><h2>%s</h2><p>%s</p>%s%s</section>' % (
        html.escape(path), html.escape(path), state, ids, pictures(before, after, found)), state


def page(base, before, after):
    altered = [path for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)]
    sections, index = [], []
    for path in (path for path in altered if path.endswith(".svg")):
        text, state = section(path, *(Figure(files[path]) if path in files else None for files in (before, after)))
        sections.append(text)
        index.append('<li><a href="#%s">%s</a>: %s</li>' % (html.escape(path), html.escape(path), state))
    others = [path for path in altered if not path.endswith(".svg")]
    title = "%d of %d figures differ from %s" % (len(sections), sum(p.endswith(".svg") for p in after), base)
    return len(sections), (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>%s</title><style>%s</style><h1>%s</h1><ul>%s</ul>%s%s</html>\n'
        % (html.escape(title), STYLE, html.escape(title), "".join(index),
           "<p>Other files that differ: %s</p>" % ", ".join("<code>%s</code>" % html.escape(p) for p in others)
           if others else "", "\n".join(sections)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="HEAD", help="the revision before (HEAD)")
    parser.add_argument("--after", type=pathlib.Path, help="a folder with figures that were drawn now")
    parser.add_argument("-o", "--output", type=pathlib.Path, help="the page (.build/report.html)")
    options = parser.parse_args()
    root = pathlib.Path(git("rev-parse", "--show-toplevel").decode().strip())
    output = options.output or root / ".build/report.html"
    after = present(root / "Output", *([options.after] if options.after else []))
    count, text = page(options.base, committed(options.base), after)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
    print("%s: %d figures differ from %s" % (output, count, options.base))


if __name__ == "__main__":
    sys.exit(main())
