/// Measures text, with the same result on every machine: Graphviz uses these widths, and so does the layout
/// around the text.
package enum TextMetrics {
  /// The font families of a figure; all have these widths or slightly larger ones.
  package static let families = ["Helvetica", "Arial", "Liberation Sans", "DejaVu Sans", "sans-serif"]

  /// Returns the advance width of one line of text in points.
  ///
  /// - Parameters:
  ///   - text: a text without line breaks.
  ///   - size: the font size in points.
  ///   - bold: whether the letters are bold.
  /// - Complexity: O(code points)
  package static func width(of text: String, size: Double, bold: Bool = false) -> Double {
    var total = 0
    for scalar in text.unicodeScalars { total += thousandths(scalar, bold ? Lookup.bold : Lookup.regular) }
    return Double(total) * size / 1000
  }

  private static func thousandths(_ scalar: Unicode.Scalar, _ lookup: Lookup) -> Int {
    let value = scalar.value
    if value < UInt32(Lookup.directCount) { return Int(lookup.direct[Int(value)]) }
    switch value {
    // ⊗, which is missing in the measured fonts; its width in DejaVu Sans.
    case 0x2297: return 838
    case 0x300...0x36F, 0x200B...0x200F, 0x2060, 0xFE00...0xFE0F: return 0
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0x1F000...0x3FFFD:
      return 1000
    default: break
    }
    for (first, widths) in lookup.table where value >= first && value < first + UInt32(widths.count) {
      return Int(widths[Int(value - first)])
    }
    return 600
  }

  private struct Lookup {
    static let directCount = 0x180
    static let regular = Lookup(AdvanceWidths.regular)
    static let bold = Lookup(AdvanceWidths.bold)

    let table: AdvanceWidths.Table
    let direct: [UInt16]

    init(_ table: AdvanceWidths.Table) {
      self.table = table
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
