import Foundation
import Testing

@testable import Autograd
@testable import GradvizGraph

/// Compares the engine with an independent evaluation: forward-mode derivatives with more digits, on random graphs.
///
/// `make numbers` runs 10 000 graphs of up to 1 000 operations, `make test` some of them.
@Suite("Numbers")
struct NumbersTests {
  /// The total number of graphs.
  static let count =
    ProcessInfo.processInfo.environment["GRADVIZ_NUMBERS"].flatMap(Int.init).map { max($0, 20) } ?? 200
  static let tolerance: Precise = 1e-10
  private static let parts = 20

  /// The difference relative to the larger of the two.
  ///
  /// Where terms cancel there is nothing that rounding would be relative to: a
  /// derivative smaller than a thousandth of the magnitude of its terms is taken for as large as that.
  static func distance(_ a: Double, _ b: Precise, scale: Precise = 0) -> Precise {
    let distance = (Precise(a) - b).magnitude
    if distance == 0 { return 0 }
    return distance / max(Precise(a).magnitude, b.magnitude, scale * 1e-3)
  }

  @Test(arguments: 0..<parts)
  func `forward, backward, update and formulas of numbers`(part: Int) throws {
    var worst: [String: Precise] = [:]
    for seed in stride(from: part, to: Self.count * 4 / 5, by: Self.parts) {
      var generator = SeededGenerator(state: UInt64(7_000_000 + seed))
      // Up to 1 000 operations, including the mean, with many small graphs.
      let size = Int.random(in: 1...999, using: &generator)
      try compareScalars(
        size: seed % 4 == 0 ? 999 : seed % 4 == 1 ? 1 + size / 20 : size, &generator, seed, &worst)
    }
    report("numbers, part \(part)", worst)
  }

  @Test(arguments: 0..<parts)
  func `forward, backward and update of arrays`(part: Int) {
    var worst: [String: Precise] = [:]
    for seed in stride(from: part, to: Self.count / 5, by: Self.parts) {
      var generator = SeededGenerator(state: UInt64(9_000_000 + seed))
      compareArrays(size: Int.random(in: 1...100, using: &generator), &generator, seed, &worst)
    }
    report("arrays, part \(part)", worst)
  }

  private func report(_ what: String, _ worst: [String: Precise]) {
    guard ProcessInfo.processInfo.environment["GRADVIZ_NUMBERS"] != nil else { return }
    let words = worst.sorted { $0.key < $1.key }.map { "\($0.key) \(Double($0.value))" }
    print("greatest distances: \(what): \(words.joined(separator: ", "))")
  }

  private func compareScalars(
    size: Int, _ generator: inout SeededGenerator, _ seed: Int, _ worst: inout [String: Precise]
  ) throws {
    func note(_ what: String, _ distance: Precise, _ place: @autoclosure () -> String) {
      self.note(what, distance, place(), seed, &worst)
    }
    let graph = RandomScalarGraph(operations: size, generator: &generator)
    let tape = Tape()
    let values = graph.recorded(on: tape, generator: &generator)
    let loss = try #require(values.last)
    let expected = graph.evaluated().map(\.value)
    for (index, value) in values.enumerated() {
      note("value", Self.distance(value.data, expected[index]), "\(index)")
    }

    // Every parameter, and some intermediate values.
    loss.backward()
    let inner = (0..<3).map { _ in Int.random(in: 0..<values.count, using: &generator) }
    let scales = termMagnitudes(graph, values)
    var gradients: [Int: Precise] = [:]
    for index in graph.parameters + inner {
      let derivative = graph.evaluated(by: index).last?.part ?? .nan
      gradients[index] = derivative
      note("gradient", Self.distance(values[index].gradient, derivative, scale: scales[index]), "\(index)")
    }

    // Formulas, evaluated with the independent values, from the loss back to the leaves.
    let exported = tape.graph(loss: loss, level: .scalar)
    try #require(exported.nodes.count == values.count, "one node a step")
    let symbolic = Symbolic(exported)
    for index in values.indices where exported.nodes[index].operation != nil {
      note(
        "formula of a value",
        Self.distance(Double(number(symbolic.definition(of: index), expected, [])), expected[index]), "\(index)")
    }
    let byFormula = gradientsByFormula(symbolic, expected)
    for (index, derivative) in gradients {
      note(
        "formula of a gradient",
        Self.distance(Double(byFormula[index] ?? 0), derivative, scale: scales[index]), "\(index)")
    }

    // One step of gradient descent, small enough to stay where the graph is smooth.
    let rate = 1e-4 / (1 + graph.parameters.reduce(0) { max($0, values[$1].gradient.magnitude) })
    tape.update(learningRate: rate)
    tape.replay()
    var moved: [Int: Precise] = [:]
    for index in graph.parameters {
      moved[index] = expected[index] - Precise(rate) * (gradients[index] ?? .nan)
      note("updated parameter", Self.distance(values[index].data, moved[index] ?? .nan), "\(index)")
    }
    for (index, value) in graph.evaluated(parameters: moved).enumerated() {
      note("value after the update", Self.distance(values[index].data, value.value), "\(index)")
    }
  }

  private func note(
    _ what: String, _ distance: Precise, _ place: @autoclosure () -> String, _ seed: Int,
    _ worst: inout [String: Precise]
  ) {
    worst[what] = max(worst[what] ?? 0, distance.isNaN ? .infinity : distance)
    if !(distance <= Self.tolerance) {
      Issue.record("seed \(seed): \(what) of \(place()) is off by \(distance)")
    }
  }

  /// The gradients by their formulas, from the loss back to the leaves; nil where there is none.
  private func gradientsByFormula(_ symbolic: Symbolic, _ values: [Precise]) -> [Precise?] {
    var gradients = [Precise?](repeating: nil, count: values.count)
    for index in values.indices.reversed() {
      guard let formula = symbolic.gradient(of: index) else { continue }
      if formula == .gradient(of: index) {
        // Too many uses to write out: one line for each.
        gradients[index] = symbolic.chainRule(of: index).reduce(0) {
          $0 + number($1.upstream, values, gradients) * number($1.local, values, gradients)
        }
      } else {
        gradients[index] = number(formula, values, gradients)
      }
    }
    return gradients
  }

  /// For each value, the sum of the magnitudes of the products along all paths to the loss.
  private func termMagnitudes(_ graph: RandomScalarGraph, _ values: [Value]) -> [Precise] {
    let tape = values[0].tape
    let nodes = tape.graph(loss: values.last, level: .scalar).nodes
    var result = [Precise](repeating: 0, count: values.count)
    result[values.count - 1] = 1
    for index in values.indices.reversed() {
      for (position, operand) in nodes[index].operands.enumerated() {
        result[operand] += result[index] * Precise((nodes[index].localDerivatives?[position] ?? 0).magnitude)
      }
    }
    return result
  }

  private func compareArrays(
    size: Int, _ generator: inout SeededGenerator, _ seed: Int, _ worst: inout [String: Precise]
  ) {
    func compare(_ what: String, _ own: [Double], _ expected: [Precise], _ place: Int) {
      // The terms of an array's entries have the magnitude of its largest, and of 1.
      let scale = expected.reduce(1) { max($0, $1.magnitude) }
      guard own.count == expected.count else {
        Issue.record("seed \(seed): \(what) of \(place) has \(own.count) entries, not \(expected.count)")
        return
      }
      for (a, b) in zip(own, expected) { note(what, Self.distance(a, b, scale: scale), "\(place)", seed, &worst) }
    }
    let graph = RandomArrayGraph(operations: size, generator: &generator)
    let tape = Tape()
    let values = graph.recorded(on: tape)
    guard let loss = values.last else {
      Issue.record("seed \(seed): the graph has no values")
      return
    }
    let expected = graph.evaluated()
    for (index, value) in values.enumerated() {
      if value.shape != expected[index].shape {
        Issue.record("seed \(seed): the shape of \(index) is \(value.shape), not \(expected[index].shape)")
      }
      compare("value", value.data, expected[index].entries.map(\.value), index)
    }
    loss.value.backward()
    var moved: [Int: [Precise]] = [:]
    var gradients: [Int: [Precise]] = [:]
    let inner = Int.random(in: 0..<values.count, using: &generator)
    for index in graph.parameters + [inner] {
      let gradient = expected[index].entries.indices.map { entry in
        graph.evaluated(by: (index, entry)).last?.entries[0].part ?? .nan
      }
      gradients[index] = gradient
      compare("gradient", values[index].gradient, gradient, index)
    }
    let rate =
      1e-4 / (1 + graph.parameters.flatMap { values[$0].gradient }.reduce(0) { max($0, $1.magnitude) })
    tape.update(learningRate: rate)
    tape.replay()
    for index in graph.parameters {
      moved[index] = zip(expected[index].entries, gradients[index] ?? []).map {
        $0.value - Precise(rate) * $1
      }
      compare("updated parameter", values[index].data, moved[index] ?? [], index)
    }
    for (index, value) in graph.evaluated(leaves: moved).enumerated() {
      compare("value after the update", values[index].data, value.entries.map(\.value), index)
    }
  }
}
