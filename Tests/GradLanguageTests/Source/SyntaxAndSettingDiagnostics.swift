/// What is said of lists, brackets and signs, of settings and of data files.
extension DiagnosticTests {
  static let syntaxAndSettings: [(String, [String])] = [
    // Lists
    (
      "input x = [[1, 2], [3]]",
      [
        "1:20: the list is ragged: this row has 1 entry, the first has 2 entries; all rows need the same number of entries"
      ]
    ),
    (
      "input x = [1, [2]]",
      [
        "1:15: the list is ragged: this row has 1 entry, the first is a scalar; all rows need the same number of entries"
      ]
    ),
    ("input x = []", ["1:11: the list is empty; it needs at least one number"]),
    ("input x = [[[[[[[1]]]]]]]", ["1:11: an array has at most 6 axes; a matrix is a list of rows"]),
    (
      "param a = 1\ninput x = a * 2",
      [
        "2:11: an input takes only numbers, but `a` is computed or learned (line 1); "
          + "without a keyword, `x = …` takes any expression"
      ]
    ),
    // Brackets, texts, characters
    ("x = (1 + 2", ["1:5: `(` is never closed"]),
    ("input x = [1,\n  2\ninput y = 3", ["1:11: `[` is never closed"]),
    ("x = (1 + 2\ny = 3", ["1:5: `(` is never closed"]),
    ("x = (1 + 2]", ["1:11: `]` does not match `(` on line 1"]),
    ("x = 1)", ["1:6: unmatched `)`"]),
    ("x = 1 2", ["1:7: expected the end of the line, found `2`; write a product with `*`"]),
    ("x = [1 2]", ["1:8: expected `,` or a closing bracket, found `2`"]),
    ("x = 1 +", ["1:8: expected a value, found the end of the line"]),
    ("x = * 2", ["1:5: expected a value, found `*`"]),
    ("x = ()", ["1:6: expected a value, found `)`"]),
    ("x =", ["1:1: `x` has no value; write an expression after `=`"]),
    ("param = 3", ["1:1: `param` is a keyword, not a name; give the value a name, as in `param w = …`"]),
    ("input x 3", ["1:9: expected `=`, found `3`"]),
    ("title \"abc", ["1:7: the quoted text is not closed; close it with `\"` on the same line"]),
    ("x = \"abc\"", ["1:5: text cannot be used as a value; only `csv` takes text"]),
    ("x = 2 ^ 3", ["1:7: `^` has no meaning here; powers are written `**`"]),
    ("x = 2 − 3", ["1:7: `−` has no meaning here; minus is written `-`"]),
    ("param a = 1\nx = 0 < a < 2", ["2:11: comparisons do not chain; join two with `and`: `0 < x and x < 1`"]),
    ("param a = 1\nx = a & 1", ["2:7: `&` has no meaning here; masks are joined with `and`"]),
    (
      "param a = 1, b = 2\nloss L = a * b",
      ["1:12: expected the end of the line, found `,`; put each value on its own line"]
    ),
    (
      "x = 1\noptimizer adam 0.1",
      [
        "2:16: expected the end of the line, found `0.1`; options are in parentheses: `optimizer sgd(rate: 0.1, momentum: 0.9)`"
      ]
    ),
    ("x = 1; y = 2", ["1:6: `;` has no meaning here; put each statement on its own line"]),
    ("x = 2a", ["1:5: `2a` is neither a number nor a name; write a product as `2 * a`"]),
    ("x = 1.2.3", ["1:5: `1.2.3` is neither a number nor a name"]),
    ("x = 1e999", ["1:5: the number is too large; the largest is about 1.8e308"]),
    ("param a = 1\na + 1", ["2:1: this value needs a name; write `name = …`"]),
    ("inptu x = 3", ["1:1: unknown keyword `inptu`; did you mean `input`?"]),
    ("entrée x = 3", ["1:1: unknown keyword `entrée`; write `input x = …`"]),
    ("taux 0.1", ["1:1: unknown keyword `taux`; write `rate 0.1`"]),
    (
      "w = [0.5; 1]",
      [
        "1:9: `;` has no meaning here; numbers have commas between them, and decimal points: `[0.5, 1]`; rows are lists: "
          + "`[[1, 2], [3, 4]]`"
      ]
    ),
    ("hello world", ["1:1: unknown keyword `hello`; a line is `keyword …` or `name = expression`"]),
    ("3 = x", ["1:1: expected a keyword or a name, found `3`"]),
    // Settings
    (
      "param a = 1\nrate -1",
      ["2:6: the rate must be a positive constant; 0.1 is a common choice"]
    ),
    (
      "param a = 1\nrate a",
      [
        "2:6: the rate must be a positive constant; 0.1 is a common choice; `step` is the step number, starting at 0"
      ]
    ),
    (
      "param a = 1\nrate = 0.1",
      ["2:1: `rate` is a keyword, not a name; a setting takes no `=`; write `rate …`"]
    ),
    (
      "param a = 1\nprecision 13",
      [
        "2:11: the precision must be a whole number from 1 to 12; it is the number of significant digits"
      ]
    ),
    (
      "param a = 1\ngradients symbolc",
      ["2:11: unknown value `symbolc` for `gradients`; did you mean `symbolic`?"]
    ),
    ("param a = 1\ndirection up", ["2:11: unknown value `up` for `direction`; expected `LR` or `TB`"]),
    ("param a = 1\nlevel tensr", ["2:7: unknown value `tensr` for `level`; did you mean `tensor`?"]),
    (
      "param a = 1\nstage middle",
      [
        "2:7: unknown value `middle` for `stage`; expected `forward`, `loss`, `backward`, `update`, `overview`, `shares`, `accumulation`, `forward-mode`, `second-order` or `all`"
      ]
    ),
    ("param a = 1\ntitle a", ["2:7: expected a quoted string, found `a`"]),
    ("param a = 1\ntitle \"a\"\ntitle \"b\"", ["3:1: `title` is already set on line 2"]),
    (
      "param a = 1\nloss L = a * a\nloss M = a + a",
      [
        "3:6: the loss is already declared: `L` on line 2; remove the keyword: `M = …`"
      ]
    ),
    (
      "loss L = 3",
      ["1:10: a loss of a constant has nothing to show; compute it from inputs and parameters"]
    ),
    // An error in the result of a call is reported at the call, not in the function.
    (
      "def m(a, b) = -a - tanh(a)\nparam w = 1\nloss L = m(3, w)",
      ["3:10: a loss of a constant has nothing to show; compute it from inputs and parameters"]
    ),
    (
      "def twice(a) = 2 * a\nparam w = [1, 2]\nloss L = twice(w)",
      ["3:10: the loss must be a scalar, but `L` has 2 entries; `sum(…)` or `mean(…)` makes it a scalar"]
    ),
    (
      "def same(a) = a\nparam w = 1\npredict v = same(w)\nloss L = w * w",
      ["3:13: `v` would be a second name for `w`; compute something from it"]
    ),
    ("", ["1:1: the program is empty; it needs at least one value, such as `input x = 2`"]),
    ("# nothing\n\n", ["1:1: the program is empty; it needs at least one value, such as `input x = 2`"]),
    // Data files
    (
      "input x = csv(\"../a.csv\")",
      [
        "1:15: data files must be in the program's folder or below it; use a relative path, such as `data/points.csv`"
      ]
    ),
    ("input x = csv(\"no.csv\")", ["1:15: `no.csv` cannot be read: no such file"]),
    (
      "input x = csv(3)",
      ["1:11: `csv` takes a quoted file path; `csv(\"data/points.csv\", columns: [x, y])`"]
    ),
    (
      "input x = csv(\"d.csv\", \"height\", \"age\")",
      [
        "1:24: `csv` takes one file; its columns are chosen by `columns`; write `csv(\"d.csv\", columns: [height, age])`"
      ]
    ),
    (
      "input x = csv(\"d.csv\", columns: [heigth])",
      ["1:34: `d.csv` has no column `heigth`; did you mean `height`?"]
    ),
    (
      "input x = csv(\"d.csv\", columns: [name])",
      [
        "1:15: `d.csv`: line 2: `Ann, Jr` in column `name` is not a number; `class(\"name\")` turns the words of a column into class numbers"
      ]
    ),
    (
      "input x = csv(\"d.csv\", columns: height, rows: [2])",
      [
        "1:48: there is no row 2; the file has rows 0 to 1"
      ]
    ),
    ("input x = csv(\"short.csv\")", ["1:15: `short.csv`: line 2 has 1 field, but the header has 2"]),
    ("input x = csv(\"empty.csv\")", ["1:15: `empty.csv`: the file is empty"]),
    ("input x = csv(\"header.csv\")", ["1:15: `header.csv` has no rows below its header"]),
  ]
}
