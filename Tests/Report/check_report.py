#!/usr/bin/env python3
"""Makes the report of a repository with two figures, one of them altered in every way, and opens it in headless Chromium.

    Tests/Report/check_report.py CHROMIUM
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
REPORT = pathlib.Path(__file__).with_name("report.py")

FIGURE = """<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" viewBox="0 0 200 100" \
aria-labelledby="f-{hash}-title"><title id="f-{hash}-title">A figure</title><g id="f-{hash}" class="figure">
<rect x="0" y="0" width="200" height="100" fill="#fff"/>{elements}</g></svg>
"""


def box(name, x, text, fill="#eee", width=30):
    return ('<g id="f-{hash}-%s"><rect x="%g" y="10" width="%g" height="20" fill="%s"/><text x="%g" y="24">%s</text></g>\n'
            % (name, x, width, fill, x + 4, text))


BEFORE = box("same", 10, "a") + box("gone", 50, "b") + box("shifted", 90, "c") + box("said", 130, "d") + box("tinted", 165, "e")
AFTER = (box("same", 10, "a") + box("shifted", 90.5, "c") + box("said", 130, "D &amp; E") + box("tinted", 165, "e", "#e00")
         + box("fresh", 50, "f", width=20))
EXPECTED = [
    "<li class=\"added\">added: <code>fresh</code></li>", "<li class=\"removed\">removed: <code>gone</code></li>",
    "<li class=\"moved\">moved by (0.5, 0): <code>shifted</code></li>",
    "<li class=\"text\">another text “d” → “D &amp; E”: <code>said</code></li>",
    "<li class=\"style\">another style: <code>tinted</code></li>",
]
# Asks the browser, after all pictures are there, for their natural widths and the marks' places.
QUESTION = """<script>addEventListener("load", () => {
  const images = [...document.images].map(image => [image.naturalWidth, image.getBoundingClientRect().width]);
  const marks = [...document.querySelectorAll("rect")].map(mark => mark.getBoundingClientRect().width);
  document.title = "seen " + JSON.stringify({images, marks});
});</script>"""


def expect(condition, message):
    if not condition:
        sys.exit("check_report: " + message)


def main(browser):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        def run(*command, **options):
            return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True, **options).stdout

        def draw(path, digits, elements, after=folder / "Output"):
            file = after / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(FIGURE.replace("{elements}", elements).replace("{hash}", digits), encoding="utf-8")

        run("git", "init", "-q")
        draw("one/forward.svg", "0a", BEFORE)
        draw("one/loss.svg", "0a", BEFORE)
        draw("two/gone.svg", "0a", BEFORE)
        run("git", "add", ".")
        run("git", "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "figures")
        expect("0 figures differ" in run(sys.executable, REPORT, "-o", "report.html"), "figures differ that are the same")
        expect("<section" not in (folder / "report.html").read_text(encoding="utf-8"), "a section of what did not change")

        # The digits are a hash of the content: by themselves, they do not change any element.
        draw("one/loss.svg", "1b", BEFORE)
        draw("one/forward.svg", "1b", AFTER, folder / "fresh")
        (folder / "Output/two/gone.svg").unlink()
        (folder / "Output/one/history.csv").write_text("step\n")
        said = run(sys.executable, REPORT, "--after", "fresh", "-o", "report.html")
        expect("3 figures differ from HEAD" in said, said)
        text = (folder / "report.html").read_text(encoding="utf-8")
        parts = dict(re.findall(r'<section id="([^"]*)">(.*?)</section>', text, re.S))
        expect(sorted(parts) == ["one/forward.svg", "one/loss.svg", "two/gone.svg"], "sections: %s" % sorted(parts))
        for line in EXPECTED:
            expect(line in parts["one/forward.svg"], "missing: %s in %s" % (line, re.findall("<li.*?</li>", text)))
        expect("<code>same</code>" not in text, "an element that stayed is listed")
        expect("drawn alike" in parts["one/loss.svg"], "other digits alone are a change")
        expect("<p>gone</p>" in parts["two/gone.svg"], "a figure that went away is not said to have gone")
        expect("<code>one/history.csv</code>" in text, "another file that differs is not named")

        page = folder / "seen.html"
        page.write_text(text + QUESTION, encoding="utf-8")
        seen = run(browser, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1200,900",
                   "--virtual-time-budget=20000", "--user-data-dir=" + str(folder / "profile"), "--dump-dom", page.as_uri(), stderr=subprocess.DEVNULL)
        answer = re.search(r"<title>seen (.*?)</title>", seen)
        expect(answer, "the browser did not show the page")
        answer = json.loads(answer.group(1))
        expect(len(answer["images"]) == 4 + 4 + 2, "%d pictures" % len(answer["images"]))
        expect(all(natural == 200 and shown > 100 for natural, shown in answer["images"]), "pictures: %s" % answer["images"])
        expect(len(answer["marks"]) >= len(EXPECTED) and all(width > 5 for width in answer["marks"]), "marks: %s" % answer["marks"])
    print("The report names what changed, and the browser shows it")


if __name__ == "__main__":
    main(sys.argv[1])
