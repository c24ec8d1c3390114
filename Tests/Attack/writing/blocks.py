"""Random loops, choices and functions of several lines."""

from writing.arrangements import whole
from writing.syntax import Choice, Declaration, Loop, Node, binary, call, compared, names_in, number

VARIABLES = ["t", "i", "turn", "j"]
STATES = ["s", "state", "acc", "s2", "σ₁", "total"]


class Blocks:
    def loop(self, program):
        """A recurrence over some turns: a start, a loop that assigns it again, and a use of the last value."""
        random = self.random
        # A table has one axis more.
        shape = random.choice([shape for shape in self.shapes if len(shape) < 6])
        free = [name for name in STATES if name not in self.taken]
        variable = random.choice([v for v in VARIABLES if v not in self.taken])
        if not free:
            return
        name = random.choice(free)
        self.taken |= {name, *(f"{name}{mark}{k}" for k in range(1, 9) for mark in ("", "_"))}
        start = self.expression(shape, 1)
        if start.kind == "name":
            start = binary("*", start, number(1.5), shape)
        state = self.declare(program, "", start, name=name)
        program.statements[-1].expression = start
        turns = random.randint(1, 4)
        ends, numbers = self.turns(turns)
        body = []
        index = Node("name", (), variable)
        table = self.expression((max(numbers) + 1, *shape), 0)
        for _ in range(random.randint(1, 2)):
            body.append(self.turn(state, index, table, min(numbers), max(numbers)))
        if random.random() < 0.4:
            other = [self.turn(state, index, table, min(numbers), max(numbers))]
            condition = compared(random.choice(["<", ">", "==", "!=", "<=", ">="]), index, whole(numbers[-1]), ())
            if random.random() < 0.3:
                condition = compared(random.choice(["and", "or"]), condition, compared(">", index, whole(0), ()), ())
            body.append(Choice(condition, other, [self.turn(state, index, table, 0, 0)] * random.randint(0, 1)))
        program.statements.append(Loop(variable, tuple(ends), body))
        # A state of numbers alone is a constant, of which there is no prediction and no loss.
        state.learns = start.learns or any(isinstance(line, Declaration) and line.expression.learns for line in body)

    def turns(self, count):
        """The ends of a range of so many turns, and its numbers."""
        random = self.random
        kind = random.choice(["to", "to", "from", "step", "back"])
        if kind == "to":
            return [whole(count)], list(range(count))
        if kind == "from":
            first = random.randint(0, 2)
            return [whole(first), whole(first + count)], list(range(first, first + count))
        if kind == "step":
            return [whole(0), whole(2 * count - 1), whole(2)], list(range(0, 2 * count - 1, 2))
        return [whole(count - 1), whole(-1), whole(-1)], list(range(count))[::-1]

    def turn(self, state, index, table, least, most):
        """A line that assigns the state again: by a row of a table, by the turn's number, or by anything."""
        random, shape = self.random, state.shape
        kind = random.random()
        if kind < 0.4:
            place = index if random.random() < 0.7 or most == 0 else binary("-", index, whole(least), ())
            if random.random() < 0.2:
                other = self.row(table, slice(place, binary("+", place, whole(1), ()), None), (1, *shape))
                value = call("sum", [other], shape, axis=0)
            else:
                value = self.row(table, place, shape)
        elif kind < 0.6:
            value = binary("*", self.expression(shape, 0), binary("+", index, number(0.5), ()), shape)
        else:
            value = self.expression(shape, 1)
        if random.random() < 0.4:
            return Declaration("", state.word, value, operator=random.choice("+-*"))
        value = binary(random.choice("+-*"), value, state, shape)
        word = random.choice(["tanh", "sin", "atan", "sigmoid"])
        return Declaration("", state.word, value if self.has_kinks else call(word, [value], shape))

    def row(self, table, item, shape):
        return Node("index", shape, "", [table], positions=(item,), learns=table.learns)

    def several_lines(self, name, parameters):
        """The lines of a function, and what it returns; each uses what stands above it."""
        random = self.random
        kept, lines = self.scope, []
        for word in random.sample(["inner", "mid", "q2"], random.randint(1, 2)):
            value = self.expression((), 2, simple=True)
            while value.kind == "name":
                value = self.expression((), 2, simple=True)
            lines.append(Declaration("", word, value))
            self.scope = [*self.scope, Node("name", (), word, learns=True)]
            if random.random() < 0.2:
                lines.append(Declaration("", word, self.expression((), 0, simple=True), operator=random.choice("+-*")))
        locals = [node for node in self.scope if node.word in {line.name for line in lines}]
        body = binary(random.choice("+-*"), locals[-1], self.expression((), 1, simple=True), ())
        for word in parameters + [node.word for node in locals]:
            if not any(word in names_in(node) for node in [body, *(line.expression for line in lines)]):
                body = binary("+", body, Node("name", (), word, learns=True), ())
        self.scope = kept
        return tuple(lines), body
