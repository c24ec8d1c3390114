"""A figure's elements by their ids, and what two figures differ in."""

import re
import xml.etree.ElementTree as ElementTree

GEOMETRY = {"d", "points", "x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2", "textLength"}
# Names an element, and says nothing of its look.
IGNORED = {"id", "aria-labelledby"}


class Element:
    """What one id stands for: the shapes and texts in it that have no id of their own."""

    def __init__(self):
        self.points, self.texts, self.styles = [], [], []

    def take(self, node):
        tag = node.tag.rpartition("}")[2]
        if tag in ("title", "desc", "style"):
            return
        self.points += points(tag, node)
        self.styles.append((tag, tuple(sorted(
            (name, value) for name, value in node.items() if name not in GEOMETRY | IGNORED))))
        self.texts += [text.strip() for text in (node.text, node.tail) if text and text.strip()]

    @property
    def box(self):
        if not self.points:
            return None
        horizontal, vertical = zip(*self.points)
        return min(horizontal), min(vertical), max(horizontal), max(vertical)


def number(node, name):
    return float(node.get(name, "0").removesuffix("px"))


def points(tag, node):
    """Where a shape lies: its corners, or the points of its path."""
    if tag == "path":
        return path_points(node.get("d", ""))
    if tag == "rect":
        x, y = number(node, "x"), number(node, "y")
        return [(x, y), (x + number(node, "width"), y + number(node, "height"))]
    if tag == "circle":
        x, y, r = number(node, "cx"), number(node, "cy"), number(node, "r")
        return [(x - r, y - r), (x + r, y + r)]
    if tag in ("text", "tspan") and node.get("x") is not None:
        return [(number(node, "x"), number(node, "y"))]
    return []


def path_points(text):
    """The points of a path whose commands are M, L, H, V, C and z, as figures have them."""
    found, command, numbers = [], "", []
    x = y = 0.0
    for word in re.findall(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?", text):
        if word.isalpha():
            command, numbers = word.upper(), []
            continue
        numbers.append(float(word))
        if command == "H":
            x = numbers.pop()
        elif command == "V":
            y = numbers.pop()
        elif len(numbers) == 2:
            (x, y), numbers = numbers, []
        else:
            continue
        found.append((x, y))
    return found


class Figure:
    """An SVG file, its elements under their ids without the figure's own word in front."""

    def __init__(self, content):
        self.content = content
        root = ElementTree.fromstring(content)
        self.view = root.get("viewBox", "0 0 %s %s" % (root.get("width", "100"), root.get("height", "100")))
        # `one-neuron-08755e67-backward`: the digits stand for all that is drawn, and change with it.
        title = root.get("aria-labelledby", "").split(" ")[0]
        self.prefix = title.removesuffix("-title")
        self.elements = {}
        self.gather(root, Element())

    def name(self, identifier):
        rest = identifier.removeprefix(self.prefix) if self.prefix else identifier
        return rest.lstrip("-") or "figure"

    def gather(self, node, owner):
        if node.get("id"):
            owner = self.elements.setdefault(self.name(node.get("id")), Element())
            if node.tag.endswith(("}title", "}desc")):
                owner.texts.append(node.text or "")
        owner.take(node)
        for child in node:
            self.gather(child, owner)


def offset(before, after):
    """By how much all points moved alike; None where they did not."""
    if len(before) != len(after) or not before:
        return None
    moves = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(before, after)]
    # A tenth of a point is how finely figures are written.
    if any(abs(x - moves[0][0]) > 0.11 or abs(y - moves[0][1]) > 0.11 for x, y in moves):
        return None
    return moves[0]


def changes(before, after):
    """What differs between two figures: (kind, id, detail, box) in the order of drawing."""
    old, new = before.elements, after.elements
    found = []
    for name, element in old.items():
        if name not in new:
            found.append(("removed", name, "", element.box))
    for name, element in new.items():
        former = old.get(name)
        if not former:
            found.append(("added", name, "", element.box))
            continue
        if former.texts != element.texts:
            detail = "“%s” → “%s”" % (" ".join(former.texts), " ".join(element.texts))
            found.append(("text", name, detail, element.box))
        if former.points != element.points:
            move = offset(former.points, element.points)
            found.append(
                ("moved", name, "by (%g, %g)" % (round(move[0], 1), round(move[1], 1)), element.box) if move
                else ("shape", name, "", element.box))
        if former.styles != element.styles:
            found.append(("style", name, "", element.box))
    return found
