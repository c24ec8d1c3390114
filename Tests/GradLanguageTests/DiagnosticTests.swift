import Testing

@testable import GradLanguage

@Suite struct DiagnosticTests {
  @Test func showsPlaceLineAndCaret() {
    #expect(
      diagnostics("param w = [4, 2]\nparam b = 3\npredict ŷ = tnh(w[0] + b)\n") == """
        x.grad:3:13: error: unknown function `tnh`; did you mean `tanh`?
        3 | predict ŷ = tnh(w[0] + b)
          |             ^~~
        """)
  }

  @Test func countsCharactersAndMeasuresTheirWidth() {
    // A decomposed ŷ is one character of width 1, 日 one of width 2, a tab one of width 1.
    #expect(
      diagnostics("\ty\u{302} = q\nparam 日本 = 1\nx =\t日本 + q") == """
        x.grad:1:6: error: unknown name `q`
        1 |  y\u{302} = q
          |      ^
        x.grad:3:10: error: unknown name `q`
        3 | x = 日本 + q
          |            ^
        """)
  }

  @Test func colorsOnRequest() throws {
    let diagnostic = Diagnostic(
      severity: .warning, line: 1, column: 1, length: 1, message: "m", hint: nil, sourceLine: "x",
      caretOffset: 0)
    #expect(
      diagnostic.rendered(file: "f", color: true)
        == "\u{1B}[1mf:1:1:\u{1B}[0m \u{1B}[1;35mwarning:\u{1B}[0m m\n1 | x\n  | \u{1B}[1;35m^\u{1B}[0m")
  }

  @Test func neverShowsControlCharacters() {
    #expect(diagnostics("x = \u{1B}[31m1").unicodeScalars.contains("\u{1B}") == false)
    #expect(messages("x = \u{202E}1") == ["1:5: the character U+202E has no meaning here; delete it"])
  }

  @Test func reportsSeveralErrorsOnceEach() {
    #expect(
      messages("a = q\nb = a + 1\nparam c = [\nloss L = b + a\nloss M = r\ninptu d = 2\ne = d") == [
        "1:5: unknown name `q`",
        "3:11: `[` is never closed",
        "5:10: unknown name `r`",
        "6:1: unknown keyword `inptu`; did you mean `input`?",
      ])
  }

  /// Each text with all of its diagnostics.
  static let table: [(String, [String])] = [
    // Names
    ("param w = 1\nx = W2", ["2:5: unknown name `W2`; did you mean `w`?"]),
    ("param speed = 1\nx = sped", ["2:5: unknown name `sped`; did you mean `speed`?"]),
    ("x = foo(1)", ["1:5: unknown function `foo`"]),
    ("x = tanh + 1", ["1:5: `tanh` is a function; write `tanh(…)`"]),
    ("param w = 1\nx = w(3)", ["2:5: `w` is a value, not a function; write a product as `w * (…)`"]),
    ("param w = 1\nw = 2", ["2:1: `w` is already declared on line 1; take another name"]),
    ("a = late\nparam late = 3", ["1:5: `late` is used before it is declared on line 2; move that line up"]),
    ("a = a + 1", ["1:5: `a` is used in its own declaration"]),
    ("param rate = 1", ["1:7: `rate` is a keyword and cannot be a name"]),
    ("param sum = 1", ["1:7: `sum` is a function and cannot be a name"]),
    ("sum = 1", ["1:1: `sum` is a function and cannot be a name"]),
    ("param w = 1\nx = w + loss", ["2:9: `loss` is a keyword and cannot be a value"]),
    ("loss = 3", ["1:1: `loss` is a keyword, not a name; give the value a name, as in `loss L = …`"]),
    ("param w = 1\npredict p = w", ["2:13: `p` would be a second name for `w`; compute something from it"]),
    // Calls
    ("param w = 1\nx = tanh(w, w)", ["2:5: `tanh` takes 1 argument, not 2; write `tanh(x)`"]),
    ("param w = 1\nx = max()", ["2:5: `max` takes 1 or 2 arguments, not 0; write `max(a, b)` or `max(x, axis=0)`"]),
    ("param w = [1]\nx = sum(w, axsi=0)", ["2:12: `sum` has no argument `axsi`; did you mean `axis`?"]),
    (
      "param w = [1]\nx = sum(w, depth=0)",
      ["2:12: `sum` has no argument `depth`; write `sum(x, axis=0, keepdims=True)`"]
    ),
    ("param w = [1]\nx = sum(w, axis=0, axis=0)", ["2:20: `axis` is given twice"]),
    ("param w = [1]\nx = sum(axis=0, w)", ["2:17: an argument without a label cannot follow `axis`"]),
    (
      "param w = [1]\nx = sum(w, axis=0.5)",
      [
        "2:17: an axis must be a constant whole number; 0 runs down the rows, 1 across the columns"
      ]
    ),
    ("param w = [1]\nx = sum(w, axis=1)", ["2:5: axis 1 is out of range: w has 1 entry; a vector has axis 0"]),
    (
      "param w = [[1]]\nx = softmax(w, axis=2)",
      [
        "2:5: axis 2 is out of range: w is 1×1; a matrix has axes 0 (down) and 1 (across)"
      ]
    ),
    ("param w = 1\nx = softmax(w)", ["2:5: `softmax` takes a vector or a matrix, not a scalar"]),
    (
      "param w = random(2, 3)",
      [
        "1:11: `random` needs a seed, so that every run draws the same numbers; add `seed: 1`"
      ]
    ),
    ("param w = zeros(0)", ["1:17: a size must be a whole number, at least 1"]),
    ("param w = zeros(1, 2, 3, 1, 1, 1, 1)", ["1:11: `zeros` takes at most 6 sizes, not 7"]),
    ("target y = one_hot([0, 3], 3)", ["1:20: 3 is not one of the classes 0 to 2"]),
    // Shapes
    (
      "input x = [[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]]\nparam w = [1, 2]\nloss L = sum(x @ w)",
      ["3:14: `x @ w`: x is 4×3, w has 2 entries: the inner sizes 3 and 2 differ"]
    ),
    (
      "input x = [[1, 2, 3], [1, 2, 3]]\nparam W = [[1, 2, 3]]\ny = x @ W",
      ["3:5: `x @ W`: x is 2×3, W is 1×3: the inner sizes 3 and 1 differ; its transpose `W.T` fits"]
    ),
    (
      "param A = ones(2, 3)\nparam B = ones(2, 3)\ny = A @ B**2",
      [
        "3:5: `A @ B**2`: A is 2×3, B**2 is 2×3: the inner sizes 3 and 2 differ; "
          + "its transpose `(B**2).T` fits"
      ]
    ),
    (
      "param A = ones(2, 3)\nparam B = ones(2, 3)\ny = A @ (B + 1)",
      [
        "3:5: `A @ (B + 1)`: A is 2×3, (B + 1) is 2×3: the inner sizes 3 and 2 differ; "
          + "its transpose `(B + 1).T` fits"
      ]
    ),
    (
      "param A = ones(2, 3)\nparam u = [1, 2]\ny = -A @ u",
      [
        "3:5: `-A @ u`: -A is 2×3, u has 2 entries: the inner sizes 3 and 2 differ; "
          + "the transpose `(-A).T` fits"
      ]
    ),
    ("param w = [1, 2]\nx = w.sum", ["2:6: unknown attribute `.sum`; write `sum(…)`"]),
    ("param w = 2\nx = np.tnh(w)", ["2:5: unknown function `tnh`; did you mean `tanh`?"]),
    (
      "param w = [1, 2]\nx = w @ 3",
      [
        "2:5: `w @ 3`: w has 2 entries, 3 is a scalar: `@` multiplies vectors and matrices; multiply by a scalar with `*`"
      ]
    ),
    (
      "param w = [1, 2]\nparam v = [1, 2, 3]\nx = w + v",
      [
        "3:5: `w + v`: w has 2 entries, v has 3 entries: sizes 2 and 3 do not match"
      ]
    ),
    (
      "param w = [1, 2]\nx = max(w, [1, 2, 3])",
      [
        "2:5: `max(w, [1, 2, 3])`: w has 2 entries, [1, 2, 3] has 3 entries: sizes 2 and 3 do not match"
      ]
    ),
    (
      "param w = [1, 2]\nloss L = w * 2",
      [
        "2:10: the loss must be a scalar, but `L` has 2 entries; `sum(…)` or `mean(…)` makes it a scalar"
      ]
    ),
    (
      "param w = [1, 2]\nx = w[2]",
      [
        "2:7: index 2 is out of range: w has 2 entries; use 0 to 1, or -1 for the last"
      ]
    ),
    ("param w = [1, 2]\nx = w[0, 1]", ["2:5: w has 2 entries and takes at most 1 index, not 2"]),
    ("param w = 1\nx = w[0]", ["2:5: w is a scalar and takes no index"]),
    ("param w = [1, 2]\nx = w[0.5]", ["2:7: an index must be a constant whole number"]),
    (
      "param w = [1, 2]\nx = w[1:1]",
      [
        "2:7: the slice is empty: the axis has positions 0 to 1; "
          + "the second number is excluded: `x[0:2]` is positions 0 and 1"
      ]
    ),
    ("param w = [1, 2]\nx = w[0:2:0]", ["2:11: the step of a slice cannot be 0"]),
    (
      "param w = [1, 2]\nx = w[0:2:1:1]",
      ["2:12: a slice has at most two `:`; as in `x[0:6:2]`: from, up to, step"]
    ),
    (
      "param w = [1, 2]\nx = w[[0, 2]]",
      ["2:7: index 2 is out of range: w has 2 entries; use 0 to 1, or -1 for the last"]
    ),
    (
      "param w = ones(2, 2)\nx = w[[0, 1], [1, 0]]",
      [
        "2:15: an index takes one list of positions; index twice: `x[[0, 2]][:, [1, 3]]`; "
          + "`nll(q, y)` takes the class of each row"
      ]
    ),
    ("param w = [1, 2]\nx = w[]", ["2:6: the index is empty; write a position, as in `[0]`"]),
    (
      "param w = [1, 2]\nx = w.shape",
      [
        "2:6: unknown attribute `.shape`; sizes are constants: write the number, or -1; "
          + "the shape of a value is in its box"
      ]
    ),
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
    ("x = 1; y = 2", ["1:6: `;` has no meaning here; put each statement on its own line"]),
    ("x = 2a", ["1:5: `2a` is neither a number nor a name; write a product as `2 * a`"]),
    ("x = 1.2.3", ["1:5: `1.2.3` is neither a number nor a name"]),
    ("x = 1e999", ["1:5: the number is too large; the largest is about 1.8e308"]),
    ("param a = 1\na + 1", ["2:1: this value needs a name; write `name = …`"]),
    ("inptu x = 3", ["1:1: unknown keyword `inptu`; did you mean `input`?"]),
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
        "2:7: unknown value `middle` for `stage`; expected `forward`, `loss`, `backward`, `update`, `overview`, `shares`, `accumulation` or `all`"
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

  @Test(arguments: table.indices) func saysWordForWord(index: Int) {
    let (text, expected) = Self.table[index]
    let data = [
      "d.csv": "name,height\n\"Ann, Jr\",1.5\nBob,2\n", "short.csv": "a,b\n1\n", "empty.csv": "\n",
      "header.csv": "a,b\n",
    ]
    #expect(messages(text, data: data) == expected)
  }
}
