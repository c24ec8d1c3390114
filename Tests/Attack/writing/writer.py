"""The text of a program, as a person might write it."""

from writing import spellings
from writing.syntax import NEW, Choice, Declaration, Loop, Node, Setting

# How strongly an expression holds together.
OR, AND, NOT, RELATION, SUM, PRODUCT, SIGNED, POWER, POSTFIX = range(1, 10)
STRENGTH = {
    "or": OR, "and": AND, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "@": PRODUCT, "**": POWER,
    **dict.fromkeys(["<", "<=", ">", ">=", "==", "!="], RELATION)
}


class Writer:
    """Writes a program with blanks, line ends in brackets, comments, labels with `=` or `:`, words of elsewhere."""
    def __init__(self, random):
        self.random = random
        self.depth = 0
        self.is_foreign = random.random() < 0.4
        # Names that a value has mean that value, whatever they are elsewhere.
        self.taken = set()

    def text(self, program):
        self.taken = {d.name for d in program.declarations()}
        lines = self.lines(program.statements, "")
        end = self.random.choices(["\n", "\r\n", "\r"], [18, 1, 1])[0]
        mark = "\ufeff" if self.random.random() < 0.05 else ""
        return mark + end.join("\n".join(lines).split("\n")) + self.random.choice(["", end])

    def lines(self, statements, indent):
        lines = []
        for statement in statements:
            if self.random.random() < 0.1:
                lines.append(self.random.choice(["", "   ", "# " + self.comment(), "\t# é"]))
            lines += self.statement(statement, indent)
        return lines

    def comment(self):
        return self.random.choice(["one row per sample", "ŷ − y", "= ( [ \" '", "loss L = 1", "`"])

    def remark(self):
        return f"  # {self.comment()}" if self.random.random() < 0.1 else ""

    # MARK: Lines

    def statement(self, statement, indent):
        self.depth = 0
        if isinstance(statement, Setting):
            return [f"{indent}{statement.keyword} {statement.text}{self.remark()}"]
        if isinstance(statement, Loop):
            ends = ", ".join(map(self.expression, statement.ends))
            return self.block(f"for {statement.variable} in range({ends})", statement.body, indent)
        if isinstance(statement, Choice):
            lines = self.block(f"if {self.expression(statement.condition)}", statement.body, indent)
            return lines + (self.block("else", statement.other, indent) if statement.other else [])
        if statement.keyword == "def":
            return self.definition(statement, indent)
        head = f"{statement.keyword}{self.random.choice([' ', '  ', chr(9)])}" if statement.keyword else ""
        blank = self.random.choice([" ", " ", ""])
        text = f"{indent}{head}{statement.name}{blank}{statement.operator}={blank}"
        return [text + self.expression(statement.expression) + self.remark()]

    def definition(self, statement, indent):
        head = f"def {statement.name}({', '.join(statement.parameters)})"
        if not statement.lines and self.random.random() < 0.7:
            return [f"{indent}{head} = {self.expression(statement.expression)}{self.remark()}"]
        inner = indent + self.random.choice(["    ", "  ", "\t"])
        lines = self.lines(statement.lines, inner)
        self.depth = 0
        return [f"{indent}{head}:{self.remark()}", *lines, f"{inner}return {self.expression(statement.expression)}"]

    def block(self, head, body, indent):
        if len(body) == 1 and isinstance(body[0], Declaration) and self.random.random() < 0.2:
            return [f"{indent}{head}: {self.statement(body[0], '')[0]}"]
        inner = indent + self.random.choice(["    ", "  ", "\t"])
        return [f"{indent}{head}:{self.remark()}", *self.lines(body, inner)]

    # MARK: Brackets

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

    # MARK: Expressions

    def expression(self, node, least=OR):
        if strength(node) < least or node.kind != "word" and self.random.random() < 0.02:
            return self.bracketed("(", lambda: self.plain(node), ")")
        return self.plain(node)

    def plain(self, node):
        kind, parts = node.kind, node.operands
        if kind in ("number", "name", "word"):
            return node.word
        if kind == "list":
            return self.listed(parts)
        if kind == "unary":
            return "not " + self.expression(parts[0], NOT) if node.word == "not" else node.word + self.expression(
                parts[0], SIGNED)
        if kind == "binary":
            return self.binary(node, *parts)
        if kind == "transpose":
            way = ".t()" if self.is_foreign and self.random.random() < 0.3 else ".T"
            return self.expression(parts[0], POSTFIX) + way
        if kind == "index":
            places = [lambda p=p: self.position(p) for p in node.positions]
            return self.base(parts[0]) + self.bracketed("[", self.separated(places), "]")
        return self.call(node)

    def listed(self, parts):
        """In brackets; two items and more also in parentheses."""
        left, right = "()" if len(parts) > 1 and self.random.random() < 0.03 else "[]"
        return self.bracketed(left, self.separated([lambda p=p: self.expression(p) for p in parts]), right)

    def binary(self, node, left, right):
        own = STRENGTH[node.word]
        if node.word == "**":
            return f"{self.expression(left, POSTFIX)}**{self.expression(right, SIGNED)}"
        if own == RELATION:
            a, b = self.expression(left, own + 1), self.expression(right, own + 1)
        else:
            a, b = self.expression(left, own), self.expression(right, own + 1)
        if own <= AND:
            return f"{a} {node.word} {b}"
        return f"{a}{self.gap()}{node.word}{self.gap()}{b}"

    def base(self, node):
        """What stands in front of a bracket or of a dot."""
        return f"({self.expression(node)})" if node.kind == "number" else self.expression(node, POSTFIX)

    def call(self, node):
        parts = node.operands
        first = len(parts) - len(node.labels)
        arguments = [lambda p=p: self.expression(p) for p in parts[:first]]
        for label, part in zip(node.labels, parts[first:]):
            arguments.append(lambda label=label, part=part: self.label(label) + self.expression(part))
        word, options = node.word, node.options
        if self.is_foreign and self.random.random() < 0.5:
            word, options = spellings.foreign(self.random, node, self.taken)
        for label, value in options.items():
            written = value if isinstance(value, str) else self.value(value)
            is_first = label == next(iter(options))
            if is_first and label == "axis" and word in spellings.SECOND and self.random.random() < 0.2:
                arguments.append(lambda written=written: written)
            else:
                arguments.append(lambda label=label, written=written: f"{self.label(label)}{written}")
        is_method = self.is_foreign and word == node.word and word in spellings.METHODS and parts
        # `x.max(0)` is along an axis.
        is_method = is_method and (word not in ("max", "min") or len(parts) == 1 or parts[1].shape)
        if is_method and self.random.random() < 0.5:
            base = self.base(parts[0])
            return f"{base}.{word}" + self.bracketed("(", self.separated(arguments[1:]), ")")
        return word + self.bracketed("(", self.separated(arguments), ")")

    def value(self, value):
        """The text of a constant: a number, a flag, a list of numbers."""
        if isinstance(value, (list, tuple)):
            left, right = "()" if len(value) > 1 and self.random.random() < 0.2 else "[]"
            return left + ", ".join(self.value(v) for v in value) + right
        return str(value)

    def label(self, word):
        return word + self.random.choice([": ", "=", ":", " = "])

    def position(self, item):
        """A number, or an expression that is it; an axis whole or in part; a new one; a list of positions."""
        if item is None:
            return ":"
        if item is Ellipsis:
            return "..."
        if item == NEW:
            return "None"
        if isinstance(item, Node):
            return self.expression(item)
        if isinstance(item, list):
            return self.value(item)
        if isinstance(item, slice):
            ends = ["" if end is None else self.position(end) for end in (item.start, item.stop)]
            step = "" if item.step is None else ":" + self.position(item.step)
            return ends[0] + ":" + ends[1] + (step or self.random.choice(["", "", "", ":"]))
        return str(item) if self.random.random() < 0.9 else f"{item + 2} - 2"


def strength(node):
    """How strongly the text of an expression holds together."""
    if node.kind == "unary":
        return NOT if node.word == "not" else SIGNED
    if node.kind == "number" and node.word[0] in "+-":
        return SIGNED
    if node.kind == "binary":
        return STRENGTH[node.word]
    return POSTFIX
