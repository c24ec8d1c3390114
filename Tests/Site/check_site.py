#!/usr/bin/env python3
"""Opens every page of the documentation's site in headless Chromium, in light and in dark.

    python3 Tests/Site/check_site.py .build/site [--pictures FOLDER]

For each page it is checked that every figure the page refers to is there for both schemes, is XML, has a text in its place
for those who cannot see it, and that the browser shows it: loaded, visible, the file of the scheme asked for. The
scheme is asked for in both ways, by the browser's preference and by the switch at the foot of the site.

The list that the site's search filters has the functions `relu`, with pages that are there.

The explorers are there, each is on the page that lists them, every link of an article leads to one, and each opens without a
line on the browser's console.
"""

import argparse
import concurrent.futures
import functools
import http.server
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import xml.etree.ElementTree

# The page that looks at the others: one after the other in a frame, then it reports what it has seen.
LOOKER = """<!doctype html><meta charset="utf-8"><body style="margin:0"><script>
const order = ORDER;
if (order.choice) localStorage.setItem("developer.setting.preferredColorScheme", order.choice);
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
async function look(page) {
  const frame = document.createElement("iframe");
  // Long enough for every page, and drawn small: the whole page is in sight, and cheap to paint.
  frame.style.cssText = "width:1280px;height:12000px;border:0;transform:scale(0.1);transform-origin:0 0";
  frame.src = page.path;
  document.body.replaceChildren(frame);
  let seen = {};
  for (let turn = 0; turn < 600; turn++) {
    await pause(50);
    const inside = frame.contentDocument;
    if (!inside) continue;
    // Tutorials hold their figures twice, for wide and for narrow screens; one of the two has no place on the page.
    const images = [...inside.querySelectorAll("img")].filter(
      image => image.currentSrc.includes("/images/") && image.offsetParent !== null);
    seen = {
      heading: inside.querySelector("h1")?.innerText ?? "",
      scheme: inside.body?.dataset.colorScheme ?? "",
      images: images.map(image => ({
        source: decodeURIComponent(image.currentSrc), alternative: image.alt,
        width: image.complete ? image.naturalWidth : 0, shown: image.getBoundingClientRect().width})),
    };
    const loaded = seen.images.filter(image => image.width > 0 && image.shown > 0);
    if (seen.heading && seen.images.length >= page.expected && loaded.length == seen.images.length) break;
  }
  return {path: page.path, ...seen};
}
(async () => {
  const report = [];
  for (const page of order.pages) report.push(await look(page));
  await fetch("/look/report", {method: "POST", body: JSON.stringify(report)});
})();
</script>"""


class Handler(http.server.SimpleHTTPRequestHandler):
    order, report, finished = {}, None, threading.Event()

    def do_GET(self):
        if self.path != "/look/":
            return super().do_GET()
        body = LOOKER.replace("ORDER", json.dumps(Handler.order)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()
        Handler.report = json.loads(body)
        Handler.finished.set()

    def log_message(self, *arguments):
        pass


def pages(site, problems):
    """Path and images of each article and tutorial, as (name, {light: file, dark: file})."""
    found = []
    for file in sorted((site / "data").rglob("*.json")):
        data = json.loads(file.read_text())
        images = {}
        for name, reference in data.get("references", {}).items():
            if reference.get("type") != "image":
                continue
            variants = {}
            for variant in reference["variants"]:
                scheme = "dark" if "dark" in variant["traits"] else "light"
                variants[scheme] = variant["url"]
            images[name] = variants
            where = f"{file.relative_to(site)}: {name}"
            if set(variants) != {"light", "dark"}:
                problems.append(f"{where} is there for {', '.join(variants)} only")
            if len(reference.get("alt") or "") < 15:
                problems.append(f"{where} has no text that says what it shows")
            for url in variants.values():
                try:
                    xml.etree.ElementTree.parse(site / url.lstrip("/"))
                except (OSError, xml.etree.ElementTree.ParseError) as error:
                    problems.append(f"{where}: {url}: {error}")
        if images:
            path = "/" + str(file.relative_to(site / "data").with_suffix("")) + "/"
            # In a tutorial the figures of steps appear while one scrolls.
            expected = 1 if path.startswith("/tutorials/") else len(shown(data))
            found.append({"path": path, "expected": expected, "images": images})
    return found


def shown(data):
    """The images in the text of an article; its references hold those of the pages it links, too."""
    found = set()

    def walk(value):
        if isinstance(value, dict):
            if value.get("type") == "image" and "identifier" in value:
                found.add(value["identifier"])
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(data.get("primaryContentSections", []))
    return found


def search(site, word, problems):
    """The entries of the site's list with that word, as its filter finds them: by their titles."""
    found = []

    def walk(entry):
        if word in entry.get("title", "").lower():
            found.append(entry["title"])
            if not (site / "data" / (entry["path"].lstrip("/") + ".json")).is_file():
                problems.append(f"the search finds {entry['path']}, which is not there")
        for child in entry.get("children", []):
            walk(child)

    for entries in json.loads((site / "index/index.json").read_text())["interfaceLanguages"].values():
        for entry in entries:
            walk(entry)
    if not any(title.startswith(f"func {word}(") for title in found):
        problems.append(f"the search for {word} finds {', '.join(found) or 'nothing'}")
    print(f"search: {len(found)} entries for {word}")


def explorers(site, problems):
    """The interactive pages, by their names."""
    folder = site / "explorers"
    files = sorted(file for file in folder.glob("*.html") if file.name != "index.html")
    index = (folder / "index.html").read_text() if files else ""
    listed = re.findall(r'<li><a href="([^"]+)">[^<]+</a>: [^<]{15,}</li>', index)
    for name in listed:
        if not (folder / name).is_file():
            problems.append(f"explorers/index.html lists {name}, which is not there")
    if len(listed) < 28:
        problems.append(f"explorers/index.html lists {len(listed)} pages; there should be one for each of 28 samples")
    linked = set()
    for file in (site / "data").rglob("*.json"):
        for name in re.findall(r'"url":"[^"]*/explorers/([^"/]+)"', file.read_text().replace("\\/", "/")):
            linked.add(name)
            if not (folder / name).is_file():
                problems.append(f"{file.relative_to(site)} links explorers/{name}, which is not there")
    for file in files:
        if file.name not in listed and file.name not in linked:
            problems.append(f"explorers/{file.name} is linked from nowhere")
    return files


def open_explorers(chromium, port, folder, files, problems):
    def opened(file):
        return subprocess.run(
            [chromium, "--no-sandbox", "--headless=new", "--disable-gpu", "--enable-logging=stderr",
             f"--user-data-dir={folder}/explorer-{file.stem}", "--virtual-time-budget=2500", "--dump-dom",
             f"http://127.0.0.1:{port}/explorers/{file.name}"], capture_output=True, text=True)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(opened, files))
    for file, result in zip(files, results):
        for line in result.stderr.splitlines():
            # A server without a picture for the tab is asked for one.
            if "CONSOLE" in line and "favicon.ico" not in line:
                problems.append(f"explorers/{file.name}: {line}")
        if 'aria-selected="' not in result.stdout or '<div id="say"' not in result.stdout:
            problems.append(f"explorers/{file.name}: the script has not run")
    print(f"explorers: {len(files)} pages")


def browse(chromium, port, folder, preference, order):
    Handler.order, Handler.report = order, None
    Handler.finished.clear()
    browser = subprocess.Popen(
        [chromium, "--no-sandbox", "--headless=new", "--disable-gpu", "--no-first-run",
         f"--blink-settings=preferredColorScheme={0 if preference == 'dark' else 1}",
         "--window-size=1300,1300", f"--user-data-dir={folder}/{preference}-{order['choice']}",
         f"http://127.0.0.1:{port}/look/"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if not Handler.finished.wait(1800):
            sys.exit("the browser has not reported within half an hour")
    finally:
        browser.terminate()
        browser.wait()
    return Handler.report


def judge(way, scheme, found, report, problems):
    for page, seen in zip(found, report):
        def problem(text):
            problems.append(f"{way}: {page['path']}: {text}")

        if not seen.get("heading"):
            problem("the page shows no heading")
        images = seen.get("images", [])
        if len(images) < page["expected"]:
            problem(f"{len(images)} figures instead of {page['expected']}")
        for image in images:
            path = urllib.parse.urlparse(image["source"]).path
            if image["width"] == 0 or image["shown"] < 100:
                problem(f"{path} is not shown")
            if path not in [variants.get(scheme) for variants in page["images"].values()]:
                problem(f"{path} is not the figure for {scheme}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("site", type=pathlib.Path)
    arguments.add_argument("--pictures", type=pathlib.Path, help="write each page as PNG as well, to look at")
    chosen = arguments.parse_args()
    site = chosen.site.resolve()
    problems = []
    found = pages(site, problems)
    if len(found) < 18:
        sys.exit(f"{site}: {len(found)} pages with figures; there should be 18 at least")
    search(site, "relu", problems)
    interactive = explorers(site, problems)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        print("no Chromium: the files have been checked, the pages have not been opened")
    else:
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=str(site)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            # The switch is the site's own: what it does on some pages, it does on all.
            for preference, choice, looked in (("light", None, found), ("dark", None, found), ("light", "dark", found[::5])):
                order = {"pages": [{key: page[key] for key in ("path", "expected")} for page in looked],
                         "choice": choice}
                report = browse(chromium, port, folder, preference, order)
                way = f"browser {preference}" + (f", switch {choice}" if choice else "")
                judge(way, choice or preference, looked, report, problems)
                print(f"{way}: {len(report)} pages, {sum(len(page.get('images', [])) for page in report)} figures")
            open_explorers(chromium, port, folder, interactive, problems)
            if chosen.pictures:
                photograph(chromium, port, folder, found, chosen.pictures)
        server.shutdown()
    for text in problems:
        print(text, file=sys.stderr)
    sys.exit(1 if problems else 0)


def photograph(chromium, port, folder, found, pictures):
    pictures.mkdir(parents=True, exist_ok=True)
    for page in found:
        for preference in ("light", "dark"):
            name = page["path"].strip("/").replace("/", "-") + f"-{preference}.png"
            subprocess.run(
                [chromium, "--no-sandbox", "--headless=new", "--disable-gpu", "--hide-scrollbars",
                 f"--blink-settings=preferredColorScheme={0 if preference == 'dark' else 1}",
                 "--window-size=1280,4200", "--virtual-time-budget=15000", f"--user-data-dir={folder}/pictures",
                 f"--screenshot={pictures / name}", f"http://127.0.0.1:{port}{page['path']}"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    main()
