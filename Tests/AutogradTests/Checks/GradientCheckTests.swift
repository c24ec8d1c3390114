import Foundation
import GradvizTestSupport
import Testing

@testable import Autograd

@Suite("Gradients against slopes")
struct GradientCheckTests {
  private static let functions: [(name: String, at: [Double], function: @Sendable (Tensor) -> Tensor)] = [
    ("log", [1e-9, 1e-15, 1e-300], { log($0) }),
    ("sqrt", [1e-11, 1e-200], { sqrt($0) }),
    ("1/x", [1e-8, -1e-8, 1e-12], { 1 / $0 }),
    ("sin(1e5·x)", [1, 0.3, -2], { sin($0 * 1e5) }),
    ("sin(1e9·x)", [1, 0.3], { sin($0 * 1e9) }),
    ("x**-1.5", [1e-6, 1e-10], { $0 ** -1.5 }),
    ("x**0.1", [1e-12], { $0 ** 0.1 }),
    ("log near 1e-12", [1], { log($0 - (1 - 1e-12)) }),
    ("relu near its kink", [1, -1], { relu($0 - 0.999_999_999_999) + $0 }),
    ("abs near its kink", [1e-13, -1e-13], { abs($0) }),
    ("max near its kink", [1e-9], { max($0, $0 * $0) }),
    ("tanh(1e6·x)", [1e-7, 0], { tanh($0 * 1e6) }),
    ("exp(200·x)", [1, -1], { exp($0 * 200) }),
    ("softplus", [30, -30], { log(1 + exp($0)) }),
    ("x²", [0, 1e-9, 1e-170, 1e-300], { $0 ** 2 }),
    ("x³", [1e-120], { $0 ** 3 }),
    ("relu(x)²", [0], { relu($0) ** 2 }),
    ("sigmoid", [40, -40, 700], { sigmoid($0) }),
  ]

  @Test(arguments: functions.indices)
  func `right gradients agree near edges, on waves and beside kinks`(_ index: Int) throws {
    let (name, places, function) = Self.functions[index]
    for place in places {
      let tape = Tape()
      let x = tape.parameter(place, name: "x")
      let check = try #require(tape.check(function(Tensor(x)).value).first)
      #expect(check.passes && check.verdict != .kink, "\(name) at \(place): \(check)")
    }
    // The same in an array, beside a loss of ordinary size.
    let tape = Tape()
    let x = tape.parameter(places, name: "x")
    let other = tape.parameter(0.5, name: "w")
    for check in tape.check((function(x).sum() + Tensor(other ** 2)).value) {
      #expect(check.passes && check.verdict != .kink, "\(name): \(check)")
    }
  }

  @Test func `what turns is a kink, and only that`() {
    func verdict(_ place: Double, _ function: (Tensor) -> Tensor) -> GradientCheck.Verdict? {
      let tape = Tape()
      return tape.check(function(Tensor(tape.parameter(place, name: "x"))).value).first?.verdict
    }
    #expect(verdict(0) { relu($0) } == .kink)
    #expect(verdict(0) { relu($0) * 1e-9 + $0 * 1e-9 } == .kink)
    #expect(verdict(0) { abs($0) + relu($0) } == .kink)
    // A tie takes half of each side, which is what a central difference gives.
    #expect(verdict(2) { max($0, ($0 - 1) * 2) } == .agrees)
    #expect(verdict(1e-9) { relu($0 - 1e-9) * 0.3 + 0.5 } == .kink)
    // Where the logarithm of BCE is cut, at probability 1.
    #expect(verdict(1) { bce($0, $0) } == .kink)
    #expect(verdict(0) { sqrt($0) } == .notFinite)
    #expect(verdict(0) { abs($0) } == .agrees)
  }

  @Test func `wrong gradients differ, however small they are`() throws {
    for (place, function) in [
      (1e-9, { log($0) }), (1.0, { sin($0 * 1e5) }), (0.5, { $0 * 1e-12 + 1000 }), (2.0, { $0 ** 3 }),
    ] as [(Double, (Tensor) -> Tensor)] {
      let tape = Tape()
      let x = tape.parameter(place, name: "x")
      let loss = function(Tensor(x)).value
      loss.backward()
      let right = x.gradient
      var slopes = try #require(PreciseSlopes(tape, loss: loss.index))
      for factor in [2, 1.001, -1, 0] {
        #expect(
          slopes.compare(right * factor, leaf: x.index, 0)?.verdict == .differs, "\(factor) at \(place)")
      }
      #expect(slopes.compare(right, leaf: x.index, 0)?.verdict == .agrees, "\(place)")
    }
  }

  @Test func `a gradient of 0 may be what rounding leaves of its terms`() throws {
    let constant: [(name: String, at: [Double], function: (Tensor) -> Tensor)] = [
      ("mean of softmax", [2, 1.98199, -0.7], { ((sigmoid($0) + 0.25) ** -2.5).softmax().mean() * -3 }),
      ("x / x", [2.2, 2.23], { ($0 / $0).mean() }),
      ("x − x", [0.1, 1e5], { (exp(log($0)) - $0).sum() }),
      ("sin² + cos²", [0.3, 2.7], { (sin($0) ** 2 + cos($0) ** 2).sum() }),
      ("x · (1 / x)", [0.7, 1.3], { ($0 * (1 / $0)).sum() }),
      (
        "divergence of one distribution from itself", [2.5, 0.72693, 0.8, -1],
        {
          (sigmoid($0) * (log(sigmoid($0)) - logSigmoid($0))).sum()
        }
      ),
    ]
    for (name, places, function) in constant {
      let tape = Tape()
      let x = tape.parameter(places, name: "x")
      let loss = function(x).value
      for check in tape.check(loss) { #expect(check.passes, "\(name): \(check)") }
      // A wrong gradient is not rounding, however small compared with the loss.
      tape.replay()
      var slopes = try #require(PreciseSlopes(tape, loss: loss.index))
      let largest = (0..<places.count).map { TermSizes(tape, loss: loss.index).size(of: x.index, $0) }
      #expect(largest.allSatisfy { $0 > 0 }, "\(name)")
      for element in places.indices {
        let wrong = 1e-12 * largest[element]
        #expect(slopes.compare(wrong, leaf: x.index, element)?.verdict == .differs, "\(name)")
      }
    }
  }

  @Test func `steps below 0 are steps as well`() {
    // The slope in doubt takes twice the digits, which knows on which step each number stands.
    for function in [floor, ceil, round] as [(Value) -> Value] {
      let tape = Tape()
      let x = tape.parameter(-7.3, name: "x")
      for check in tape.check(function(x) + sin(x * 1e5)) { #expect(check.passes, "\(check)") }
    }
  }

  @Test func `what excuses a relative error of 1 is named`() throws {
    let tape = Tape()
    let (a, b) = (tape.parameter(1, name: "a"), tape.parameter(3, name: "b"))
    let loss = a * 1e3 + b * 1e-14 + 1e6
    let checks = tape.check(loss)
    #expect(checks[0].verdict == .agrees)
    guard case .agreesWithin(let tolerance) = checks[1].verdict else {
      #expect(checks[1].verdict == .agrees)
      return
    }
    #expect(checks[1].relativeError > 1e-3 && (checks[1].analytic - checks[1].numeric).magnitude <= tolerance)
  }
}

@Suite("Numbers of twice the digits")
struct TwofoldNumberTests {
  @Test func `functions have thirty digits`() {
    func distance(_ a: TwofoldNumber, _ high: Double, _ low: Double) -> Double {
      (a - TwofoldNumber(high, low)).high.magnitude / Swift.max(high.magnitude, 1e-300)
    }
    // The second parts are the remainders of 40-digit values.
    #expect(distance(TwofoldNumber(1).exponential, 2.718281828459045, 1.4456468917292502e-16) < 1e-30)
    #expect(distance(TwofoldNumber(2).logarithm, 0.6931471805599453, 2.3190468138462996e-17) < 1e-30)
    #expect(distance(TwofoldNumber(2).squareRoot, 1.4142135623730951, -9.667293313452913e-17) < 1e-30)
    #expect(distance(TwofoldNumber(1) / TwofoldNumber(3), 0.3333333333333333, 1.850371707708594e-17) < 1e-30)
  }

  @Test(arguments: 0..<40)
  func `identities hold`(_ seed: Int) {
    var random = SeededGenerator(state: UInt64(seed))
    let x = TwofoldNumber(Double.random(in: -20...20, using: &random)) / TwofoldNumber(7)
    let y = x * x + TwofoldNumber(0.001)
    func near(_ a: TwofoldNumber, _ b: TwofoldNumber) -> Bool {
      (a - b).high.magnitude <= 1e-28 * Swift.max(1, b.high.magnitude)
    }
    #expect(near(y.logarithm.exponential, y))
    #expect(near(x.sine * x.sine + x.cosine * x.cosine, TwofoldNumber(1)))
    #expect(near(y.squareRoot * y.squareRoot, y))
    #expect(near((x + x).sine, TwofoldNumber(2) * x.sine * x.cosine))
    let e = (x + x).exponential
    #expect(near(x.hyperbolicTangent, (e - TwofoldNumber(1)) / (e + TwofoldNumber(1))))
    #expect(near(x.sigmoid + (-x).sigmoid, TwofoldNumber(1)))
    #expect(near(y.raised(to: TwofoldNumber(2.5)), y * y * y.squareRoot))
  }
}

@Suite("Right gradients of random smooth functions agree with slopes")
struct GradientCheckLaw {
  @Test(arguments: 0..<Seeds.count(default: 60))
  func `random smooth functions near an edge agree`(_ seed: Int) throws {
    var random = SeededGenerator(state: UInt64(seed) &+ 99)
    func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }
    let size = pow(10, number(-13...0))
    let frequency = pow(10, number(0...6))
    let functions: [(Tensor) -> Tensor] = [
      { log($0) }, { sqrt($0) }, { 1 / $0 }, { $0 ** -2 }, { $0 ** 1.5 }, { sin($0 * frequency) },
      { cos($0 * frequency) }, { tanh($0 * frequency) }, { exp(-$0 * frequency) },
      { log($0) * sin($0 * frequency) },
      { sqrt($0) / (1 + $0 ** 2) }, { sigmoid(log($0)) },
    ]
    let outer = functions[Int.random(in: 0..<functions.count, using: &random)]
    let inner = functions[Int.random(in: 0..<functions.count, using: &random)]
    let isNested = Bool.random(using: &random)
    let isArray = Bool.random(using: &random)
    let tape = Tape()
    let factor = number(0.5...2)
    let x =
      isArray
      ? tape.parameter([size, size * 1.5, size * 0.7], name: "x") : Tensor(tape.parameter(size, name: "x"))
    var argument = isNested ? inner(x * factor) ** 2 + size : x * factor
    // Excludes waves of numbers too large to resolve one.
    let greatest = argument.data.map(\.magnitude).max() ?? 1
    if greatest > 10 { argument = argument / greatest }
    let value = outer(argument)
    let loss = (isArray ? value.sum() : value).value
    for check in tape.check(loss) where check.analytic.isFinite {
      #expect(check.passes && check.verdict != .kink, "\(check)")
    }
  }
}
