import Foundation
import GradvizTestSupport
import Testing

@Suite("Tmp") struct TmpTests {
  @Test func `write them`() throws {
    for seed in 0..<24 {
      let kinds = RandomProgram.Kind.allCases
      let program = RandomProgram(seed: UInt64(seed), kind: kinds[seed % kinds.count])
      try program.source.write(toFile: "/tmp/rows/seed\(seed).grad", atomically: true, encoding: .utf8)
    }
  }
}
