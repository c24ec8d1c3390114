"""Random Markdown pages with blocks, and whether a page is another one with regions put in and nothing else."""

BLANKS = b" \t>"
BEGIN, END = b"<!-- gradviz:begin", b"<!-- gradviz:end"

PROSE = [
    "Some text, *stressed*.", "# A heading", "Setext\n======", "---", "| a | b |\n| - | - |\n| 1 | 2 |",
    "[a]: http://example.org 'x'", "`code` and ``a ` b``", "    indented code", "```swift\nlet a = 1\n```",
    "~~~\n```grad\nparam a = 1\n```\n~~~", "<div>\n\nhtml\n\n</div>", "<!-- a comment -->",
    "<!-- several\n\nlines -->", "- one\n- two\n\n  - deep\n", "1. first\n2. second", "> a quotation\nlazily on",
    "Trailing blanks  \nand\\\nhard breaks", "ŷ ∂L/∂w, 損失, مرحبا 👩‍👩‍👧‍👦", "&amp; &#35; <a@b.c> <http://x.y>",
    "```\n<!-- gradviz:begin -->\n<!-- gradviz:end -->\n```", "\ttab first", "* * *", "![x](y.png)",
    "Text\n***\nText", "<pre>\n```grad\nx\n```\n</pre>", "", "   ", "\\```grad", "``` grad `x`", "$$\nx\n$$",
    "::: note\nfenced div\n:::", "{.class #id}", "<https://e.org/?a=b&c=d>"
]
STAGES = ["forward", "loss", "backward", "update", "overview", "forward,backward", "all", "none", "derivative of=a"]
OPTIONS = [
    "table", "gradients=both", "gradients=symbolic", "precision=2", "lang=fr", "direction=TB", "theme=both",
    "theme=dark", "width=500", 'title="A \\"b\\""', 'caption="c"', "collapse=2", "level=tensor", "steps",
    "parameters=shared", "formulas=all", "scale=0.5", "background=white", "background=transparent"
]
# What stands before a page belongs to other programs; no block is in there.
FRONT = [
    "---\ntitle: A page\n---\n", "---\ntitle: x\nabstract: |\n  ```grad\n  param a = 1\n  ```\n---\n\n",
    '+++\ntitle = "x"\n+++\n', '+++\nx = """\n```grad\nparam a = 1\n```\n"""\n+++\n\n'
]
PREFIXES = ["", "", "", "", "> ", "> > ", "- ", "1. ", "- > ", "> - ", "10) "]


def page(random):
    """Pieces in a row: front matter, prose, and blocks in quotations and lists."""
    pieces, number = [], 0
    for _ in range(random.randint(1, 9)):
        if random.random() < 0.5:
            number += 1
            text = block(random, number)
        else:
            text = random.choice(PROSE)
        pieces.append(contained(text, random.choice(PREFIXES)))
        pieces.append("" if random.random() < 0.8 else random.choice(["<!-- -->", "text"]))
    front = random.choice(FRONT) if random.random() < 0.15 else ""
    text = front + "\n".join(pieces) + random.choice(["\n", "", "\n\n"])
    end = random.choices(["\n", "\r\n", "\r"], [8, 1, 1])[0]
    data = text.replace("\n", end).encode()
    return (b"\xef\xbb\xbf" if random.random() < 0.1 else b"") + data


def block(random, number):
    fence = random.choice(["```", "````", "~~~"])
    words = ["stage=" + random.choice(STAGES)] if random.random() < 0.7 else []
    words += random.sample(OPTIONS, random.choice([0, 0, 1, 2]))
    if random.random() < 0.2:
        words.append(f"name=b{number}")
    kind = random.choices(
        ["plain", "hidden", "above", "braces", "wrong", "include", "continue"], [8, 2, 1, 1, 1, 1, 1])[0]
    value = round(random.uniform(-3, 3), 2)
    lines = [f"param a = {value}", "param b = [1, -2]", "predict p = tanh(a * b)", "loss L = sum(p**2)"]
    if kind == "wrong":
        lines.append(random.choice(["x = tan(a)", "loss M = a", "param a = 1", "]", "ŷ = a @"]))
    if kind == "include":
        words, lines = words + ["include=part.grad"], ["metric m = mean(b)"]
    if kind == "continue" and number > 1:
        words, lines = words + ["continue"], [f"c{number} = a * {number}"]
    info = " ".join(["grad"] + words + (["hidden"] if kind == "hidden" else []))
    above = ""
    if kind == "above":
        above, info = f"<!-- {info} -->\n", "grad"
    if kind == "braces":
        info = "{.grad stage=backward}"
    return above + "\n".join([fence + info, *lines, fence])


def contained(text, prefix):
    """Text in a quotation or a list: its first line has the marks, the others what goes on with them."""
    rest = "".join(c if c == ">" else " " for c in prefix)
    first, *others = text.split("\n")
    return "\n".join([prefix + first] + [(rest + line) if line or ">" in rest else line for line in others])


# MARK: Comparison


def front_of(data):
    """The front matter, to its closing line."""
    text = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for mark in (b"---\n", b"+++\n"):
        if text.startswith(mark):
            end = text.find(b"\n" + mark, len(mark))
            return text[:end + 1 + len(mark)] if end >= 0 else b""
    return b""


def lines_of(data):
    """Lines with their ends: LF, CRLF or CR."""
    return data.splitlines(keepends=True) if b"\x0b" not in data and b"\x0c" not in data and b"\x1c" not in data \
        else [line for line in split(data)]


def split(data):
    start = 0
    for at, byte in enumerate(data):
        if byte == 10 or byte == 13 and data[at + 1:at + 2] != b"\n":
            yield data[start:at + 1]
            start = at + 1
    if start < len(data):
        yield data[start:]


def trimmed(line):
    return line.strip(b"\r\n").lstrip(BLANKS).rstrip(b" \t")


def is_same_but_regions(old, new):
    """Whether `new` is `old` with whole regions put in between its lines, and comments around hidden blocks.

    Regions that `old` has may have other content in `new`, or be gone.
    """
    a, b = [list(lines_of(data)) for data in (old, new)]
    seen, waiting = set(), [(0, 0)]
    while waiting:
        i, j = waiting.pop()
        if (i, j) in seen:
            continue
        seen.add((i, j))
        if i == len(a) and j == len(b):
            return True
        if i < len(a) and j < len(b) and (a[i] == b[j] or is_last_without_end(a, i, b[j])
                                          or is_last_without_end(b, j, a[i])):
            waiting.append((i + 1, j + 1))
        for one, other, step in ((a[i:], b[j:], lambda k: (i + 1, j + k)), (b[j:], a[i:], lambda k: (i + k, j + 1))):
            if (after := region_before_end(one, other)) is not None:
                waiting.append(step(after))
        for lines, place, step in ((b, j, lambda k: (i, k)), (a, i, lambda k: (k, j))):
            if place < len(lines) and trimmed(lines[place]).startswith(BEGIN):
                end = next((k for k in range(place, len(lines)) if trimmed(lines[k]).startswith(END)), None)
                if end is not None:
                    waiting.append(step(end + 1))
        if j < len(b) and trimmed(b[j]) in (b"<!--", b"-->"):
            waiting.append((i, j + 1))
        if i < len(a) and j < len(b) and b"<!--" in b[j] and is_list_moved(a[i], b[j:j + 2]):
            # The comment stands where a list's mark stood, the fence below it.
            waiting.append((i + 1, j + 2))
    return False


def region_before_end(one, other):
    """How many lines of `other` are the first of `one` with a region put in before its line end.

    That matters where lines end in several ways: then it is the region's last line that ends as the line did.
    """
    # A hidden block's comment ends before its region.
    first = 2 if len(other) > 2 and trimmed(other[1]) == b"-->" else 1
    if not one or len(other) <= first or bare(one[0]) != bare(other[0]) or not trimmed(other[first]).startswith(BEGIN):
        return None
    end = next((k for k in range(first, len(other)) if trimmed(other[k]).startswith(END)), None)
    is_same_end = end is not None and one[0][len(bare(one[0])):] == other[end][len(bare(other[end])):]
    return end + 1 if is_same_end else None


def bare(line):
    return line.rstrip(b"\r\n")


def is_last_without_end(lines, place, other):
    return place == len(lines) - 1 and lines[place] == other.rstrip(b"\r\n") and not lines[place].endswith(
        (b"\r", b"\n"))


def is_list_moved(fence, two):
    """Whether of two lines the first has a list's mark with `<!--`, the second the fence that stood behind it."""
    below = trimmed_fence(fence)
    mark = fence[:fence.find(below)].strip(b" ")
    return len(two) == 2 and trimmed(two[1]) == below and two[0].replace(b"<!--", b"").strip(b"\r\n ") == mark


def trimmed_fence(fence):
    """From the first letter of the fence on."""
    places = [p for p in (fence.find(b"```"), fence.find(b"~~~")) if p >= 0]
    return fence[min(places):].strip(b"\r\n") if places else fence
