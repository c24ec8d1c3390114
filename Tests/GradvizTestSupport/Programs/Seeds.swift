import Autograd
import Foundation

/// How many random programs a law looks at.
package enum Seeds {
  /// - Parameter count: how many fit into the law's share of `make test`.
  /// - Returns: `GRADVIZ_SEEDS` where it is set, as `make laws SEEDS=…` does.
  package static func count(default count: Int) -> Int {
    ProcessInfo.processInfo.environment["GRADVIZ_SEEDS"].flatMap(Int.init) ?? count
  }

  /// The seeds of a law, all kinds of programs in turn: seed 0 is a program of numbers, seed 1 one of arrays,
  /// ….
  ///
  /// - Parameters:
  ///   - count: how many fit into the law's share of `make test`.
  ///   - kinds: what the law is about.
  ///   - names: what values are called.
  package static func programs(
    default count: Int, _ kinds: [RandomProgram.Kind] = RandomProgram.Kind.allCases,
    names: RandomProgram.Names = .ordinary
  ) -> [RandomProgram] {
    (0..<Self.count(default: count)).map {
      RandomProgram(seed: UInt64($0), kind: kinds[$0 % kinds.count], names: names)
    }
  }
}

/// Choices made from a seed.
package struct RandomChoices {
  private var generator: SeededNumbers

  package init(seed: UInt64) { generator = SeededNumbers(seed: seed) }

  /// 0 ..< `count`.
  package mutating func below(_ count: Int) -> Int { Int(generator.next() % UInt64(max(count, 1))) }

  package mutating func between(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * generator.drawUniform()
  }

  package mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

  package mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    generator.drawOrder(of: elements.count).map { elements[$0] }
  }
}
