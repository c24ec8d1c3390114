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
  package static func programs(
    default count: Int, _ kinds: [RandomProgram.Kind] = RandomProgram.Kind.allCases
  ) -> [RandomProgram] {
    (0..<Self.count(default: count)).map {
      RandomProgram(seed: UInt64($0), kind: kinds[$0 % kinds.count])
    }
  }
}
