"""Changes of inputs: bytes, words, numbers, lines, pieces; of a graph as data its nodes."""

import json
import re

# Words that mean something to each kind of input, between blanks; `·` is a blank and `⏎` a line end.
WORDS = {
    kind: [word.replace("·", " ").replace("⏎", "\n") for word in words.split()]
    for kind, words in {
        "grad": """
            param· loss· predict· layer· def·f(a)·=· dense( csv("t.csv") @ ** .T [ ] ( ) [:,· axis= seed:· batch·2⏎
            holdout·1/2⏎ optimizer·adam( level·scalar⏎ 1e308 -0 1e-320 zeros(3,·0) random(2) one_hot( standardize(
            " # pi step""",
        "json": """
            null [] {} NaN -Infinity 1e999 -0 "Infinity" "operands":["n1","n1"] "lane":0 "shape":[0] "shape":[2,2]
            "axis":7 "operation":"softmax" "operation":"power" "exponent":0.5 "position":[null] true \\u0000 \\ud800
            "role":"parameter" "gradient":[1]""",
        "csv": """, ; | " "" ⏎⏎ ,⏎ NaN inf 1e999 0x10 1,5 -·1 \ufeff \x00 a,a 1e 1_000 ١ −1""",
        "page": """
            ```grad⏎ ``` ~~~ >· -· ···· <!--·gradviz:begin·-->⏎ <!--·gradviz:end·-->⏎ <!-- --> ⏎⏎ 1.· ---⏎ #· ` <div>⏎
            </pre>⏎ stage=all· hidden· table· name=x· include=x.grad·""",
        "parameters": """null [] 1e999 NaN -1 "w" "shape":[2] "values":[] "version":2 { }""",
        "book": """
            null [] ```grad\\n \\n```\\n "path":"../../x.md" "path":null "Chapter":{} "sub·items":[] \\u0000 \\ud800"""
    }.items()
}
ODD = [
    "\x00", "\x1b[31m", "\u202e", "\u2028", "\ufeff", "e\u0301", "🙂", "\x7f", "\x9b", "\r", "\t", "١", "ﬁ", "\u200b",
    "ŷ"
]


def changed(random, kind, data):
    """Some changes of bytes, words, numbers and lines."""
    for _ in range(random.choice([0, 1, 1, 2, 3, 8])):
        data = random.choice([bytes_changed, word_put_in, number_changed, lines_changed,
                              piece_moved])(random, kind, data)
    return data


def place(random, data):
    return random.randint(0, len(data))


def bytes_changed(random, kind, data):
    at, length = place(random, data), random.choice([0, 1, 1, 2, 5, 40])
    new = random.choice([b"", bytes([random.randrange(256)]), random.choice(ODD).encode()])
    return data[:at] + new + data[at + length:]


def word_put_in(random, kind, data):
    at = place(random, data)
    return data[:at] + random.choice(WORDS[kind]).encode() + data[at:]


def number_changed(random, kind, data):
    found = list(re.finditer(rb"\d+(\.\d+)?", data))
    if not found:
        return data
    match = random.choice(found)
    new = random.choice(
        [
            b"0", b"-1", b"1", b"2", b"3", b"7", b"1e308", b"1e-320", b"99999999999999999999", b"0.5", b"1000",
            b"65536"
        ])
    return data[:match.start()] + new + data[match.end():]


def lines_changed(random, kind, data):
    lines = data.split(b"\n")
    i, j = random.randrange(len(lines)), random.randrange(len(lines))
    change = random.randrange(4)
    if change == 0:
        lines[i], lines[j] = lines[j], lines[i]
    elif change == 1:
        lines.insert(i, lines[j])
    elif change == 2:
        del lines[i]
    else:
        lines[i:i] = [lines[j]] * random.choice([2, 20, 200])
    return b"\n".join(lines)


def piece_moved(random, kind, data):
    """A piece of it a second time somewhere else, or the rest cut off."""
    if random.random() < 0.2:
        return data[:place(random, data)]
    a, b = sorted((place(random, data), place(random, data)))
    at = place(random, data)
    return data[:at] + data[a:min(b, a + 300)] + data[at:]


OPERATIONS = [
    "add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "negate", "exp", "log", "tanh", "sigmoid",
    "relu", "sin", "cos", "sqrt", "abs", "sum", "mean", "maximumReduction", "minimumReduction", "logSumExp",
    "softmax", "matrixMultiply", "transpose", "index"
]


def graph_changed(random, data):
    """The graph as data with some of its nodes changed: still JSON, hardly a graph."""
    try:
        graph = json.loads(data)
        nodes = graph["nodes"]
        for _ in range(random.choice([1, 1, 2, 5])):
            node, other = random.choice(nodes), random.choice(nodes)
            random.choice(
                [
                    lambda: node.update(operation=random.choice(OPERATIONS)), lambda: node.update(
                        operands=(node.get("operands") or [other["id"]]) * random.choice([0, 2, 3, 400])),
                    lambda: node.update(
                        operands=[random.choice(nodes)["id"] for _ in range(random.choice([0, 1, 2, 3]))]),
                    lambda: node.update(shape=random.choice([[], [1], [2], [2, 2], [0], [3, 1], [1, 1, 1], [2, 0]])),
                    lambda: node.update(value=(node.get("value") or [0]) * random.choice([0, 1, 2, 40])),
                    lambda: node.update(
                        role=random.choice(["input", "target", "parameter", "prediction", "loss", "constant"])),
                    lambda: node.update(
                        axis=random.choice([-1, 0, 1, 2, 7]), position=random.choice([[0], [None], [5, None], 1])),
                    lambda: node.update(lane=random.choice([-1, 0, 1, 5, 10**9])),
                    lambda: node.update(name=other["id"]), lambda: node.pop(random.choice(list(node))),
                    lambda: node.update(gradient=random.choice([[], ["NaN"], 1, [1e300]])),
                    lambda: graph.update(laneCount=random.choice([0, 1, 3, 10**6, -1])),
                    lambda: graph.update(loss=other["id"]),
                    lambda: node.update(scope=random.choice(["", "a", "a.b", other["id"], "\u202e"])),
                    lambda: nodes.remove(node), lambda: nodes.insert(
                        random.randrange(len(nodes)), dict(node, id=node["id"] + "_2", name=node["id"] + "_2"))
                ])()
        return json.dumps(graph).encode()
    except (ValueError, KeyError, AttributeError, IndexError, TypeError):
        return data
