import Autograd

/// A random program over the functions of arrays, masks and activations: a few of them, each on numbers of its own.
///
/// Valid and finite, and the same for the same seed. All of them together have every function and operator.
public struct ArrayProgram: Sendable, CustomStringConvertible {
  /// The program's text.
  public let source: String
  /// The text, for failures.
  public var description: String { source }

  /// Expressions over A (2×3) and B (3×2), v and w (3), all within 0.1 … 0.9 in size, P (2×3, positive) and T (2×2×3).
  public static let expressions = [
    "tan(A)", "asin(A)", "acos(A)", "atan(A)", "sinh(A)", "cosh(A)", "log1p(P)", "expm1(A)", "log2(P)", "log10(P)",
    "erf(A)", "A * sign(v)", "A + floor(3 * A)", "A - ceil(3 * A)", "A * round(3 * A)", "softplus(A)", "log_sigmoid(A)",
    "silu(A)", "gelu(A)", "gelu(A, approximate=\"tanh\")", "elu(A, alpha=0.5)", "leaky_relu(A, negative_slope=0.2)",
    "hardtanh(2 * A)", "log_softmax(A)", "log_softmax(T, axis=1)", "A * stop_gradient(v)", "where(A > v, A, 2 * v)",
    "where(A < 0.2 and not A < -0.2, A, A * A)", "A * (v >= w)", "A * (v <= w or v == w)", "A * (v != w)",
    "clip(2 * A, -1, 1)", "concat([A, P], axis=0)", "concat([A, B.T, P], axis=1)", "concat([v, w])", "stack([v, w, v])",
    "stack([v, w], axis=1)", "reshape(A, 3, -1)", "reshape(T, 4, 3)", "repeat(v, 2, axis=0)", "repeat(A, 2, axis=1)",
    "tile(v, [2, 1])", "pad(A, [[1, 0], [0, 2]], value=0.5)", "flip(A, axis=1)", "cumsum(A, axis=1)", "prod(A, axis=0)",
    "prod(P)", "norm(A)", "norm(A, axis=1, keepdims=True)", "norm(v, ord=1)", "tril(A)", "triu(A, diagonal=1)",
    "var(A)",
    "std(A, axis=0)", "std(A, axis=1, correction=0, keepdims=True)", "A * arange(3)", "A + linspace(0, 1, 3)",
    "A @ eye(3)", "A * full([2, 1], 0.5)", "embedding(B, [2, 0, 2])", "B[[1, 1, 0]]", "matmul(A, B)", "pow(P, v)",
    "square(A)", "unsqueeze(v, 0) * A", "squeeze(stack([v], axis=0))", "T @ B", "B @ T", "T @ v",
    "v @ transpose(T, 1, 2)",
    "transpose(T, axes=[2, 0, 1])", "T * A", "T * v", "T + unsqueeze(A, 1)", "sum(T, axis=1)", "max(T, axis=2)",
    "mean(T, axis=0, keepdims=True)", "softmax(T, axis=1)", "A[:, ::2]", "A[::-1]", "A[..., 1:]", "T[1, :, 0]",
    "A[:, None] + T",
    "T[0:1]", "[v, w]", "[v[0], w[1], 2]", "transpose(A)", "x.T @ A", "A.sum(dim=1)",
    "conv2d(reshape(T, 1, 2, 2, 3), reshape(P, 1, 2, 1, 3)[..., 0:2], padding=1)", "conv1d(T, reshape(P, 1, 2, 3))",
    "max_pool(reshape(T, 1, 2, 2, 3), 2, stride=1)", "avg_pool(reshape(T, 1, 2, 2, 3), 2, stride=1)",
    "layer_norm(A, v, w)", "layer attention(A)", "layer attention(T, mask: causal, heads: 3)",
    "batch_norm(A, v, w)", "rms_norm(A, v)", "attention(A, A, P)", "attention(T, T, T, mask: causal, heads: 3)",
    "rnn(A, B, eye(2), [0.1, 0.2])", "gru(A, tile(B, [1, 3]), tile(eye(2), [1, 3]))",
    "lstm(T, tile(B, [1, 4]), tile(eye(2), [1, 4]))", "smooth_l1(A, P, beta=0.5)", "kl_div(A, P)",
    "cosine_similarity(A, P)", "focal(A, P)", "dropout(A, 0.3, seed: 5)", "nll(log_softmax(A), P)", "mae(A, 2 * P)",
    "huber(A, 3 * P, delta=0.5)",
    "sum(T, axis=(0, 2))", "max(T, axis=[0, 1], keepdims=True)", "std(T, axis=(1, 2))",
    "lstm(T, tile(B, [1, 4]), tile(eye(2), [1, 4]), h0=B[0:2], c0=[0.1, 0.2])",
  ]

  /// - Parameter seed: the same seed gives the same program.
  public init(seed: UInt64) {
    var numbers = SeededNumbers(seed: seed &+ 7)
    func number(_ isPositive: Bool) -> String {
      let size = (numbers.drawUniform() * 0.8 + 0.1) * 1000
      let sign = !isPositive && numbers.drawUniform() < 0.5 ? -1.0 : 1
      return "\(sign * size.rounded() / 1000)"
    }
    func list(_ shape: [Int], _ isPositive: Bool = false) -> String {
      guard let size = shape.first else { return number(isPositive) }
      return "[" + (0..<size).map { _ in list(Array(shape.dropFirst()), isPositive) }.joined(separator: ", ") + "]"
    }
    var lines = [
      "input x = \(list([2, 3]))", "param A = \(list([2, 3]))", "param B = \(list([3, 2]))", "param v = \(list([3]))",
      "param w = \(list([3]))", "param P = \(list([2, 3], true))", "param T = \(list([2, 2, 3]))",
    ]
    if seed % 2 == 0 { lines.insert("level tensor", at: 0) }
    let count = Self.expressions.count
    let chosen = (0..<3).map { Self.expressions[(Int(seed % UInt64(count)) * 3 + $0) % count] }
    for (place, expression) in chosen.enumerated() { lines.append(Self.line("r\(place)", expression)) }
    // Squares, so that the gradients of the entries differ.
    lines.append("loss L = " + chosen.indices.map { "mean(tanh(r\($0)) * r\($0))" }.joined(separator: " + "))
    lines.append("rate 0.1")
    source = lines.joined(separator: "\n") + "\n"
  }

  /// `layer r = attention(A)` for `layer attention(A)`.
  private static func line(_ name: String, _ expression: String) -> String {
    let isLayer = expression.hasPrefix("layer ")
    return isLayer ? "layer \(name) = \(expression.dropFirst(6))" : "\(name) = \(expression)"
  }
}
