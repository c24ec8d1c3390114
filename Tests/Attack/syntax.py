"""Programs as trees, and their text: the grammar of the language, as its reference has it, with its freedoms."""

from dataclasses import dataclass, field


@dataclass
class Node:
    """An expression. `kind` is number, name, list, unary, binary, transpose, index or call."""

    kind: str
    shape: tuple
    word: str = ""
    operands: list = field(default_factory=list)
    # Of a call: label → text of the value; of an index: positions.
    options: dict = field(default_factory=dict)
    positions: tuple = ()
    # Of a call of a program's function: the names of its arguments, from some place on.
    labels: tuple = ()
    value: float = 0.0
    # Whether a parameter is somewhere below.
    learns: bool = False


def number(value, word=None):
    return Node("number", (), word or repr(value), value=value)


def binary(word, left, right, shape):
    return Node("binary", shape, word, [left, right], learns=left.learns or right.learns)


def unary(word, operand):
    return Node("unary", operand.shape, word, [operand], learns=operand.learns)


def call(word, operands, shape, **options):
    return Node("call", shape, word, operands, options, learns=any(o.learns for o in operands))


@dataclass
class Declaration:
    """`keyword` is input, target, param, predict, loss, layer, metric, def, or empty."""

    keyword: str
    name: str
    expression: Node
    parameters: tuple = ()


@dataclass
class Setting:
    keyword: str
    text: str


@dataclass
class Program:
    statements: list = field(default_factory=list)
    # Files that stand beside it, by name.
    files: dict = field(default_factory=dict)
    # What an evaluation needs to know of the settings.
    rate: object = None
    optimizer: tuple = ("sgd", {})
    schedule: tuple = ("constant", {})
    steps: int = 3
    batch: int = 0
    # The seed of a shuffled batch; the share that is held out and its seed.
    shuffle: object = None
    holdout: object = None
    # Whether numbers stand on kinks on purpose.
    has_kinks: bool = False

    @property
    def is_cut(self):
        """Whether a step may take some samples only."""
        return bool(self.batch) or self.holdout is not None

    def declarations(self, *keywords):
        return [s for s in self.statements if isinstance(s, Declaration) and (not keywords or s.keyword in keywords)]


# How strongly an expression holds together.
SUM, PRODUCT, SIGNED, POWER, POSTFIX = 1, 2, 3, 4, 5
STRENGTH = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "@": PRODUCT, "**": POWER}


class Writer:
    """Writes a program as a person might: blanks, line ends in brackets, comments, labels with `=` or `:`."""
    def __init__(self, random):
        self.random = random
        self.depth = 0

    def text(self, program):
        lines = []
        for statement in program.statements:
            if self.random.random() < 0.1:
                lines.append(self.random.choice(["", "   ", "# " + self.comment(), "\t# é"]))
            lines.append(self.statement(statement) + (f"  # {self.comment()}" if self.random.random() < 0.1 else ""))
        end = self.random.choices(["\n", "\r\n", "\r"], [18, 1, 1])[0]
        mark = "\ufeff" if self.random.random() < 0.05 else ""
        return mark + end.join("\n".join(lines).split("\n")) + self.random.choice(["", end])

    def comment(self):
        return self.random.choice(["one row per sample", "ŷ − y", "= ( [ \" '", "loss L = 1", "`"])

    def statement(self, statement):
        if isinstance(statement, Setting):
            return f"{statement.keyword} {statement.text}"
        head = f"{statement.keyword}{self.random.choice([' ', '  ', chr(9)])}" if statement.keyword else ""
        self.depth = 0
        if statement.keyword == "def":
            body = self.expression(statement.expression)
            return f"{head}{statement.name}({', '.join(statement.parameters)}) = {body}"
        blank = self.random.choice([" ", " ", ""])
        return f"{head}{statement.name}{blank}={blank}{self.expression(statement.expression)}"

    def gap(self, usual=" "):
        """Between two words; inside brackets a line may end there."""
        if self.depth and self.random.random() < 0.03:
            return self.random.choice(["\n", "\n    ", " # in brackets\n  "])
        return usual if self.random.random() < 0.9 else self.random.choice(["", "  "])

    def bracketed(self, left, inside, right):
        self.depth += 1
        text = f"{left}{self.gap('')}{inside()}{self.gap('')}{right}"
        self.depth -= 1
        return text

    def separated(self, parts, can_trail=True):
        def inside():
            texts = [part() for part in parts]
            trailing = "," if can_trail and texts and self.random.random() < 0.05 else ""
            result = texts[0] if texts else ""
            for text in texts[1:]:
                result += "," + self.gap() + text
            return result + trailing

        return inside

    def expression(self, node, least=SUM):
        if strength(node) < least or node.kind != "word" and self.random.random() < 0.02:
            return self.bracketed("(", lambda: self.plain(node), ")")
        return self.plain(node)

    def plain(self, node):
        kind, parts = node.kind, node.operands
        if kind in ("number", "name", "word"):
            return node.word
        if kind == "list":
            return self.bracketed("[", self.separated([lambda p=p: self.expression(p) for p in parts]), "]")
        if kind == "unary":
            return node.word + self.expression(parts[0], SIGNED)
        if kind == "binary":
            own = STRENGTH[node.word]
            if node.word == "**":
                return f"{self.expression(parts[0], POSTFIX)}**{self.expression(parts[1], SIGNED)}"
            left, right = self.expression(parts[0], own), self.expression(parts[1], own + 1)
            return f"{left}{self.gap()}{node.word}{self.gap()}{right}"
        if kind == "transpose":
            return self.expression(parts[0], POSTFIX) + ".T"
        if kind == "index":
            places = [lambda p=p: self.position(p) for p in node.positions]
            return self.expression(parts[0], POSTFIX) + self.bracketed("[", self.separated(places), "]")
        first = len(parts) - len(node.labels)
        arguments = [lambda p=p: self.expression(p) for p in parts[:first]]
        for label, part in zip(node.labels, parts[first:]):
            arguments.append(lambda label=label, part=part: self.label(label) + self.expression(part))
        for label, value in node.options.items():
            arguments.append(lambda label=label, value=value: f"{self.label(label)}{value}")
        return node.word + self.bracketed("(", self.separated(arguments), ")")


    def label(self, word):
        return word + self.random.choice([": ", "=", ":", " = "])

    def position(self, number):
        """A number, or an expression that is it; a whole axis."""
        if number is None:
            return ":"
        return str(number) if self.random.random() < 0.9 else f"{number + 2} - 2"


def strength(node):
    """How strongly the text of an expression holds together."""
    if node.kind == "number" and node.word[0] in "+-" or node.kind == "unary":
        return SIGNED
    if node.kind == "binary":
        return STRENGTH[node.word]
    return POSTFIX


def words_in(program):
    """The names of all functions that a program calls."""
    def of(node):
        return {node.word}.union(*map(of, node.operands))

    return set().union(*(of(d.expression) for d in program.declarations()))


def names_in(node):
    """The names that an expression uses."""
    found = {node.word} if node.kind == "name" else set()
    return found.union(*(names_in(o) for o in node.operands)) if node.operands else found
