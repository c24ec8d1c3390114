import Testing

@testable import GradLanguage

/// Expressions have the same meaning as in NumPy: precedence, broadcasting, products, reductions, indices.
///
/// The numbers are those of NumPy 2.4 for the same text, with `np.maximum` for `max` of two values, log Σ exp
/// and softmax shifted by the largest element, and every literal a float.
@Suite struct NumPyAgreementTests {
  static let declarations = """
    param s = 1.5
    param t = -0.75
    param u = [1, 2]
    param v = [0.5, -1.25, 2]
    param A = [[1, -2, 0.5], [0.25, 3, -1]]
    param B = [[2, 1], [-1, 0.5], [1.5, -0.5]]
    param C = [[1.5], [-2]]
    param R = [[0.5, 1, -1]]

    """

  static let table: [(expression: String, shape: [Int], numbers: [Double])] = [
    ("-s**2", [], [-2.25]),
    ("2**-1 + 2**3**2", [], [512.5]),
    ("-2**-s", [], [-0.3535533905932738]),
    ("s - t - 1", [], [1.25]),
    ("s / t / 2", [], [-1]),
    ("s - -t", [], [0.75]),
    ("2 * s**2 / t", [], [-6]),
    ("(s - t)**2", [], [5.0625]),
    ("10 - 2 * 3 + 4 / 2", [], [6]),
    ("1e-1 + .25 + 4. + 1_0", [], [14.35]),
    ("v + s", [3], [2, 0.25, 3.5]),
    ("v * 2", [3], [1, -2.5, 4]),
    ("A + v", [2, 3], [1.5, -3.25, 2.5, 0.75, 1.75, 1]),
    ("A - C", [2, 3], [-0.5, -3.5, -1, 2.25, 5, 1]),
    ("C + v", [2, 3], [2, 0.25, 3.5, -1.5, -3.25, 0]),
    ("R * C", [2, 3], [0.75, 1.5, -1.5, -1, -2, 2]),
    ("A / R", [2, 3], [2, -2, -0.5, 0.5, 3, 1]),
    ("A**2", [2, 3], [1, 4, 0.25, 0.0625, 9, 1]),
    ("2**v", [3], [1.4142135623730951, 0.42044820762685725, 4]),
    ("max(A, v)", [2, 3], [1, -1.25, 2, 0.5, 3, 2]),
    ("min(C, R)", [2, 3], [0.5, 1, -1, -2, -2, -2]),
    ("max(v, 0)", [3], [0.5, 0, 2]),
    ("A @ B", [2, 2], [4.75, -0.25, -4, 2.25]),
    ("B @ A", [3, 3], [2.25, -1, 0, -0.875, 3.5, -1, 1.375, -4.5, 1.25]),
    ("A @ v", [2], [4, -5.625]),
    ("u @ A", [3], [1.5, 4, -1.5]),
    ("v @ v", [], [5.8125]),
    ("A @ B @ u", [2], [4.25, 0.5]),
    ("A.T @ u", [3], [1.5, 4, -1.5]),
    ("s * A @ v", [2], [6, -8.4375]),
    ("A @ v * s", [2], [6, -8.4375]),
    ("-A @ v", [2], [-4, 5.625]),
    ("R @ B", [1, 2], [-1.5, 1.5]),
    ("C.T @ A", [1, 3], [1, -9, 2.75]),
    ("B.T - A", [2, 3], [1, 1, 1, 0.75, -2.5, 0.5]),
    ("exp(t) + sigmoid(s)", [], [1.2899410289346585]),
    ("relu(v)", [3], [0.5, 0, 2]),
    ("abs(t) * sqrt(s)", [], [0.9185586535436917]),
    ("sin(pi / 2) + cos(pi)", [], [0]),
    ("tanh(A @ v)", [2], [0.999329299739067, -0.9999739857430671]),
    ("log(v[2])", [], [0.6931471805599453]),
    ("sum(A)", [], [1.75]),
    ("mean(A)", [], [0.2916666666666667]),
    ("sum(A, axis=0)", [3], [1.25, 1, -0.5]),
    ("mean(A, axis=1)", [2], [-0.16666666666666666, 0.75]),
    ("max(A, axis=0)", [3], [1, 3, 0.5]),
    ("min(A, axis=-1)", [2], [-2, -1]),
    ("max(v) - min(v)", [], [3.25]),
    ("logsumexp(1000 * v)", [], [2000]),
    ("logsumexp(A, axis=0)", [3], [1.3868710061148999, 3.006715348489118, 0.7014132779827524]),
    ("sum(A, axis=1) @ u", [], [4]),
    ("softmax(v)", [3], [0.17682018210744427, 0.030726740326436432, 0.7924530775661193]),
    (
      "softmax(A)", [2, 3],
      [
        0.6037488961486258, 0.030058887569574023, 0.3661922162818002,
        0.05906975759251023, 0.9240064735078669, 0.016923768899622816,
      ]
    ),
    (
      "softmax(A, axis=0)", [2, 3],
      [
        0.679178699175393, 0.006692850924284856, 0.8175744761936437,
        0.32082130082460697, 0.9933071490757153, 0.18242552380635632,
      ]
    ),
    ("softmax(1000 * v)", [3], [0, 0, 1]),
    ("sum(softmax(A, axis=1) * A, axis=1)", [2], [0.7267272291503779, 2.7698630910221054]),
    ("v[0] - v[-1]", [], [-1.5]),
    ("A[1]", [3], [0.25, 3, -1]),
    ("A[:, 1]", [2], [-2, 3]),
    ("A[0, 2]", [], [0.5]),
    ("A[1][0]", [], [0.25]),
    ("A[-1, :]", [3], [0.25, 3, -1]),
    ("A.T[2]", [2], [0.5, -1]),
    ("(A @ B)[0, 1]", [], [-0.25]),
    ("A[:, 0] * u", [2], [1, 0.5]),
    ("transpose(A)[1, 0]", [], [-2]),
  ]

  @Test(arguments: table.indices) func givesNumPysNumbers(index: Int) throws {
    let (expression, shape, numbers) = Self.table[index]
    let recording = try parse(Self.declarations + "result = \(expression)").record()
    let result = try #require(recording.names["result"])
    #expect(result.shape == shape, "\(expression)")
    try #require(result.data.count == numbers.count, "\(expression)")
    for (found, expected) in zip(result.data, numbers) {
      #expect(
        abs(found - expected) <= 1e-12 * max(1, abs(expected)), "\(expression): \(found), not \(expected)")
    }
  }

  /// What NumPy rejects is rejected here as well, before anything runs.
  @Test(arguments: [
    "u + v", "A + u", "A + B", "max(v, u)", "A @ u", "v @ A", "A @ A", "s @ v", "v @ 2", "C @ v", "R @ u",
    "sum(v, axis=1)", "sum(A, axis=2)", "mean(A, axis=-3)", "softmax(s)", "v[3]", "v[-4]", "A[2]", "A[0, 3]",
    "A[0, 0, 0]", "v[0, 0]", "s[0]", "A[:, 3]",
  ]) func refusesWhatNumPyRefuses(expression: String) {
    #expect(messages(Self.declarations + "result = 0 + \(expression)").count == 1)
  }
}
