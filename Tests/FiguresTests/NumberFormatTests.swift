import Testing

@testable import Figures

@Suite("Numbers as figures show them")
struct NumberFormatTests {
  @Test(
    arguments: [
      (0.30000000000000004, "0.3"), (-0.0, "0"), (0, "0"), (-1, "−1"), (2.084, "2.084"), (0.0232, "0.0232"),
      (-0.1768, "−0.1768"), (123456, "123500"), (1e6, "1×10⁶"), (1.5e-7, "1.5×10⁻⁷"),
      (0.0001234567, "0.0001235"), (99999.6, "100000"), (9.99999, "10"), (.infinity, "∞"), (-.infinity, "−∞"),
      (.nan, "NaN"), (1e300, "1×10³⁰⁰"), (.leastNonzeroMagnitude, "4.941×10⁻³²⁴"),
    ] as [(Double, String)])
  func `four significant digits`(value: Double, text: String) {
    #expect(NumberFormat(precision: 4).text(value) == text)
  }

  @Test func `the precision is kept between 1 and 12`() {
    #expect(NumberFormat(precision: 0).text(1.26) == "1")
    #expect(NumberFormat(precision: 40).text(1.0 / 3) == "0.333333333333")
  }

  @Test func `a negative factor stands in parentheses`() {
    #expect(NumberFormat(precision: 4).factor(-2) == "(−2)")
    #expect(NumberFormat(precision: 4).factor(2) == "2")
  }
}

@Suite("Names")
struct TypesetNameTests {
  @Test(arguments: [
    ("w2", "w", "2"), ("x1_2", "x", "1,2"), ("n4_1", "n", "4,1"), ("ŷ", "ŷ", ""), ("ŷ1", "ŷ", "1"),
    ("W_1", "W", "1"), ("loss_total", "loss_total", ""), ("7", "7", ""), ("_1", "_1", ""), ("a_", "a_", ""),
  ])
  func `trailing digits become indices`(name: String, base: String, indices: String) {
    let typeset = TypesetName(name)
    #expect(typeset.base == base)
    #expect(typeset.indices == indices)
  }
}
