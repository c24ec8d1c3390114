/// What is said of names, calls, shapes and indices.
extension DiagnosticTests {
  static let namesAndShapes: [(String, [String])] = [
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
  ]
}
