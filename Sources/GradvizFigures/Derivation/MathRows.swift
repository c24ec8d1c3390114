/// The rows of a formula that is too long for one, on a page of text.
enum MathRows {
  /// In characters: what an article in letters of ten points has room for beside the left side of an equation.
  private static let longest = 56.0

  /// Divides a formula where a reader expects it: between the rows of a matrix, between the numbers of a list, before a
  /// sign.
  static func divided(_ pieces: [MathPiece]) -> [[MathPiece]] {
    guard width(pieces) > longest else { return [pieces] }
    return filled(parts(pieces, isBreak: isBetweenRows)).flatMap { row in
      width(row) > longest ? filled(parts(row, isBreak: isBetweenTerms)) : [row]
    }
  }

  /// As many parts on a row as there is room for.
  private static func filled(_ parts: [[MathPiece]]) -> [[MathPiece]] {
    var rows: [[MathPiece]] = []
    var room = 0.0
    for part in parts {
      let own = width(part)
      if rows.isEmpty || own > room {
        rows.append(part)
        room = longest - own
      } else {
        rows[rows.count - 1] += part
        room -= own
      }
    }
    return rows.map(MathPiece.joined)
  }

  private static func width(_ pieces: [MathPiece]) -> Double {
    pieces.reduce(0) { sum, piece in
      switch piece {
      case .name(let text), .text(let text): sum + Double(text.count)
      case .above(let inner), .below(let inner): sum + 0.7 * width(inner)
      case .fraction(let top, let bottom): sum + max(width(top), width(bottom)) + 1
      case .transposed: sum + 1
      case .gap: sum + 2
      }
    }
  }

  /// - Parameter isBreak: whether a part ends between two texts.
  private static func parts(
    _ pieces: [MathPiece], isBreak: (_ before: Substring, _ after: Substring) -> Bool
  ) -> [[MathPiece]] {
    var parts: [[MathPiece]] = [[]]
    for piece in pieces {
      guard case .text(let text) = piece else {
        parts[parts.count - 1].append(piece)
        continue
      }
      var start = text.startIndex
      for place in text.indices where place > start && isBreak(text[..<place], text[place...]) {
        parts[parts.count - 1].append(.text(String(text[start..<place])))
        parts.append([])
        start = place
      }
      parts[parts.count - 1].append(.text(String(text[start...])))
    }
    return parts.filter { !$0.isEmpty }
  }

  private static func isBetweenRows(_ before: Substring, _ after: Substring) -> Bool {
    before.hasSuffix("], ") && after.hasPrefix("[")
  }

  private static func isBetweenTerms(_ before: Substring, _ after: Substring) -> Bool {
    before.hasSuffix(", ") || before.hasSuffix(" ") && (after.hasPrefix("+ ") || after.hasPrefix("− "))
  }
}
