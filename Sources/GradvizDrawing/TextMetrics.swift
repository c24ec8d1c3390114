/// What stands around a number that a reader is to fill in: private code points.
package enum BlankMark {
  package static let begin: Unicode.Scalar = "\u{10FFF0}"
  package static let end: Unicode.Scalar = "\u{10FFF1}"
  /// The room beside the number, in thousandths of the font size.
  static let width = 320
}

/// Measures text, with the same result on every machine: Graphviz uses these widths, and so does the layout
/// around the text.
package enum TextMetrics {
  /// The font families of a figure; all have these widths or slightly larger ones.
  package static let families = ["Helvetica", "Arial", "Liberation Sans", "DejaVu Sans", "sans-serif"]
  /// Those of variables and of their indices, likewise.
  package static let serifFamilies = ["Times New Roman", "Times", "Liberation Serif", "DejaVu Serif", "serif"]

  /// The letters of a text.
  package enum Typeface: Hashable, Sendable {
    /// Numbers, words and operators.
    case regular, bold
    /// The names of values, in italic serif letters.
    case variable
    /// Their indices and exponents, in upright ones.
    case index
  }

  /// Returns the advance width of one line of text in points.
  ///
  /// - Parameters:
  ///   - text: a text without line breaks.
  ///   - size: the font size in points.
  ///   - typeface: the letters.
  /// - Complexity: O(code points)
  package static func width(of text: String, size: Double, typeface: Typeface) -> Double {
    let lookup =
      switch typeface {
      case .regular: Lookup.regular
      case .bold: Lookup.bold
      case .variable: Lookup.variable
      case .index: Lookup.index
      }
    var total = 0
    for scalar in text.unicodeScalars { total += thousandths(scalar, lookup) }
    return Double(total) * size / 1000
  }

  /// The same for numbers, words and operators.
  package static func width(of text: String, size: Double, bold: Bool = false) -> Double {
    width(of: text, size: size, typeface: bold ? .bold : .regular)
  }

  private static func thousandths(_ scalar: Unicode.Scalar, _ lookup: Lookup) -> Int {
    let value = scalar.value
    if value < UInt32(Lookup.directCount), lookup.direct[Int(value)] > 0 || !lookup.isSerif {
      return Int(lookup.direct[Int(value)])
    }
    switch value {
    // ⊗, which is missing in the measured fonts; its width in DejaVu Sans.
    case 0x2297: return 838
    // The accent ˆ, alike in all of them.
    case 0x2C6: return 333
    case 0x10FFF0, 0x10FFF1: return BlankMark.width
    case 0x300...0x36F, 0x200B...0x200F, 0x2060, 0xFE00...0xFE0F: return 0
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0x1F000...0x3FFFD:
      return 1000
    default: break
    }
    for (first, widths) in lookup.table where value >= first && value < first + UInt32(widths.count) {
      return Int(widths[Int(value - first)])
    }
    return lookup.isSerif ? thousandths(scalar, .regular) : 600
  }

  private struct Lookup {
    static let directCount = 0x180
    static let regular = Lookup(AdvanceWidths.regular)
    static let bold = Lookup(AdvanceWidths.bold)
    static let variable = Lookup(AdvanceWidths.variable, isSerif: true)
    static let index = Lookup(AdvanceWidths.index, isSerif: true)

    /// Whether what is missing in the table has the width of the other letters.
    let isSerif: Bool
    let table: AdvanceWidths.Table
    let direct: [UInt16]

    init(_ table: AdvanceWidths.Table, isSerif: Bool = false) {
      self.table = table
      self.isSerif = isSerif
      var direct = [UInt16](repeating: 0, count: Self.directCount)
      for (first, widths) in table {
        for (offset, width) in widths.enumerated() where Int(first) + offset < Self.directCount {
          direct[Int(first) + offset] = width
        }
      }
      self.direct = direct
    }
  }
}
