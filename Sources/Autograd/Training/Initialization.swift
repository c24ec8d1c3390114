/// Initialization schemes for parameters: those of `torch.nn.init`, by the same names.
///
/// The first size of a shape is the number of inputs, the second that of outputs, as in `x @ w`; a vector has
/// one output. The same seed gives the same numbers on every machine.
public enum Initialization: String, Sendable, CaseIterable {
  /// Uniform in ±1/√inputs, the default of PyTorch's `nn.Linear`.
  case uniform
  /// Normal with mean 0 and standard deviation 1.
  case normal
  /// Uniform in ±√(6 / (inputs + outputs)) (Glorot & Bengio, "Understanding the difficulty of training deep
  /// feedforward neural networks", 2010).
  case xavierUniform = "xavier_uniform"
  /// Normal with standard deviation √(2 / (inputs + outputs)).
  case xavierNormal = "xavier_normal"
  /// Uniform in ±√(6 / inputs), for relu (He et al., "Delving deep into rectifiers", 2015).
  case kaimingUniform = "kaiming_uniform"
  /// Normal with standard deviation √(2 / inputs).
  case kaimingNormal = "kaiming_normal"

  /// Creates a scheme from its name; `glorot_…` and `he_…` are synonyms of `xavier_…` and `kaiming_…`.
  public init?(name: String) {
    let known = [("glorot_", "xavier_"), ("he_", "kaiming_")]
    var name = name
    for (other, own) in known where name.hasPrefix(other) { name = own + name.dropFirst(other.count) }
    self.init(rawValue: name)
  }

  /// Initial numbers for a parameter, row-major.
  ///
  /// - Precondition: the sizes are positive and their product is an `Int`.
  public func values(shape: [Int], seed: Int) -> [Double] {
    var numbers = SeededNumbers(seed: seed)
    return values(shape: shape, from: &numbers)
  }

  /// Initial numbers from an existing generator.
  public func values(shape: [Int], from numbers: inout SeededNumbers) -> [Double] {
    let inputs = Double(shape.first ?? 1)
    let outputs = Double(shape.count > 1 ? shape[1] : 1)
    let count = shape.reduce(1, *)
    switch self {
    case .uniform: return Self.uniform(count, within: 1 / inputs.squareRoot(), &numbers)
    case .xavierUniform: return Self.uniform(count, within: (6 / (inputs + outputs)).squareRoot(), &numbers)
    case .kaimingUniform: return Self.uniform(count, within: (6 / inputs).squareRoot(), &numbers)
    case .normal: return (0..<count).map { _ in numbers.drawNormal() }
    case .xavierNormal:
      let deviation = (2 / (inputs + outputs)).squareRoot()
      return (0..<count).map { _ in numbers.drawNormal() * deviation }
    case .kaimingNormal:
      let deviation = (2 / inputs).squareRoot()
      return (0..<count).map { _ in numbers.drawNormal() * deviation }
    }
  }

  private static func uniform(_ count: Int, within bound: Double, _ numbers: inout SeededNumbers) -> [Double] {
    (0..<count).map { _ in (numbers.drawUniform() * 2 - 1) * bound }
  }
}
