import Foundation
import Testing

@testable import Autograd

@Suite("Hyperbolic tangent")
struct HyperbolicTangentTests {
  @Test(arguments: [0.1, 0.625, 1, 3, 25])
  func `within two units in the last place of the C library's in extended precision`(bound: Double) {
    var generator = SeededGenerator(state: UInt64(bound * 1000))
    for _ in 0..<20_000 {
      let x = Double.random(in: -bound...bound, using: &generator)
      let expected = tanh(Precise(x))
      // If `Precise` is `Double`, the library's own error is added.
      let most: Precise = Precise.significandBitCount > 52 ? 1.5 : 4
      let error = (Precise(HyperbolicTangent.value(x)) - expected).magnitude / Precise(Double(expected).ulp)
      #expect(error <= most, "tanh \(x)")
    }
  }

  @Test func `odd, and right at its ends`() {
    for x in [
      0, .leastNonzeroMagnitude, 1e-300, 1e-8, 0.624_999_999_999, 0.625, 1, 19, 20, 354, 355, 710, 1e308,
      .infinity,
    ] {
      let y = HyperbolicTangent.value(x)
      #expect(HyperbolicTangent.value(-x) == -y)
      #expect(HyperbolicTangent.value(-x).sign == .minus)
      #expect(y <= 1 && (x < 1e-7 ? y == x : y < x))
    }
    #expect(HyperbolicTangent.value(.infinity) == 1)
    #expect(HyperbolicTangent.value(20) == 1)
    #expect(HyperbolicTangent.value(.nan).isNaN)
  }
}
