"""Programs as trees: the grammar of the language, as its reference has it, with its freedoms."""

from dataclasses import dataclass, field

# A new axis among the positions of an index.
NEW = "new"


@dataclass
class Node:
    """An expression. `kind` is number, name, word, list, unary, binary, transpose, index or call.

    `list` holds numbers or values side by side. Positions of an index are a number, a node that is one, None for a
    whole axis, a slice, `...`, `NEW`, or a list of positions, which may be nested.
    """

    kind: str
    shape: tuple
    word: str = ""
    operands: list = field(default_factory=list)
    # Of a call: label → the value, or its text.
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


def compared(word, left, right, shape):
    """A mask: no gradient passes it."""
    return Node("binary", shape, word, [left, right])


def call(word, operands, shape, **options):
    return Node("call", shape, word, operands, options, learns=any(o.learns for o in operands))


@dataclass
class Declaration:
    """`keyword` is input, target, param, predict, loss, layer, metric, def, or empty.

    A function may have lines of its own in front of what it returns; `operator` is that of `a += b` in a loop.
    """

    keyword: str
    name: str
    expression: Node
    parameters: tuple = ()
    lines: tuple = ()
    operator: str = ""


@dataclass
class Loop:
    """`for variable in range(…):`, of one to three numbers."""

    variable: str
    ends: tuple
    body: list


@dataclass
class Choice:
    """`if condition:` and its `else:`."""

    condition: Node
    body: list
    other: list = field(default_factory=list)


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
    # Whether its lines are right for any number of samples.
    is_network: bool = False

    @property
    def is_cut(self):
        """Whether a step may take some samples only."""
        return bool(self.batch) or self.holdout is not None

    def declarations(self, *keywords):
        """Those of loops and choices among them."""
        return [s for s in flat(self.statements) if not keywords or s.keyword in keywords]


def flat(statements):
    """The declarations of a list of statements and of what is nested in them."""
    for statement in statements:
        if isinstance(statement, Declaration):
            yield from statement.lines
            yield statement
        elif not isinstance(statement, Setting):
            yield from flat(statement.body)
            yield from flat(getattr(statement, "other", []))


def words_in(program):
    """The names of all functions that a program calls."""
    def of(node):
        return {node.word}.union(*map(of, node.operands))

    return set().union(*(of(d.expression) for d in program.declarations()))


def names_in(node):
    """The names that an expression uses."""
    found = {node.word} if node.kind == "name" else set()
    return found.union(*(names_in(o) for o in node.operands)) if node.operands else found
