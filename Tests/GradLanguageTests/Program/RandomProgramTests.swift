import GradvizTestSupport
import Testing

@testable import GradLanguage

/// The random programs for laws are valid, finite and small, and together cover the language.
@Suite("Random programs")
struct RandomProgramTests {
  @Test(arguments: RandomProgram.Kind.allCases)
  func `each is a program with finite values and gradients, small enough to be drawn`(
    kind: RandomProgram.Kind
  ) {
    for seed in 0..<UInt64(Seeds.count(default: 150)) {
      let names: RandomProgram.Names = seed % 3 == 2 ? .alike : .ordinary
      let random = RandomProgram(seed: seed, kind: kind, names: names)
      #expect(random.source == RandomProgram(seed: seed, kind: kind, names: names).source)
      #expect(diagnostics(random.source) == "", "\(random)")
      guard let program = try? parse(random.source) else { continue }
      let graph = program.graph()
      let numbers = graph.nodes.flatMap { $0.value + ($0.gradient ?? []) }
      #expect(numbers.allSatisfy { $0.isFinite }, "\(random)")
      #expect(graph.loss != nil, "\(random)")
      #expect((3...400).contains(graph.nodes.count), "\(graph.nodes.count) values: \(random)")
    }
  }

  @Test func `each program over the functions of arrays is valid, and its gradients are slopes`() throws {
    for seed in 0..<UInt64(Seeds.count(default: (ArrayProgram.expressions.count + 2) / 3)) {
      let random = ArrayProgram(seed: seed)
      #expect(diagnostics(random.source) == "", "\(random)")
      guard let recording = try? parse(random.source).record(), let loss = recording.loss else { continue }
      for check in recording.tape.check(loss) { #expect(check.passes, "\(check) in \(random)") }
      let (arrays, scalars) = (
        try parse(random.source).graph(level: .tensor), try parse(random.source).graph(level: .scalar)
      )
      for graph in [arrays, scalars] {
        #expect(graph.recomputed().problems.isEmpty, "\(graph.recomputed().problems) in \(random)")
      }
      let value = arrays.nodes[try #require(arrays.loss)].value[0]
      #expect(abs(value - scalars.nodes[try #require(scalars.loss)].value[0]) < 1e-12, "\(random)")
    }
  }

  @Test func `between them they have every word of the language but the files`() {
    let text =
      (0..<400).map { seed in
        RandomProgram(seed: UInt64(seed), kind: RandomProgram.Kind.allCases[seed % 4]).source
      }.joined() + ArrayProgram.expressions.joined(separator: "\n")
    let words = Set(text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    let left = ["csv", "characters", "argmax", "stage"]
    for word in Vocabulary.keywordNames + Vocabulary.functionNames where !left.contains(word) {
      #expect(words.contains(word), "\(word)")
    }
    for operation in ["+", "-", "*", "/", "@", "**", ".T", "[:, "] {
      #expect(text.contains(operation), "\(operation)")
    }
  }
}
