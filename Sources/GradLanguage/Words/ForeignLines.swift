/// First words of lines, signs and endings of numbers that users of other languages, and of pencils, type.
extension ForeignWords {
  /// What a user who types such a character means.
  static let signs: [Unicode.Scalar: String] = [
    "−": "minus is written `-`", "–": "minus is written `-`", "—": "minus is written `-`",
    "×": "multiplication is written `*`", "·": "multiplication is written `*`", "⋅": "multiplication is written `*`",
    "∙": "multiplication is written `*`", "•": "multiplication is written `*`", "∗": "multiplication is written `*`",
    "⊙": "multiplication is written `*`", "⊗": "write `a[:, None] * b`", "÷": "division is written `/`",
    "∕": "division is written `/`", "^": "powers are written `**`", "²": "powers are written `**`, as in `x**2`",
    "³": "powers are written `**`, as in `x**3`", "⁻": "powers are written `**`, as in `x**-1`",
    "√": "the root is written `sqrt(…)`", "Σ": "the sum is written `sum(…)`", "∑": "the sum is written `sum(…)`",
    "∏": "the product is written `prod(…)`",
    "“": "quotes are written `\"`", "”": "quotes are written `\"`", "‘": "quotes are written `\"`",
    "’": "quotes are written `\"`", "ᵀ": "the transpose is written `.T`",
    ";": "put each statement on its own line",
    "{": "lists are written `[…]`", "}": "lists are written `[…]`",
    "%": "the remainder of `x % 2` is written `x - 2 * floor(x / 2)`",
    "!": "a mask is negated with `not`", "~": "a mask is negated with `not`", "¬": "a mask is negated with `not`",
    "&": "masks are joined with `and`", "∧": "masks are joined with `and`",
    "|": "masks are joined with `or`; `abs(x)` is the absolute value", "∨": "masks are joined with `or`",
    "‖": "write `norm(x)`", "≤": "write `<=`", "≥": "write `>=`", "≠": "write `!=`", "≈": "write `abs(a - b) < 1e-6`",
    "→": "a name stands in front: `name = …`", "←": "a value gets its name with `=`",
    "∂": "gradients are computed without it",
    "∇": "gradients are computed without it", "∞": "numbers are finite", "?": "write `where(condition, a, b)`",
    "$": "names begin with a letter", "`": "names have no quotes", "½": "write `1 / 2`", "¼": "write `1 / 4`",
    "\\": "a line goes on below when `\\` is its last character, or inside brackets",
  ]

  /// What `;` means in brackets, as MATLAB has it, and French lists of decimals.
  static let rows =
    "numbers have commas between them, and decimal points: `[0.5, 1]`; rows are lists: `[[1, 2], [3, 4]]`"

  /// What `0x10`, `1j` or `1.0f` means; nil where a product is meant.
  static func numberAnswer(digits: String, ending: String) -> String? {
    switch ending {
    case "j", "i": "every number is real"
    case "f", "F", "d", "D", "f32", "f64", "l", "L", "u", "U": "every number is a 64-bit one; write `\(digits)`"
    case _ where digits == "0" && ["x", "X", "b", "B", "o", "O"].contains(ending.prefix(1)) && ending.count > 1:
      "numbers are written in decimal"
    default: nil
    }
  }

  /// What is meant by a line's first word that the language lacks.
  static func answer(toFirst word: String) -> String? { firstWords[word] ?? frenchWords[word] }

  static let firstWords = [
    "import": "nothing is imported: all functions are there", "from": "nothing is imported: all functions are there",
    "parameter": "write `param w = …`", "weight": "write `param w = …`", "weights": "write `param w = …`",
    "variable": "write `param w = …`", "var": "write `param w = …`", "let": "write `name = …`",
    "const": "write `name = …`", "bias": "write `param b = …`", "data": "write `input x = …`",
    "label": "write `target y = …`", "labels": "write `target y = …`", "output": "write `predict ŷ = …`",
    "prediction": "write `predict ŷ = …`", "cost": "write `loss L = …`", "learning_rate": "write `rate 0.1`",
    "lr": "write `rate 0.1`", "epochs": "write `steps 100`", "iterations": "write `steps 100`",
    "batch_size": "write `batch 32`", "class": "a `layer` or a `def` names a part of a network",
    "print": "`gradviz draw` shows every value; `metric m = …` prints one",
    "while": "`for t in range(3):` repeats lines", "return": "`return` ends the body of a `def`",
    "lambda": "write `def f(x) = …`", "function": "write `def f(x) = …`", "func": "write `def f(x) = …`",
    "else": "it follows an `if`", "elif": "write `else:` and an `if` in it",
    "with": "`stop_gradient(x)` passes no gradient", "assert": "`gradviz check` compares gradients",
    "seed": "each `random`, `layer` and `batch` has its own `seed`", "fn": "write `def f(x) = …`",
    "train": "`gradviz train` trains; `steps 100` says how long", "test": "write `holdout 1/5`",
    "try": "`gradviz check` reports every mistake", "raise": "`gradviz check` reports every mistake",
    "global": "names are known everywhere below their line", "optim": "write `optimizer sgd(rate: 0.1)`",
    "epoch": "write `steps 100`", "num_epochs": "write `steps 100`",
    "activation": "write `layer h = dense(x, 4, relu)`", "del": "values stay", "pass": "leave the line out",
    "model": "write one `layer` for each line", "except": "`gradviz check` reports every mistake",
    "finally": "`gradviz check` reports every mistake", "yield": "`return` ends the body of a `def`",
    "async": "write `def f(x) = …`", "await": "a value is computed where it stands",
    "break": "a loop runs all its turns; `if t < 2:` leaves lines out",
    "continue": "a loop runs all its turns; `if t < 2:` leaves lines out",
    "nonlocal": "names are known everywhere below their line",
    "float": "every number is a 64-bit one; write `name = …`",
    "double": "every number is a 64-bit one; write `name = …`", "int": "whole numbers are numbers; write `name = …`",
    "auto": "write `name = …`", "val": "write `name = …`",
    "tensor": "write `input x = …`", "array": "write `input x = …`", "matrix": "write `input x = …`",
    "vector": "write `input x = …`", "scalar": "write `input x = …`", "node": "write `name = …`",
    "edge": "edges follow from the lines", "inputs": "write `input x = …`", "features": "write `input x = …`",
    "targets": "write `target y = …`", "params": "write `param w = …`", "outputs": "write `predict ŷ = …`",
    "end": "the indentation ends a block", "switch": "write `if` and `else:`", "match": "write `if` and `else:`",
    "do": "`for t in range(3):` repeats lines", "begin": "the indentation begins a block",
    "hidden": "write `layer hidden = dense(x, 4)`", "neuron": "write `layer hidden = dense(x, 4)`",
    "network": "write one `layer` for each line", "momentum": "write `optimizer sgd(rate: 0.1, momentum: 0.9)`",
    "step": "write `steps 100`",
  ]

  /// The same in French: a program is written in English words, whatever the language of its figures.
  static let frenchWords = [
    "entrée": "write `input x = …`", "entrées": "write `input x = …`", "entree": "write `input x = …`",
    "données": "write `input x = …`", "donnée": "write `input x = …`", "donnees": "write `input x = …`",
    "cible": "write `target y = …`", "cibles": "write `target y = …`", "étiquette": "write `target y = …`",
    "paramètre": "write `param w = …`", "paramètres": "write `param w = …`", "parametre": "write `param w = …`",
    "poids": "write `param w = …`", "biais": "write `param b = …`",
    "sortie": "write `predict ŷ = …`", "prédiction": "write `predict ŷ = …`", "prédire": "write `predict ŷ = …`",
    "perte": "write `loss L = …`", "coût": "write `loss L = …`",
    "cout": "write `loss L = …`", "erreur": "write `loss L = …`", "taux": "write `rate 0.1`",
    "pas": "write `steps 100`",
    "étapes": "write `steps 100`", "itérations": "write `steps 100`", "époques": "write `steps 100`",
    "époque": "write `steps 100`", "lot": "write `batch 32`", "lots": "write `batch 32`",
    "couche": "write `layer hidden = dense(x, 4)`", "couches": "write one `layer` for each line",
    "neurone": "write `layer hidden = dense(x, 4)`", "réseau": "write one `layer` for each line",
    "optimiseur": "write `optimizer sgd(rate: 0.1)`", "fonction": "write `def f(x) = …`",
    "soit": "write `name = …`", "titre": "write `title \"…\"`", "légende": "write `caption \"…\"`",
    "langue": "write `lang fr`", "précision": "write `precision 4`", "mesure": "write `metric m = …`",
    "si": "write `if` and `else:`", "sinon": "it follows an `if`", "pour": "`for t in range(3):` repeats lines",
    "largeur": "write `width 830`", "thème": "write `theme dark`", "niveau": "write `level scalar`",
  ]

  /// What stands behind an expression, with what is meant.
  static let endings = [
    "if": "write `where(condition, a, b)`", "else": "write `where(condition, a, b)`",
    "is": "numbers are compared with `==`", "in": "numbers are compared with `==`",
    "for": "arrays are computed as a whole; `for t in range(3):` repeats lines",
    "mod": "write `x - n * floor(x / n)`", "as": "write `name = …`",
  ]
}
