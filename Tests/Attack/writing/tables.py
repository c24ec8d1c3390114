"""Random data files and what is read of them: separators, headers, quotes, columns, rows, words as classes."""

from writing.syntax import Node

WORDS = ["setosa", "virginica", "iris versicolor", "éa", 'say "hi"', "a;b", "no"]


def table(grammar, program, samples, features):
    """A file `table.csv` of which so many rows and columns are read, as a node with their numbers."""
    random = grammar.random
    comma = random.random() < 0.2
    separator = random.choice([";", "\t", "|"] if comma else [",", ",", ";", "\t", "|"])
    extra_rows, extra_columns = random.choice([0, 0, 2]), random.choice([0, 0, 1])
    width = features + extra_columns
    names = [random.choice([f"f{i + 1}", f"größe_{i}", f"x{i}"]) for i in range(width)]
    rows = [
        [round(random.uniform(-2, 2), random.choice([1, 3])) for _ in range(width)]
        for _ in range(samples + extra_rows)
    ]
    has_header = random.random() < 0.7
    program.files["table.csv"] = written(random, [names] * has_header + rows, separator, comma)
    chosen_rows, row_words = choice_of_rows(random, len(rows), samples)
    columns = random.sample(range(width), features) if random.random() < 0.5 or extra_columns else list(range(width))
    options = {}
    if columns != list(range(width)) or random.random() < 0.4:
        options["columns"] = "[" + ", ".join(named(random, names, c, has_header) for c in columns) + "]"
        if columns == list(range(columns[0], columns[0] + features)) and random.random() < 0.3:
            options["columns"] = f"{columns[0]}:{columns[0] + features}"
    if row_words:
        options["rows"] = row_words
    if comma:
        options["decimal"] = '","'
    if random.random() < 0.2:
        options["header"] = "true" if has_header else "false"
    numbers = [[rows[r][c] for c in columns] for r in chosen_rows]
    node = Node("call", (samples, features), "csv", [Node("word", (), '"table.csv"')], options)
    node.value = numbers
    return node


def named(random, names, column, has_header):
    """A column by its name, in quotes or not, or by its position from either end."""
    ways = [str(column), str(column - len(names))]
    if has_header:
        ways += [names[column], names[column], f'"{names[column]}"']
    return random.choice(ways)


def choice_of_rows(random, count, samples):
    """Which rows are read, and the words for it; none for all."""
    if count == samples:
        return list(range(count)), random.choice(["", "", f"0:{count}", f"{-count}:", f"[0:1, 1:{count}]"])
    if random.random() < 0.5:
        first = random.randint(0, count - samples)
        last = first + samples
        words = [f"{first}:{last}", f"[{first}:{first + 1}, {first + 1}:{last}]", f"[{first}, {first + 1}:{last}]"]
        return list(range(first, last)), random.choice(words)
    rows = random.sample(range(count), samples)
    return rows, "[" + ", ".join(str(random.choice([r, r - count])) for r in rows) + "]"


def written(random, rows, separator, comma):
    """The text of a file, with quotes where they must be and where they may be."""
    def cell(value):
        text = value if isinstance(value, str) else repr(value)
        if comma and not isinstance(value, str):
            text = text.replace(".", ",")
        if any(sign in text for sign in f'{separator}"\n') or random.random() < 0.05:
            return '"' + text.replace('"', '""') + '"'
        return text + random.choice(["", "", "", " "])

    end = random.choice(["\n", "\n", "\r\n"])
    lines = [separator.join(cell(value) for value in row) for row in rows]
    text = end.join(lines) + random.choice([end, "", end + end])
    return (b"\xef\xbb\xbf" if random.random() < 0.1 else b"") + text.encode()


def classes(grammar, program, samples, width):
    """A target whose words are numbered in the order in which they appear."""
    random = grammar.random
    words = random.sample(WORDS, width)
    column = [words[i] if i < width else random.choice(words) for i in range(samples)]
    random.shuffle(column)
    program.files["classes.csv"] = written(
        random, [["id", "species"]] + [[i, w] for i, w in enumerate(column)], ",", False)
    order = list(dict.fromkeys(column))
    node = Node(
        "call", (samples,), "csv", [Node("word", (), '"classes.csv"')],
        {"columns": random.choice(['class("species")', "class(species)", "[class(species)]", "class(1)"])})
    node.value = [order.index(word) for word in column]
    return node
