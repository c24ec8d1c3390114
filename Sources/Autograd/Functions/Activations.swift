/// Activation functions, each composed of plain operations so that none overflows.
///
/// Names, defaults and derivatives at kinks are PyTorch's.

/// log(1 + eˣ), without overflow: max(x, 0) + log(1 + e^−|x|).
public func softplus(_ x: Tensor) -> Tensor { max(x, x.number(0)) + log1p(exp(-abs(x))) }
/// log(1 + eˣ), without overflow.
public func softplus(_ x: Value) -> Value { softplus(Tensor(x)).value }

/// log(1 / (1 + e⁻ˣ)), without overflow: min(x, 0) − log(1 + e^−|x|).
public func logSigmoid(_ x: Tensor) -> Tensor { min(x, x.number(0)) - log1p(exp(-abs(x))) }
/// log(1 / (1 + e⁻ˣ)), without overflow.
public func logSigmoid(_ x: Value) -> Value { logSigmoid(Tensor(x)).value }

/// x · sigmoid(x), also called swish (Ramachandran, Zoph & Le, 2017).
public func silu(_ x: Tensor) -> Tensor { x * sigmoid(x) }
/// x · sigmoid(x), also called swish.
public func silu(_ x: Value) -> Value { silu(Tensor(x)).value }

/// x · Φ(x), where Φ is the normal distribution (Hendrycks & Gimpel, "Gaussian error linear units", 2016): x/2 · (1 +
/// erf(x/√2)).
///
/// - Parameters:
///   - x: of any shape.
///   - isApproximate: whether to compute x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))) instead, as GPT-2 does.
public func gelu(_ x: Tensor, isApproximate: Bool = false) -> Tensor {
  guard isApproximate else { return 0.5 * x * (1 + erf(x / x.root(of: 2, writtenAs: "2"))) }
  let inner = x.root(of: 2 / Double.pi, writtenAs: "(2/π)") * (x + 0.044715 * x ** 3)
  return 0.5 * x * (1 + tanh(inner))
}
/// x · Φ(x) of a number, where Φ is the normal distribution; `isApproximate` is GPT-2's form with a tanh.
public func gelu(_ x: Value, isApproximate: Bool = false) -> Value {
  gelu(Tensor(x), isApproximate: isApproximate).value
}

/// x above 0, and α·(eˣ − 1) elsewhere (Clevert, Unterthiner & Hochreiter, 2015).
public func elu(_ x: Tensor, alpha: Double = 1) -> Tensor {
  let isPositive = x .> x.number(0)
  // The exponential of what is above 0 could overflow, and infinity times a gradient of 0 is NaN.
  let below = x.masked(by: not(isPositive))
  return x.masked(by: isPositive) + alpha * expm1(below)
}
/// x above 0, and α·(eˣ − 1) elsewhere.
public func elu(_ x: Value, alpha: Double = 1) -> Value { elu(Tensor(x), alpha: alpha).value }

/// x above 0, and slope · x elsewhere.
public func leakyReLU(_ x: Tensor, slope: Double = 0.01) -> Tensor {
  choose(x .> x.number(0), x, slope * x)
}
/// x above 0, and slope · x elsewhere.
public func leakyReLU(_ x: Value, slope: Double = 0.01) -> Value { leakyReLU(Tensor(x), slope: slope).value }

/// x between two bounds, with gradient 0 at the bounds and beyond, as PyTorch's `hardtanh`.
public func hardTanh(_ x: Tensor, from low: Double = -1, to high: Double = 1) -> Tensor {
  x.clipped(from: low, to: high)
}
/// x between two bounds, with gradient 0 at the bounds and beyond.
public func hardTanh(_ x: Value, from low: Double = -1, to high: Double = 1) -> Value {
  x.clipped(from: low, to: high)
}

extension Tensor {
  /// log softmax along an axis, without overflow: x − log Σ eˣ.
  public func logSoftmax(axis: Int = -1) -> Tensor { self - logSumExp(axis: axis).widened(at: axis, of: shape.count) }
}
