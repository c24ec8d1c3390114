import Testing

@testable import GradvizDrawing

@Suite("Text metrics")
struct TextMetricsTests {
  /// Sums of the advance widths that Adobe's font metrics files give for Helvetica, in 1/1000 em.
  @Test(arguments: [
    ("matmul", 3278.0), ("loss.backward()", 7004.0), ("0123456789", 5560.0), ("Wii", 1388.0), ("", 0.0),
  ])
  func `Regular text is as wide as Helvetica`(text: String, thousandths: Double) {
    #expect(abs(TextMetrics.width(of: text, size: 1000) - thousandths) <= 1.0 * Double(text.count))
  }

  @Test(arguments: [("b", 611.0), ("Loss", 2334.0), ("0.5", 1390.0)])
  func `Bold text is as wide as Helvetica-Bold`(text: String, thousandths: Double) {
    #expect(abs(TextMetrics.width(of: text, size: 1000, bold: true) - thousandths) <= Double(text.count))
  }

  @Test func `Width grows in proportion to the size`() {
    let width = TextMetrics.width(of: "∂L/∂w = −0.84", size: 9)
    #expect(width > 40)
    #expect(abs(TextMetrics.width(of: "∂L/∂w = −0.84", size: 27) - 3 * width) < 1e-9)
  }

  @Test func `A combining mark takes no room, composed and decomposed letters the same`() {
    let composed = TextMetrics.width(of: "\u{177}", size: 12)
    let decomposed = TextMetrics.width(of: "y\u{302}", size: 12)
    #expect(composed == decomposed)
    #expect(composed == TextMetrics.width(of: "y", size: 12))
  }

  @Test func `Wide scripts and symbols take a whole em`() {
    #expect(TextMetrics.width(of: "損失", size: 10) == 20)
    #expect(TextMetrics.width(of: "🙂", size: 10) == 10)
  }

  /// Every character our own figures use has a width from a font, not the guess for unknown ones.
  @Test(arguments: Array("∂−×·÷√Σ∇∞≈≤≥←→↑↓…′ηθσŷ₀₁₂²³".unicodeScalars.map(String.init)))
  func `Mathematics has widths of its own`(character: String) {
    let scalar = character.unicodeScalars.first
    let isListed = AdvanceWidths.regular.contains { first, widths in
      scalar.map { $0.value >= first && $0.value < first + UInt32(widths.count) } ?? false
    }
    #expect(isListed)
    let width = TextMetrics.width(of: character, size: 1)
    #expect(width > 0.15 && width <= 1.1)
  }

  @Test func `Runs of the tables neither overlap nor leave their order`() {
    for table in [AdvanceWidths.regular, AdvanceWidths.bold] {
      var end: UInt32 = 0
      for (first, widths) in table {
        #expect(first >= end, "run at \(first)")
        end = first + UInt32(widths.count)
      }
    }
  }
}
