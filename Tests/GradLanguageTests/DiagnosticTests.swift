import Testing

@testable import GradLanguage

@Suite struct DiagnosticTests {
  @Test func showsPlaceLineAndCaret() {
    #expect(
      diagnostics("param w = [4, 2]\nparam b = 3\npredict ŷ = tan(w[0] + b)\n") == """
        x.grad:3:13: error: `tan` is not known; did you mean `tanh`?
        3 | predict ŷ = tan(w[0] + b)
          |             ^~~
        """)
  }

  @Test func countsCharactersAndMeasuresTheirWidth() {
    // A decomposed ŷ is one character of width 1, 日 one of width 2, a tab one of width 1.
    #expect(
      diagnostics("\ty\u{302} = q\nparam 日本 = 1\nx =\t日本 + q") == """
        x.grad:1:6: error: `q` is not known
        1 |  y\u{302} = q
          |      ^
        x.grad:3:10: error: `q` is not known
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
        "1:5: `q` is not known",
        "3:11: `[` is never closed",
        "5:10: `r` is not known",
        "6:1: `inptu` is not a keyword; did you mean `input`?",
      ])
  }

  /// Each text with everything that is said about it.
  static let table: [(String, [String])] = [
    // Names
    ("param w = 1\nx = W2", ["2:5: `W2` is not known; did you mean `w`?"]),
    ("param speed = 1\nx = sped", ["2:5: `sped` is not known; did you mean `speed`?"]),
    ("x = foo(1)", ["1:5: `foo` is not known"]),
    ("x = tanh + 1", ["1:5: `tanh` is a function; write `tanh(…)`"]),
    ("param w = 1\nx = w(3)", ["2:5: `w` is a value, not a function; a product is written `w * (…)`"]),
    ("param w = 1\nw = 2", ["2:1: `w` is declared already, in line 1; take another name"]),
    ("a = late\nparam late = 3", ["1:5: `late` is used before it is declared in line 2; move that line up"]),
    ("a = a + 1", ["1:5: `a` is used in its own declaration"]),
    ("param rate = 1", ["1:7: `rate` is a keyword and cannot be a name"]),
    ("param sum = 1", ["1:7: `sum` is a function and cannot be a name"]),
    ("sum = 1", ["1:1: `sum` is a function and cannot be a name"]),
    ("param w = 1\nx = w + loss", ["2:9: `loss` is a keyword and cannot be a value"]),
    ("loss = 3", ["1:1: `loss` is a keyword, not a name; give the value a name, as in `loss L = …`"]),
    ("param w = 1\nu = w", ["2:5: `u` would be a second name for `w`; compute something from it"]),
    (
      "param w = 1\nz = w * 2\npredict p = z",
      ["3:13: `p` would be a second name for `z`; write `predict z = …` in line 2 instead"]
    ),
    // Calls
    ("param w = 1\nx = tanh(w, w)", ["2:5: `tanh` takes 1 argument, not 2"]),
    ("param w = 1\nx = max()", ["2:5: `max` takes 1 or 2 arguments, not 0"]),
    ("param w = [1]\nx = sum(w, axes=0)", ["2:12: `sum` has no argument `axes`; did you mean `axis`?"]),
    ("param w = [1]\nx = sum(w, depth=0)", ["2:12: `sum` has no argument `depth`; it has `axis`"]),
    ("param w = [1]\nx = sum(w, axis=0, axis=0)", ["2:20: `axis` is given twice"]),
    ("param w = [1]\nx = sum(axis=0, w)", ["2:17: a value without a label cannot follow `axis`"]),
    (
      "param w = [1]\nx = sum(w, axis=0.5)",
      [
        "2:17: an axis is a whole number that is known beforehand; 0 goes down, 1 across"
      ]
    ),
    ("param w = [1]\nx = sum(w, axis=1)", ["2:5: there is no axis 1: w has 1 entry; a vector has axis 0"]),
    (
      "param w = [[1]]\nx = softmax(w, axis=2)",
      [
        "2:5: there is no axis 2: w is 1×1; a matrix has the axes 0 (down) and 1 (across)"
      ]
    ),
    ("param w = 1\nx = softmax(w)", ["2:5: `softmax` takes a vector or a matrix, not one number"]),
    (
      "param w = random(2, 3)",
      [
        "1:11: `random` needs a seed, so that every run draws the same numbers; add `seed: 1`"
      ]
    ),
    ("param w = zeros(0)", ["1:17: a size is a whole number from 1 on"]),
    ("param w = zeros(1, 2, 3)", ["1:11: `zeros` takes at most 2 sizes, not 3"]),
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
    ("param w = [1, 2]\nx = w.sum()", ["2:6: `.sum` is not known; write `sum(…)`"]),
    ("param w = 2\nx = np.tanh(w)", ["2:7: `.tanh` is not known; write `tanh(…)`"]),
    (
      "param w = [1, 2]\nx = w @ 3",
      [
        "2:5: `w @ 3`: w has 2 entries, 3 is one number: `@` multiplies vectors and matrices; numbers are multiplied with `*`"
      ]
    ),
    (
      "param w = [1, 2]\nparam v = [1, 2, 3]\nx = w + v",
      [
        "3:5: `w + v`: w has 2 entries, v has 3 entries: the sizes 2 and 3 do not fit"
      ]
    ),
    (
      "param w = [1, 2]\nx = max(w, [1, 2, 3])",
      [
        "2:5: `max(w, [1, 2, 3])`: w has 2 entries, [1, 2, 3] has 3 entries: the sizes 2 and 3 do not fit"
      ]
    ),
    (
      "param w = [1, 2]\nloss L = w * 2",
      [
        "2:10: the loss is one number, but `L` has 2 entries; `sum(…)` or `mean(…)` makes it one number"
      ]
    ),
    (
      "param w = [1, 2]\nx = w[2]",
      [
        "2:7: the index 2 is out of range: w has 2 entries; positions are 0 to 1, or -1 for the last"
      ]
    ),
    ("param w = [1, 2]\nx = w[0, 1]", ["2:5: w has 2 entries and takes at most 1 index, not 2"]),
    ("param w = 1\nx = w[0]", ["2:5: w is one number and takes no index, not 1"]),
    ("param w = [1, 2]\nx = w[0.5]", ["2:7: an index is a whole number that is known beforehand"]),
    (
      "param w = [1, 2]\nx = w[0:2]",
      ["2:8: there are no ranges; an index is a number, or `:` for a whole axis"]
    ),
    ("param w = [1, 2]\nx = w[]", ["2:6: the index is empty; write a position, as in `[0]`"]),
    ("param w = [1, 2]\nx = w.shape", ["2:6: `.shape` is not known; values have `.T`, the transpose"]),
    // Lists
    (
      "input x = [[1, 2], [3]]",
      [
        "1:20: the list is ragged: this has 1 entry, the first has 2 entries; all rows need the same number of entries"
      ]
    ),
    (
      "input x = [1, [2]]",
      [
        "1:15: the list is ragged: this has 1 entry, the first is one number; all rows need the same number of entries"
      ]
    ),
    ("input x = []", ["1:11: the list is empty; it needs at least one number"]),
    ("input x = [[[1]]]", ["1:11: lists nest at most two deep; a matrix is a list of rows"]),
    (
      "param a = 1\nx = [a, 2]",
      ["2:6: a list takes numbers only; inputs and parameters are lists as a whole"]
    ),
    (
      "param a = 1\ninput x = a * 2",
      [
        "2:11: an input takes numbers only, but `a` is computed or learned (line 1); "
          + "without a keyword, `x = …` takes any expression"
      ]
    ),
    // Brackets, texts, characters
    ("x = (1 + 2", ["1:5: `(` is never closed"]),
    ("input x = [1,\n  2\ninput y = 3", ["1:11: `[` is never closed"]),
    ("x = (1 + 2\ny = 3", ["1:5: `(` is never closed"]),
    ("x = (1 + 2]", ["1:11: `]` does not match `(` in line 1"]),
    ("x = 1)", ["1:6: `)` closes nothing"]),
    ("x = 1 2", ["1:7: the end of the line is expected here, not `2`; a product is written with `*`"]),
    ("x = [1 2]", ["1:8: `,` or a closing bracket is expected here, not `2`"]),
    ("x = 1 +", ["1:8: a value is expected here, not the end of the line"]),
    ("x = * 2", ["1:5: a value is expected here, not `*`"]),
    ("x = ()", ["1:6: a value is expected here, not `)`"]),
    ("x =", ["1:1: `x` has no value; write an expression after `=`"]),
    ("param = 3", ["1:1: `param` is a keyword, not a name; give the value a name, as in `param w = …`"]),
    ("input x 3", ["1:9: `=` is expected here, not `3`"]),
    ("title \"abc", ["1:7: the text is not closed; it ends with `\"` in the same line"]),
    ("x = \"abc\"", ["1:5: text cannot be used as a value; only `csv` takes text"]),
    ("x = 2 ^ 3", ["1:7: `^` has no meaning here; powers are written `**`"]),
    ("x = 2 − 3", ["1:7: `−` has no meaning here; minus is written `-`"]),
    ("x = 2 < 3", ["1:7: `<` has no meaning here; there are no comparisons"]),
    ("param a = 1\nx = a == 1", ["2:7: there are no comparisons"]),
    ("x = 1; y = 2", ["1:6: `;` has no meaning here; every statement has a line of its own"]),
    ("x = 2a", ["1:5: `2a` is neither a number nor a name; a product is written `2 * a`"]),
    ("x = 1.2.3", ["1:5: `1.2.3` is neither a number nor a name"]),
    ("x = 1e999", ["1:5: the number is too large; the greatest is about 1.8e308"]),
    ("param a = 1\na + 1", ["2:1: this line gives its value no name; write `name = …`"]),
    ("inptu x = 3", ["1:1: `inptu` is not a keyword; did you mean `input`?"]),
    ("hello world", ["1:1: `hello` is not a keyword; a line is `keyword …` or `name = expression`"]),
    ("3 = x", ["1:1: a keyword or a name is expected here, not `3`"]),
    // Settings
    (
      "param a = 1\nrate -1",
      ["2:6: the rate is a positive number that is known beforehand; 0.1 is a common start"]
    ),
    (
      "param a = 1\nrate a",
      [
        "2:6: the rate is a positive number that is known beforehand; 0.1 is a common start; `step` stands for the number of the step, from 0 on"
      ]
    ),
    (
      "param a = 1\nrate = 0.1",
      ["2:1: `rate` is a keyword, not a name; a setting has no `=`: write `rate …`"]
    ),
    (
      "param a = 1\nprecision 13",
      [
        "2:11: the precision is a whole number from 1 to 12; it counts significant digits"
      ]
    ),
    (
      "param a = 1\ngradients symbolc",
      ["2:11: unknown value `symbolc` for `gradients`; did you mean `symbolic`?"]
    ),
    ("param a = 1\ndirection up", ["2:11: unknown value `up` for `direction`; it is `LR` or `TB`"]),
    ("param a = 1\nlevel tensr", ["2:7: unknown value `tensr` for `level`; did you mean `tensor`?"]),
    (
      "param a = 1\nstage middle",
      [
        "2:7: unknown value `middle` for `stage`; it is `forward`, `loss`, `backward`, `update`, `overview` or `all`"
      ]
    ),
    ("param a = 1\ntitle a", ["2:7: a text in quotes is expected here, not `a`"]),
    ("param a = 1\ntitle \"a\"\ntitle \"b\"", ["3:1: `title` is set already, in line 2"]),
    (
      "param a = 1\nloss L = a * a\nloss M = a + a",
      [
        "3:6: there is a loss already, `L` in line 2; leave the keyword out: `M = …`"
      ]
    ),
    (
      "loss L = 3",
      ["1:10: a loss that is a constant has nothing to show; compute it from inputs and parameters"]
    ),
    // What a call makes is said at the call, not in the function.
    (
      "def m(a, b) = -a - tanh(a)\nparam w = 1\nloss L = m(3, w)",
      ["3:10: a loss that is a constant has nothing to show; compute it from inputs and parameters"]
    ),
    (
      "def twice(a) = 2 * a\nparam w = [1, 2]\nloss L = twice(w)",
      ["3:10: the loss is one number, but `L` has 2 entries; `sum(…)` or `mean(…)` makes it one number"]
    ),
    (
      "def same(a) = a\nparam w = 1\nv = same(w)\nloss L = w * w",
      ["3:5: `v` would be a second name for `w`; compute something from it"]
    ),
    ("", ["1:1: the program is empty; it needs at least one value, such as `input x = 2`"]),
    ("# nothing\n\n", ["1:1: the program is empty; it needs at least one value, such as `input x = 2`"]),
    // Data files
    (
      "input x = csv(\"../a.csv\")",
      [
        "1:15: data files stand in this file's folder or below it; write a path such as `data/points.csv`"
      ]
    ),
    ("input x = csv(\"no.csv\")", ["1:15: `no.csv` cannot be read: there is no such file"]),
    (
      "input x = csv(3)",
      ["1:11: `csv` takes the path of a file in quotes; `csv(\"data/points.csv\", columns: [x, y])`"]
    ),
    (
      "input x = csv(\"d.csv\", columns: [heigth])",
      ["1:34: `d.csv` has no column `heigth`; did you mean `height`?"]
    ),
    (
      "input x = csv(\"d.csv\", columns: [name])",
      [
        "1:15: `d.csv`: line 2: `Ann, Jr` in column `name` is not a number; `class(\"name\")` numbers the words of a column"
      ]
    ),
    (
      "input x = csv(\"d.csv\", columns: height, rows: [2])",
      [
        "1:48: there is no row 2; the file has the rows 0 to 1"
      ]
    ),
    ("input x = csv(\"short.csv\")", ["1:15: `short.csv`: line 2 has 1 field, the header has 2"]),
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
