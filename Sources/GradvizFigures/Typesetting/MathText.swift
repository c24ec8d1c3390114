import GradvizDrawing

/// A short text with the names of values in it, which have letters of their own: a formula on one line, a rule.
///
/// Indices and exponents are the small digits of plain text; see `TextLine`.
struct MathText: Hashable, ExpressibleByStringLiteral {
  private struct Part: Hashable {
    var text: String
    var isVariable: Bool
  }

  private var parts: [Part] = []

  init(_ text: String) { append(text, isVariable: false) }

  init(stringLiteral text: String) { self.init(text) }

  /// The name of a value: its letters are those of variables.
  init(_ name: TypesetName) {
    append(name.base, isVariable: true)
    append(name.scripts, isVariable: false)
  }

  private mutating func append(_ text: String, isVariable: Bool) {
    guard !text.isEmpty else { return }
    if let last = parts.last, last.isVariable == isVariable {
      parts[parts.count - 1].text += text
    } else {
      parts.append(Part(text: text, isVariable: isVariable))
    }
  }

  static func + (a: MathText, b: MathText) -> MathText {
    var sum = a
    sum += b
    return sum
  }

  static func += (a: inout MathText, b: MathText) {
    for part in b.parts { a.append(part.text, isVariable: part.isVariable) }
  }

  /// Whether a number in it has an exponent, which reaches higher than that of a letter: 4.2×10⁻⁹, 10¹⁵.
  var hasPowerOfNumber: Bool {
    parts.contains { part in
      zip(part.text.unicodeScalars, part.text.unicodeScalars.dropFirst()).contains {
        (0x30...0x39).contains($0.value) && Self.isRaised($1)
      }
    }
  }
  /// Whether it has both, and so needs more height.
  var hasIndexAndExponent: Bool {
    var (hasIndex, hasExponent) = (false, false)
    for part in parts {
      for scalar in part.text.unicodeScalars where scalar.value > 0x7F {
        if (0x2080...0x2089).contains(scalar.value) { hasIndex = true }
        if Self.isRaised(scalar) { hasExponent = true }
      }
    }
    return hasIndex && hasExponent
  }
  /// A small digit above the line, a sign or a parenthesis before one, or the T of a transposed matrix.
  private static func isRaised(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xB2, 0xB3, 0xB9, 0x2070...0x207B, 0x207D, 0x1D40: true
    default: false
    }
  }
  var plain: String { parts.map(\.text).joined() }
  var count: Int { parts.reduce(0) { $0 + $1.text.count } }

  /// - Parameter size: that of its numbers.
  func runs(size: Double, tint: Tint = .ink, isBold: Bool = false) -> [Figure.Run] {
    parts.map { part in
      part.isVariable
        ? Figure.Run(text: part.text, size: size * Typography.nameRatio, tint: tint, typeface: .variable)
        : Figure.Run(text: part.text, size: size, tint: tint, isBold: isBold)
    }
  }
}

extension [MathText] {
  func joined(_ separator: MathText) -> MathText {
    dropFirst().reduce(first ?? "") { $0 + separator + $1 }
  }
}
