import GradvizSystem
import Testing

@Suite("Numbers and text as C and Unicode have them")
struct TextTests {
  @Test(
    arguments: [
      (0.0421, 2, "4.21e-02"), (-123456.0, 3, "-1.235e+05"), (2.5, 0, "2e+00"), (5e-324, 4, "4.9407e-324"),
      (1.7976931348623157e308, 1, "1.8e+308"), (0, 2, "0.00e+00"),
    ] as [(Double, Int, String)])
  func `one digit before the point, rounded once`(number: Double, decimals: Int, text: String) {
    #expect(number.scientific(decimals: decimals) == text)
  }

  @Test(
    arguments: [
      (0.0421, 6, "0.0421"), (1_234_567, 6, "1.23457e+06"), (100000, 6, "100000"), (0.1, 12, "0.1"),
      (1.0 / 3, 4, "0.3333"), (-2, 12, "-2"),
    ] as [(Double, Int, String)])
  func `significant digits without zeros at the end`(number: Double, digits: Int, text: String) {
    #expect(number.general(digits: digits) == text)
  }

  /// No digit is lost where there are many: what stands in the buffer ends before it does.
  @Test func `long decimals are whole`() {
    let text = Double.pi.scientific(decimals: 300)
    #expect(text.utf8.count == "3.e+00".utf8.count + 300)
    #expect(text.hasPrefix("3.14159265358979311599796346854418516159057617187500000") && text.hasSuffix("0e+00"))
  }

  @Test(arguments: [
    ("e\u{301}", "\u{E9}", "e\u{301}"), ("\u{E9}", "\u{E9}", "e\u{301}"), ("\u{212B}", "\u{C5}", "A\u{30A}"),
    ("\u{AC00}", "\u{AC00}", "\u{1100}\u{1161}"), ("q\u{307}\u{323}", "q\u{323}\u{307}", "q\u{323}\u{307}"),
    ("plain", "plain", "plain"), ("", "", ""),
  ])
  func `normal forms`(text: String, composed: String, decomposed: String) {
    #expect(Array(text.composed.unicodeScalars) == Array(composed.unicodeScalars))
    #expect(text.decomposedScalars == Array(decomposed.unicodeScalars))
  }

  @Test(arguments: [(" a b\t", "a b"), ("", ""), (" \n ", ""), ("a", "a"), ("\u{A0}x\u{3000}", "x")])
  func `white space at the ends goes`(text: String, trimmed: String) {
    #expect(text.trimmed == trimmed)
    #expect(text[...].trimmed == trimmed)
  }

  @Test func `the last place of a text`() throws {
    let text = "a](b](c"
    #expect(text[try #require(text.lastRange(of: "](")).upperBound...] == "c")
    #expect(text.lastRange(of: "x") == nil)
  }
}
