"""Whether a file that was written with status 0 is whole: SVG, DOT, JSON, PNG, PDF, CSV."""

import json
import math
import re
import struct
import xml.etree.ElementTree as XML
import zlib

from tool import Finding

ELEMENTS = {
    "svg", "g", "rect", "path", "text", "tspan", "title", "desc", "style", "defs", "marker", "circle", "ellipse",
    "line", "polyline", "polygon", "clipPath", "linearGradient", "stop", "pattern", "a"
}
NAMESPACE = "{http://www.w3.org/2000/svg}"


def check(name, data):
    """Holds a file's bytes against its ending."""
    ending = name.rsplit(".", 1)[-1]
    checks = {"svg": svg, "dot": dot, "json": graph, "png": png, "pdf": pdf, "csv": history}
    if ending in checks:
        try:
            checks[ending](data)
        except Finding as finding:
            raise Finding(f"{name}: {finding}") from None


def svg(data):
    """Well-formed, of known elements, each id once, nothing that reaches out of the file."""
    try:
        root = XML.fromstring(data)
    except XML.ParseError as error:
        raise Finding(f"is not XML: {error}") from None
    if root.tag != NAMESPACE + "svg":
        raise Finding(f"is {root.tag}, not svg")
    seen = set()
    for element in root.iter():
        tag = element.tag.replace(NAMESPACE, "")
        if tag not in ELEMENTS:
            raise Finding(f"has an element <{tag}>")
        for key, value in element.attrib.items():
            if key == "id":
                if value in seen:
                    raise Finding(f"has the id {value!r} twice")
                seen.add(value)
            elif key.lower().startswith("on") or "href" in key and not value.startswith("#"):
                raise Finding(f"has {key}={value!r}")
            if key in ("x", "y", "width", "height", "d", "transform", "viewBox", "cx", "cy", "r", "points") \
                    and re.search(r"nan|inf", value, re.IGNORECASE):
                raise Finding(f"has {key}={value[:80]!r}")


def dot(data):
    """Text of one graph whose quotes and braces are closed."""
    text = data.decode("utf-8")
    if not re.match(r"(strict )?(di)?graph\b", text) or not text.rstrip().endswith("}"):
        raise Finding(f"is not a graph: {text[:60]!r} … {text[-60:]!r}")
    bare = re.sub(r'"(\\.|[^"\\])*"', '""', text, flags=re.DOTALL)
    bare = re.sub(r"/\*.*?\*/|//[^\n]*", "", bare, flags=re.DOTALL)
    if '"' in bare.replace('""', ""):
        raise Finding("has a quote that is not closed")


def read_graph(data):
    """A graph's JSON, in which no number is written that JSON does not have."""
    def refuse(word):
        raise Finding(f"has the number {word}")

    try:
        return json.loads(data.decode("utf-8"), parse_constant=refuse)
    except ValueError as error:
        raise Finding(f"is not JSON: {error}") from None


def graph(data):
    """Operands before what uses them, ids once, as many numbers as the shape says."""
    whole = read_graph(data)
    if "nodes" not in whole:
        return
    seen = set()
    for node in whole["nodes"]:
        if node["id"] in seen:
            raise Finding(f"has the id {node['id']} twice")
        for operand in node.get("operands", []):
            if operand not in seen:
                raise Finding(f"{node['id']} uses {operand} before it is there")
        seen.add(node["id"])
        size = math.prod(node.get("shape") or [])
        for key in ("value", "gradient", "updated"):
            numbers = node.get(key)
            if numbers is not None and len(as_list(numbers)) != size:
                raise Finding(f"{node['id']}.{key} has {len(as_list(numbers))} numbers, its shape {size}")


def as_list(numbers):
    return numbers if isinstance(numbers, list) else [numbers]


def png(data):
    """All chunks with their sums, to the last one."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise Finding("is not a PNG")
    place, kind = 8, b""
    while place < len(data):
        (length,) = struct.unpack(">I", data[place:place + 4])
        kind, body = data[place + 4:place + 8], data[place + 8:place + 8 + length]
        total = data[place + 8 + length:place + 12 + length]
        if len(total) != 4 or struct.unpack(">I", total)[0] != zlib.crc32(kind + body):
            raise Finding("has a broken chunk")
        place += 12 + length
    if kind != b"IEND":
        raise Finding("ends too early")


def pdf(data):
    """Begun and ended."""
    if not data.startswith(b"%PDF-") or not data.rstrip().endswith(b"%%EOF"):
        raise Finding("is not a whole PDF")


def history(data):
    """A line a step, counted from 0, as many cells in each."""
    lines = data.decode("utf-8").split("\n")
    if not lines[0].startswith("step,loss,rate") or lines[-1] != "":
        raise Finding(f"begins {lines[0]!r}, ends {lines[-1]!r}")
    for number, line in enumerate(lines[1:-1]):
        cells = line.split(",")
        if len(cells) != len(lines[0].split(",")) or cells[0] != str(number):
            raise Finding(f"line {number + 2} is {line!r}")
