/// A piece of a formula on a line, for a writer of text: what is set in a panel, without positions, tints and sizes.
indirect enum MathPiece: Equatable {
  /// The letters of a value's name.
  case name(String)
  /// Numbers, signs, words and the names of functions.
  case text(String)
  case above([MathPiece])
  case below([MathPiece])
  case fraction([MathPiece], [MathPiece])
  case transposed
  case gap

  /// Stands for the comma before decimals, which is set closer than that of a list.
  static let decimalMark: Character = "\u{2396}"

  /// Replaces each comma between two digits by ``decimalMark``; a list has a space after its commas.
  static func markingDecimals(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: ",")) else { return text }
    return text.replacing(/([0-9]),([0-9])/) { "\($0.output.1)\(decimalMark)\($0.output.2)" }
  }

  /// The pieces of what is set on a line.
  static func pieces(_ items: [Inline]) -> [MathPiece] {
    var pieces: [MathPiece] = []
    for item in items {
      switch item {
      case .run(let run): pieces += Self.pieces(run)
      case .fraction(let top, let bottom): pieces.append(.fraction(Self.pieces(top), Self.pieces(bottom)))
      case .chip(let inner, _), .token(let inner, _): pieces += Self.pieces(inner)
      case .pill(let inner):
        // Without its frame a negative factor needs parentheses.
        let own = Self.pieces(inner)
        let isFactor = ["× ", "· "].contains { pieces.plain.hasSuffix($0) } && own.plain.hasPrefix("−")
        pieces += isFactor ? [.text("(")] + own + [.text(")")] : own
      case .space(let width): if width > 6 { pieces.append(.gap) }
      case .dot, .badge: break
      }
    }
    return joined(pieces)
  }

  private static func pieces(_ run: Figure.Run) -> [MathPiece] {
    switch run.script {
    case .above where run.text == "T" && run.typeface == .index: [.transposed]
    case .above: [.above(split(run.text, isName: run.typeface == .variable))]
    case .below: [.below(split(run.text, isName: run.typeface == .variable))]
    case .normal: split(run.text, isName: run.typeface == .variable)
    }
  }

  /// A text whose small digits are pieces of their own: `w₂`, `10⁻⁹`, `x₁,₂⁽³⁾`.
  static func split(_ text: String, isName: Bool) -> [MathPiece] {
    var pieces: [MathPiece] = []
    var (plain, above, below) = ("", "", "")
    func end() {
      if !plain.isEmpty { pieces.append(isName ? .name(plain) : .text(plain)) }
      if !below.isEmpty { pieces.append(.below([.text(below)])) }
      if !above.isEmpty { pieces.append(.above([.text(above)])) }
      (plain, above, below) = ("", "", "")
    }
    let letters = Array(text)
    for (place, letter) in letters.enumerated() {
      let next = place + 1 < letters.count ? letters[place + 1] : " "
      if let digit = lowered[letter] {
        if !above.isEmpty { end() }
        below.append(digit)
      } else if letter == ",", !below.isEmpty, lowered[next] != nil {
        below.append(letter)
      } else if let digit = raised[letter] {
        above.append(digit)
      } else if letter == "ᵀ" {
        end()
        pieces.append(.transposed)
      } else {
        if !above.isEmpty || !below.isEmpty { end() }
        plain.append(letter)
      }
    }
    end()
    return pieces
  }

  /// Runs of one exponent are one exponent.
  static func joined(_ pieces: [MathPiece]) -> [MathPiece] {
    var result: [MathPiece] = []
    for piece in pieces {
      switch (result.last, piece) {
      case (.above(let first), .above(let second)): result[result.count - 1] = .above(first + second)
      case (.text(let first), .text(let second)): result[result.count - 1] = .text(first + second)
      default: result.append(piece)
      }
    }
    return result
  }

  private static let lowered = table("₀₁₂₃₄₅₆₇₈₉", "0123456789")
  private static let raised = table("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁽⁾ᵗ", "0123456789−()t")
  /// The small letters below the line, and those above it.
  static let smallBelow = table("0123456789,", "₀₁₂₃₄₅₆₇₈₉,")
  static let smallAbove = table("0123456789−()t", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁽⁾ᵗ")

  private static func table(_ letters: String, _ others: String) -> [Character: Character] {
    Dictionary(zip(letters, others)) { first, _ in first }
  }
}

extension [MathPiece] {
  /// Whether it is `∂x`, half of a derivative.
  var isPartial: Bool { first == .name("∂") }

  /// The characters in order.
  var plain: String {
    map { piece in
      switch piece {
      case .name(let text), .text(let text): text
      case .above(let inner), .below(let inner): inner.plain
      case .fraction(let top, let bottom): "\(top.plain)/\(bottom.plain)"
      case .transposed: "ᵀ"
      case .gap: " "
      }
    }.joined()
  }
}

/// An equation: what it is about, and each side after a sign.
struct MathLine: Equatable {
  struct Side: Equatable {
    var sign: String
    var pieces: [MathPiece]
  }

  var subject: [MathPiece]
  var sides: [Side] = []

  /// Divides a line at the signs outside its brackets.
  init(_ pieces: [MathPiece]) {
    var depth = 0
    var parts: [Side] = [Side(sign: "", pieces: [])]
    func add(_ piece: MathPiece) { parts[parts.count - 1].pieces.append(piece) }
    for piece in pieces {
      guard case .text(let text) = piece else {
        add(piece)
        continue
      }
      var plain = ""
      var rest = text[...]
      while let letter = rest.first {
        if depth == 0, let sign = Self.signs.first(where: { rest.hasPrefix(" \($0) ") }) {
          if !plain.isEmpty { add(.text(plain)) }
          plain = ""
          parts.append(Side(sign: sign, pieces: []))
          rest = rest.dropFirst(sign.count + 2)
          continue
        }
        if "([".contains(letter) { depth += 1 }
        if ")]".contains(letter) { depth -= 1 }
        plain.append(letter)
        rest = rest.dropFirst()
      }
      if !plain.isEmpty { add(.text(plain)) }
    }
    subject = Self.trimmed(parts[0].pieces)
    sides = parts.dropFirst().map { Side(sign: $0.sign, pieces: Self.trimmed($0.pieces)) }
  }

  private static let signs = ["=", "≈"]

  private static func trimmed(_ pieces: [MathPiece]) -> [MathPiece] {
    var pieces = pieces
    while pieces.last == .gap || pieces.last == .text(" ") { pieces.removeLast() }
    while pieces.first == .gap || pieces.first == .text(" ") { pieces.removeFirst() }
    return pieces
  }
}
