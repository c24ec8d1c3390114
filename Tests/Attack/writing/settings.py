"""Random settings of figures, for the grammar."""

from writing.syntax import Setting

CHOICES = {
    "title": ['"A title"', "'ŷ & <b> \\\\ \\\" %'", '"two\\nlines"', '""'], "caption": ['"What it says"'],
    "precision": ["1", "3", "12", "2 + 2"], "gradients": ["numeric", "symbolic", "both"], "direction": ["LR", "TB"],
    "lang": ["en", "fr"], "decimal": ["point", "comma"], "formulas": ["short", "all"], "closeups": ["auto", "all", "none"],
    "samples": ["rows", "table", "all"], "parameters": ["shared", "repeated"],
    "theme": ["auto", "light", "dark", "print"], "width": ["400", "1140", "20000"], "scale": ["1", "0.5", "1 + 1"],
    "dpi": ["72", "150"], "background": ["page", "transparent", "white"], "level": ["auto", "tensor", "scalar"],
    "stage": ["all", "forward", "loss", "backward", "update", "overview"]
}


def settings(random, program):
    """Some of the settings, anywhere."""
    for keyword, texts in CHOICES.items():
        if random.random() < 0.12:
            place = random.randint(0, len(program.statements))
            program.statements.insert(place, Setting(keyword, random.choice(texts)))
