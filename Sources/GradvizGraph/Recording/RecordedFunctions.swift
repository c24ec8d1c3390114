import Autograd

/// Functions, losses and windows of other frameworks.
extension RecordedModule {
  /// Functions of one operand, by PyTorch's names.
  static let functions: [(name: String, make: @Sendable (Tensor, RecordedModule) -> Tensor)] = [
    ("gelu", { Autograd.gelu($0, isApproximate: $1.facts.attribute("approximate")?.text == "tanh") }),
    ("silu", { x, _ in silu(x) }), ("softplus", { x, _ in softplus(x) }), ("logsigmoid", { x, _ in logSigmoid(x) }),
    ("elu", { elu($0, alpha: $1.number("alpha") ?? 1) }),
    ("leaky_relu", { leakyReLU($0, slope: $1.number("negative_slope") ?? 0.01) }),
    ("hardtanh", { hardTanh($0, from: $1.number("min_val") ?? -1, to: $1.number("max_val") ?? 1) }),
    ("relu6", { x, _ in hardTanh(x, from: 0, to: 6) }),
    ("square", { x, _ in x ** 2 }), ("rsqrt", { x, _ in x ** -0.5 }), ("reciprocal", { x, _ in x ** -1.0 }),
    (
      "clamp",
      { x, module in
        let low = module.number("min").map { max(x, module.constant($0)) } ?? x
        return module.number("max").map { min(low, module.constant($0)) } ?? low
      }
    ),
  ]

  func function() -> Tensor? {
    guard operands.count == 1, let own = Self.functions.first(where: { $0.name == facts.operation }) else { return nil }
    return own.make(tensor(0), self)
  }

  // MARK: Along axes

  /// The axes that an attribute names; all where it names none.
  private func axes(_ rank: Int) -> [Int]? {
    guard let named = facts.attribute("dim") ?? facts.attribute("axis") else { return Array(0..<rank) }
    guard let numbers = named.integers else { return nil }
    let places = numbers.compactMap { Shapes.normalized($0, rank: rank) }
    guard places.count == numbers.count, Set(places).count == places.count else { return nil }
    return places.isEmpty ? Array(0..<rank) : places
  }

  func reduction() -> Tensor? {
    guard operands.count == 1, let axes = axes(tensor(0).shape.count), !axes.isEmpty else { return nil }
    let (x, keeps) = (tensor(0), isTrue("keepdim"))
    switch facts.operation {
    case "sum": return x.sum(axes: axes, keepsAxes: keeps)
    case "mean": return x.mean(axes: axes, keepsAxes: keeps)
    case "amax": return x.max(axes: axes, keepsAxes: keeps)
    case "amin": return x.min(axes: axes, keepsAxes: keeps)
    case "logsumexp": return x.logSumExp(axes: axes, keepsAxes: keeps)
    default:
      let count = axes.reduce(1) { $0 * x.shape[$1] }
      let correction =
        number("correction") ?? (facts.attribute("unbiased").map { $0.isTrue ? 1 : 0 } ?? 1)
      guard Double(count) > correction else { return nil }
      return facts.operation == "var"
        ? x.variance(axes: axes, correction: correction, keepsAxes: keeps)
        : x.standardDeviation(axes: axes, correction: correction, keepsAxes: keeps)
    }
  }

  func softmax() -> Tensor? {
    guard operands.count == 1, let axes = axes(tensor(0).shape.count), axes.count == 1 else { return nil }
    let axis = axes[0]
    return facts.operation == "softmax" ? tensor(0).softmax(axis: axis) : tensor(0).logSoftmax(axis: axis)
  }

  // MARK: Losses

  /// A mean, a sum, or each by itself.
  private func reduced(_ losses: Tensor) -> Tensor? {
    switch facts.attribute("reduction")?.text ?? "mean" {
    case "mean": losses.mean()
    case "sum": losses.sum()
    case "none": losses
    default: nil
    }
  }

  func pairLoss() -> Tensor? {
    guard operands.count == 2 else { return nil }
    let (x, y) = (tensor(0), tensor(1))
    guard x.shape == y.shape || Shapes.broadcast(x.shape, y.shape) != nil && facts.operation == "mse_loss" else {
      return nil
    }
    switch facts.operation {
    case "mse_loss": return reduced((x - y) ** 2)
    case "l1_loss": return reduced(abs(x - y))
    case "binary_cross_entropy": return reduced(-(y * clampedLog(x) + (1 - y) * clampedLog(1 - x)))
    default: return reduced(max(x, constant(0)) - x * y + log1p(exp(-abs(x))))
    }
  }

  /// Cross-entropy of scores, or the negative of given logarithms, at the targets' classes.
  func classLoss() -> Tensor? {
    guard operands.count == 2, facts.attribute("weight") == nil, number("label_smoothing") ?? 0 == 0 else { return nil }
    let (scores, targets) = (tensor(0), tensor(1))
    guard let classes = scores.shape.last, (1...2).contains(scores.shape.count) else { return nil }
    let rows = scores.shape.count == 1 ? 1 : scores.shape[0]
    let losses: Tensor
    if targets.shape == scores.shape, targets.data.count != rows || classes == 1 {
      guard facts.operation == "cross_entropy" else { return nil }
      losses = -(targets * scores.logSoftmax(axis: -1)).sum(axis: -1)
    } else {
      let words = targets.data.compactMap { Int(exactly: $0) }
      guard words.count == rows, targets.data.count == rows, words.allSatisfy((0..<classes).contains),
        let hot = try? oneHot(words, count: classes)
      else { return nil }
      let mask = tape.array(hot.flatMap { $0 }, shape: scores.shape, role: .constant)
      let own = (mask * scores).sum(axis: -1)
      losses = facts.operation == "nll_loss" ? -own : scores.logSumExp(axis: -1) - own
    }
    return reduced(losses)
  }

  // MARK: Windows

  /// What a padded image may have at most: a file may ask for any padding.
  private static let maxNumbers = 20_000_000

  private func fits(_ x: Tensor, kernel: [Int], stride: Int, padding: Int, dilation: Int) -> Bool {
    guard x.shape.count == kernel.count + 2, (1...1 << 20).contains(stride), (0...1 << 20).contains(padding),
      (1...1 << 20).contains(dilation)
    else { return false }
    var (numbers, windows) = (x.shape[0] * x.shape[1], x.shape[0] * x.shape[1])
    for (size, kernel) in zip(x.shape[2...], kernel) {
      guard kernel > 0,
        let count = WindowPlan(size: kernel, stride: stride, padding: padding, dilation: dilation)
          .count(on: size)
      else { return false }
      numbers = numbers.multipliedReportingOverflow(by: size + 2 * padding).partialValue
      windows = windows.multipliedReportingOverflow(by: count * kernel).partialValue
      guard (0...Self.maxNumbers).contains(numbers), (0...Self.maxNumbers).contains(windows) else { return false }
    }
    return true
  }

  func conv2d() -> Tensor? { convolution(axes: 2) }
  func conv1d() -> Tensor? { convolution(axes: 1) }

  private func convolution(axes: Int) -> Tensor? {
    guard let x = argument("input", 0), let weight = argument("weight", 1), weight.shape.count == axes + 2,
      let stride = size("stride", 1), let padding = size("padding", 0), let dilation = size("dilation", 1),
      fits(x, kernel: Array(weight.shape[2...]), stride: stride, padding: padding, dilation: dilation)
    else { return nil }
    let (groups, bias) = (facts.attribute("groups")?.integer ?? 1, argument("bias", 2))
    guard groups > 0, groups <= weight.shape[0], weight.shape[0] % groups == 0,
      x.shape[1] == weight.shape[1] * groups, bias == nil || bias?.shape == [weight.shape[0]]
    else { return nil }
    return axes == 2
      ? Autograd.conv2d(
        x, weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
      : Autograd.conv1d(
        x, weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  func pool(_ pool: (Tensor, Int, Int?) -> Tensor) -> Tensor? {
    guard operands.count == 1, let kernel = size("kernel_size", 0), let stride = size("stride", kernel),
      size("padding", 0) == 0, size("dilation", 1) == 1, !isTrue("ceil_mode"),
      fits(tensor(0), kernel: [kernel, kernel], stride: stride, padding: 0, dilation: 1)
    else { return nil }
    return pool(tensor(0), kernel, stride)
  }

  /// Which numbers were left out is known where the recorder says it: the engine draws no lots of others.
  func dropout() -> Tensor? {
    guard let x = argument("input", 0), let mask = argument("mask", 1), x.shape == mask.shape else { return nil }
    return x * mask
  }
}

@Sendable func maxPool(_ x: Tensor, _ size: Int, _ stride: Int?) -> Tensor {
  Autograd.maxPool(x, size: size, stride: stride)
}
@Sendable func averagePool(_ x: Tensor, _ size: Int, _ stride: Int?) -> Tensor {
  Autograd.averagePool(x, size: size, stride: stride)
}
