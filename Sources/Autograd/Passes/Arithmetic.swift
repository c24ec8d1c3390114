/// Products, sums and differences: nine of ten operations in a network. The processor cannot predict which of
/// them a node is, and selecting by masks instead of branches saves half of the time of a sweep. The masks
/// are part of the record, so that the compiler cannot turn them back into branches.
extension Tape.Record {
  @inline(__always)
  static var sum: Self { Self(kind: .arithmetic, operation: .add) }
  @inline(__always)
  static var difference: Self { Self(kind: .arithmetic, operation: .subtract, minusMask: -1) }
  @inline(__always)
  static var product: Self { Self(kind: .arithmetic, operation: .multiply, productMask: -1) }

  /// The parts of the records of sums, differences and products that precede their operands, loaded from
  /// memory for the same reason.
  static func makeTemplates() -> UnsafeMutablePointer<Self> {
    let templates = UnsafeMutablePointer<Self>.allocate(capacity: 3)
    (templates + 0).initialize(to: sum)
    (templates + 1).initialize(to: difference)
    (templates + 2).initialize(to: product)
    return templates
  }

  /// - Parameter template: the template of the operation.
  @inline(__always)
  init(_ template: Self, _ a: Int, _ b: Int) {
    self = template
    // A tape returns only indices up to Int32.max.
    self.a = Int32(truncatingIfNeeded: a)
    self.b = Int32(truncatingIfNeeded: b)
  }

  @inline(__always)
  private var product: UInt64 { UInt64(bitPattern: Int64(productMask)) }

  @inline(__always)
  private var minus: UInt64 { UInt64(bitPattern: Int64(minusMask)) & (1 << 63) }

  @inline(__always)
  func arithmetic(_ a: Double, _ b: Double) -> Double {
    let sum = a + Double(bitPattern: b.bitPattern ^ minus)
    return Double(bitPattern: (a * b).bitPattern & product | sum.bitPattern & ~product)
  }

  @inline(__always)
  func arithmeticDerivatives(_ a: Double, _ b: Double) -> (Double, Double) {
    let one = (1.0).bitPattern
    return (
      Double(bitPattern: b.bitPattern & product | one & ~product),
      Double(bitPattern: a.bitPattern & product | (one ^ minus) & ~product)
    )
  }
}

extension Tape.Operation {
  /// The index of the operation's template; nil if it has none.
  @inline(__always)
  var template: Int? {
    switch self {
    case .add: 0
    case .subtract: 1
    case .multiply: 2
    default: nil
    }
  }
}
