import Autograd
import Foundation
import GradvizGraph
import GradvizTestSupport
import Testing

@testable import GradvizFigures

@Suite("Numbers as figures show them")
struct NumberFormatTests {
  @Test(
    arguments: [
      (0.30000000000000004, "0.3"), (-0.0, "0"), (0, "0"), (-1, "−1"), (2.084, "2.084"), (0.0232, "0.0232"),
      (-0.1768, "−0.1768"), (123456, "123456"), (1e6, "10⁶"), (1.5e-7, "1.5×10⁻⁷"),
      (0.0001234567, "0.0001235"), (99999.6, "99999.6"), (9.99999, "10.00"), (.infinity, "∞"), (-.infinity, "−∞"),
      (.nan, "NaN"), (1e300, "10³⁰⁰"), (.leastNonzeroMagnitude, "4.941×10⁻³²⁴"),
      // Rounded numbers keep their zeros, exact ones have none.
      (0.419974, "0.4200"), (0.42, "0.42"), (0.5, "0.5"), (1.99997, "2.000"), (1.29997e-7, "1.300×10⁻⁷"),
      (-1e-9, "−10⁻⁹"), (0.1 + 0.7, "0.8"),
      // What stands before the point is whole.
      (20164, "20164"), (-1_234_567, "−1234567"), (2_000_000, "2×10⁶"),
      (1_234_567.8, "1.235×10⁶"), (12_345_678_901, "1.235×10¹⁰"), (999_999.6, "1.000×10⁶"),
      // What is rounded does not look whole.
      (20164.4, "20164.4"), (2016.44, "2016.4"), (2016.01, "2016.0"), (201.64, "201.6"), (9999.97, "10000.0"),
    ] as [(Double, String)])
  func `four significant digits`(value: Double, text: String) {
    #expect(NumberFormat(precision: 4).text(value) == text)
  }

  @Test func `all digits before the point of a whole number are digits`() {
    let hundredThousand = NumberFormat(precision: 4).printed(100_000)
    #expect(hundredThousand.text == "100000")
    // 0.6667 × 300000 + 1.111×10⁻⁶ × (−9×10¹⁰), rounded factors of 100 000.
    #expect(!hundredThousand.admits(WideNumber(100_020, .rounded)))
    #expect(hundredThousand.admits(WideNumber(100_000.4, .rounded)))
  }

  @Test(
    arguments: [
      (1e15 + 0.5, "≈"), (1e15, "="), (0.1 + 0.2, "="), (0.7 + 0.1, "="), (1.4142135623730951, "="), (.infinity, "="),
      (.nan, "="), (0, "="), (-1e15 - 0.5, "≈"),
    ] as [(Double, String)])
  func `what looks exact and is another number is about it`(_ number: Double, _ sign: String) {
    #expect(NumberFormat(precision: 4).relation(to: number).rawValue == sign)
  }

  @Test(arguments: 1...12)
  func `digits are those of printf, whatever the number`(precision: Int) throws {
    var generator = SeededNumbers(seed: UInt64(precision))
    for _ in 0..<2000 {
      let exponent = Int.random(in: -30...30, using: &generator)
      // Halves to be rounded as often as numbers of many digits.
      let value =
        Bool.random(using: &generator)
        ? Double(Int.random(in: 1...99_999, using: &generator)) * pow(10, Double(exponent)) / 2
        : Double.random(in: 0.1..<10, using: &generator) * pow(10, Double(exponent))
      // To the twelve digits that any number has.
      let isWhole = value < 1e9 && Double(String(format: "%.11e", value)) == value.rounded()
      let limit = pow(10, Double(precision))
      guard !isWhole, value < 1e-5 || value >= max(1e7, limit) || value * 10 < limit else {
        // With all that stands before the point: to half a unit of the last digit, or exact.
        let shown = NumberFormat(precision: precision).printed(value)
        #expect(shown.admits(WideNumber(value, .rounded)), "\(value) to \(precision) digits: \(shown.text)")
        #expect(!isWhole || shown.value == WideNumber(value) || shown.isScientific)
        continue
      }
      let text = NumberFormat(precision: precision).text(-value)
      let plain = text.replacing("−", with: "-").replacing(/^(-?)10([⁻⁰-⁹¹²³].*)$/) { "\($0.1)1×10\($0.2)" }
        .replacing(/×10(.+)/) { match in
          let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
          return "e"
            + match.1.map { $0 == "⁻" ? "-" : String(digits.firstIndex(of: $0) ?? 0) }.joined()
        }
      let expected = String(format: "%.\(precision - 1)e", -value)
      #expect(Double(plain) == Double(expected), "\(value) to \(precision) digits")
    }
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
    ("w[1]", "w", "2"), ("W[0, 1]", "W", "1,2"), ("h1[0, 2]", "h", "1,1,3"), ("lay_er.w[0]", "lay_er.w", "1"),
    ("W[a]", "W[a]", ""), ("[0]", "[0]", ""), ("W[-1]", "W[-1]", ""), ("W[]", "W[]", ""),
  ])
  func `trailing digits become indices`(name: String, base: String, indices: String) {
    let typeset = TypesetName(name)
    #expect(typeset.base == base)
    #expect(typeset.indices.joined(separator: ",") == indices)
  }

  @Test(arguments: [
    ("x3_1", 2, "x₁⁽³⁾"), ("n4_3", 2, "n₄⁽³⁾"), ("ŷ12", 11, "ŷ⁽¹²⁾"), ("h1_2_3", 1, "h₁,₃⁽²⁾"), ("n2_2", 1, "n₂⁽²⁾"),
    ("bias", 0, "bias"), ("x1…", 3, "x₁⁽…⁾"), ("x[2, 0]", 2, "x₁⁽³⁾"), ("ŷ[11]", 11, "ŷ⁽¹²⁾"),
    ("x2[1, 4]", 1, "x₂,₅⁽²⁾"),
    ("x[…, 0]", 3, "x₁⁽…⁾"),
  ])
  func `a sample stands above the line`(name: String, lane: Int, shown: String) {
    #expect(TypesetName(name, lane: lane).flat == shown)
  }

  @Test func `what holds for every sample names none`() {
    #expect(TypesetName("n4_3", lane: 2).ofEverySample.flat == "n₄")
  }

  @Test(arguments: [
    (["x1_1", "x2_1", "x_2_1", "x_2_2"], ["x₁,₁", "x₂,₁", "x_2_1", "x_2_2"]),
    (["n4", "n_4", "n₄"], ["n4", "n_4", "n₄"]), (["n_4", "n4", "n_5"], ["n_4", "n₄", "n_5"]),
    (["w_1", "w_2", "w_3_1"], ["w₁", "w₂", "w₃,₁"]), (["x₁2", "x12"], ["x₁₂", "x12"]),
    (["w1", "w[0]", "w[1]"], ["w₁", "w[0]", "w[1]"]), (["h1[0]", "h[0, 0]"], ["h₁,₁", "h[0, 0]"]),
    (["a_1", "a_b_1", "b1"], ["a₁", "a_b_1", "b₁"]), (["w1_1", "w11"], ["w₁,₁", "w₁₁"]),
  ])
  func `names that would look alike are written as they were typed`(names: [String], shown: [String]) {
    let typeset = TypesetNames(names)
    #expect(names.map { typeset.flat($0) } == shown)
    let reversed = TypesetNames(names.reversed())
    #expect(Set(names.map { reversed.flat($0) }).count == names.count)
  }

  @Test(arguments: [
    ("exp(z)", "0"), ("sigmoid(z)", "0"), ("cos(z)", "0"), ("tanh(z)", "0"), ("relu(z)", "5.551×10⁻¹⁷"),
    ("z * 1e20", "5.551×10⁻¹⁷"),
  ])
  func `rounding is 0 where what is made of it does not show it`(formula: String, shown: String) throws {
    let graph = try Project.graph(program: "param a = 0.1\nz = a + 0.2 - 0.3\nloss L = \(formula)")
    let z = try #require(graph.withoutRounding().nodes.first { $0.name == "z" })
    #expect(NumberFormat(precision: 4).text(z.value[0]) == shown)
  }

  @Test func `a difference keeps the zeros that rounded numbers have`() {
    #expect(PrintedChange(1, 0.7499967, .init(precision: 4)).amount(1, 0.7499967) == "0.250")
    #expect(PrintedChange(1, 0.75, .init(precision: 4)).amount(1, 0.75) == "0.25")
  }
}
