import Autograd

/// A graph on a tape of its own, with the graph's numbers in place of the tape's.
struct GraphRecomputation {
  private let graph: ComputationGraph
  private let tape = Tape()
  /// The tape node of each graph node.
  private var places: [Int] = []
  /// The first tape node of each graph node: an operation of another framework takes several.
  private var starts: [Int] = []
  /// The values and gradients computed from the leaves alone: a number that agrees with these is correct even
  /// if one of its operands is not.
  private let pure: PureNumbers
  private var result = GraphReport()
  /// What a recorder left out, of the nodes whose operations are known.
  private(set) var missingGradients: [(node: Int, gradient: [Double])] = []
  private(set) var missingDerivatives: [(node: Int, derivatives: [Double])] = []
  /// Relative, from the number of digits in the graph.
  private let tolerance: Double
  private var isWhole = true

  init(_ graph: ComputationGraph) {
    self.graph = graph
    pure = PureNumbers(graph)
    tolerance = Self.tolerance(graph)
    for (index, node) in graph.nodes.enumerated() { record(node, index) }
  }

  mutating func report() -> GraphReport {
    findDetached()
    compareGradients()
    compareUpdates()
    return result
  }

  /// Numbers of four to seven digits are assumed to be rounded.
  private static func tolerance(_ graph: ComputationGraph) -> Double {
    var digits = 0
    var budget = 4096
    for node in graph.nodes where budget > 0 {
      for number in node.value.prefix(64) + (node.gradient ?? []).prefix(64) where number.isFinite {
        budget -= 1
        digits = max(digits, significantDigits(number))
      }
    }
    // Types of few digits, whose numbers were rounded several times.
    let types = graph.nodes.compactMap { $0.facts?.type }
    let least = types.contains("bfloat16") ? 3e-3 : types.contains("float16") ? 3e-4 : 1e-6
    guard (4...7).contains(digits) else { return least }
    return max(least, (0..<(digits - 1)).reduce(1) { power, _ in power / 10 })
  }

  private static func significantDigits(_ number: Double) -> Int {
    guard number != number.rounded() else { return 0 }
    let mantissa = "\(number.magnitude)".prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
    return mantissa.count
  }

  private func agree(_ a: Double, _ b: Double, floor: Double) -> Bool {
    if a == b || a.isNaN && b.isNaN { return true }
    guard a.isFinite, b.isFinite else { return false }
    return (a - b).magnitude <= 10 * tolerance * max(a.magnitude, b.magnitude) + tolerance * floor
  }

  // MARK: Values

  private mutating func record(_ node: ComputationGraph.Node, _ index: Int) {
    let operands = node.operands.map { places[$0] }
    starts.append(tape.count)
    guard let place = tape.append(node, operands) else {
      if !node.isLeaf {
        isWhole = false
        let name = node.operationName ?? node.name
        if !result.asRecorded.contains(name) { result.asRecorded.append(name) }
      }
      places.append(tape.array(node.value, shape: node.shape, role: node.role, name: node.name).index)
      return
    }
    places.append(place)
    tape.setLabel(node.name, node.role, of: place)
    result.values += node.value.count
    let own = tape.values(of: place)
    let other = pure.values(of: index)
    let wrong = node.value.indices.first { entry in
      let given = node.value[entry]
      if agree(given, own[entry], floor: 0) || agree(given, other[entry], floor: 0) { return false }
      let floor = condition(node, index, own, operands)
      return !agree(given, own[entry], floor: floor) && !agree(given, other[entry], floor: floor)
    }
    if let wrong {
      result.problems.append(
        GraphProblem(
          kind: .value, subject: entry(node, wrong), given: node.value[wrong], expected: own[wrong],
          source: node.facts?.operation.map { "`\($0)` gives" } ?? "`\(tape.code(of: place))` gives", node: node.id,
          entry: plainEntry(node, wrong)))
    }
    if let local = node.localDerivatives, let expected = tape.localDerivatives(of: place) {
      for (position, pair) in zip(local, expected).enumerated() where !agree(pair.0, pair.1, floor: 1e-3) {
        let problem = GraphProblem(
          kind: .localDerivative,
          subject: "the derivative of `\(node.name)` by `\(graph.nodes[node.operands[position]].name)`",
          given: pair.0, expected: pair.1, source: "`\(tape.code(of: place))` gives", node: node.id,
          entry: node.name)
        // Of both operands of a square it is said once.
        if result.problems.last?.description != problem.description { result.problems.append(problem) }
      }
    }
    if node.localDerivatives == nil, graph.level == .scalar, let local = tape.localDerivatives(of: place),
      local.count == node.operands.count
    {
      missingDerivatives.append((index, local))
    }
    tape.overwrite(node.value, of: place)
  }

  /// The same of an operation of another framework: the greatest number on the way.
  private func condition(_ node: ComputationGraph.Node, _ index: Int, _ own: [Double], _ operands: [Int]) -> Double {
    guard node.facts?.operation != nil else {
      return Self.condition(node, own, operands.map { tape.values(of: $0) })
    }
    return ((starts[index]..<tape.count).map { $0 } + operands).reduce(1) { greatest, place in
      tape.values(of: place).reduce(greatest) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    }
  }

  /// The condition number: the relative change of a value per relative change of its operands.
  private static func condition(_ node: ComputationGraph.Node, _ own: [Double], _ operands: [[Double]])
    -> Double
  {
    func greatest(_ numbers: [Double]) -> Double {
      numbers.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    }
    let (x, y) = (greatest(operands.first ?? []), greatest(own))
    switch node.operation {
    case .matrixMultiply:
      return x * greatest(operands[1]) * Double(max(operands[0].count, operands[1].count, 1))
    case .add, .subtract: return x + greatest(operands.last ?? [])
    case .sum:
      return operands.count > 1 ? operands.reduce(0) { $0 + greatest($1) } : x * Double(operands[0].count)
    case .mean, .maximumReduction, .minimumReduction, .logSumExp:
      return operands.reduce(0) { max($0, greatest($1)) }
    case .exp, .power, .softmax: return y * (1 + x + greatest(operands.last ?? []))
    case .sin, .cos, .log, .clampedLog, .log1p, .log2, .log10, .erf, .asin, .acos, .atan, .tan: return 1 + x
    default: return y
    }
  }

  private func entry(_ node: ComputationGraph.Node, _ place: Int) -> String { "`\(plainEntry(node, place))`" }

  private func plainEntry(_ node: ComputationGraph.Node, _ place: Int) -> String {
    EntryName.text(node.name, node.shape, place)
  }

  // MARK: Gradients

  private mutating func findDetached() {
    for (index, operands) in graph.detachedNodes() {
      result.problems.append(
        GraphProblem(
          kind: .detached, subject: "`\(graph.nodes[index].name)`", given: 0, expected: 0,
          source: operands.map { "`\(graph.nodes[$0].name)`" }.joined(separator: ", "), node: graph.nodes[index].id,
          entry: graph.nodes[index].name))
    }
  }

  /// Propagates the graph's own gradients back from the loss and compares each with the sum over its uses.
  private mutating func compareGradients() {
    guard let loss = graph.loss else { return }
    let nodes = graph.nodes
    let greatest = nodes.reduce(0.0) { total, node in
      (node.gradient ?? []).reduce(total) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    }
    let start = Value(tape: tape, index: places[loss])
    let reached = ReachedNodes(tape, from: start.index)
    tape.beginBackward(from: start)
    var problems: [GraphProblem] = []
    var flow = RecordedFlow(graph)
    for index in nodes.indices.reversed() {
      let (node, place) = (nodes[index], places[index])
      let isReached = place <= start.index && reached.contains(place) || flow.isFed(index)
      if let given = node.gradient, node.hasNumbers {
        if !flow.isUnknown(index) {
          let expected = isReached ? tape.gradient(of: place) : [Double](repeating: 0, count: given.count)
          result.gradients += given.count
          if let problem = compare(given, expected, index, floor: 0.1 * greatest) { problems.append(problem) }
        }
        if isReached || flow.isUnknown(index) { tape.setGradient(given, of: place) }
      }
      if node.gradient == nil, isReached, !flow.isUnknown(index), node.facts?.requiresGradient != false, node.hasNumbers
      {
        missingGradients.append((index, tape.gradient(of: place)))
      }
      flow.passBack(
        index, isKnown: node.isLeaf || place < starts[index] || tape.operation(of: place) != nil)
      guard isReached || flow.isUnknown(index) && node.gradient != nil else { continue }
      flow.feed(index)
      for own in (min(starts[index], place)...place).reversed() { tape.passBack(own) }
    }
    result.problems += problems.reversed()
  }

  private func compare(_ given: [Double], _ expected: [Double], _ index: Int, floor: Double) -> GraphProblem? {
    let other = pure.gradient(of: index)
    let wrong = given.indices.first {
      !agree(given[$0], expected[$0], floor: floor) && !agree(given[$0], other[$0], floor: floor)
    }
    guard let wrong else { return nil }
    let times = (given[wrong] / expected[wrong]).rounded()
    let isMultiple =
      (2...100).contains(times)
      && zip(given, expected).allSatisfy { agree($0, $1 * times, floor: floor * times) }
    let passes = graph.nodes[index].facts?.contributions ?? []
    let isSum = passes.count > 1 && agree(passes.last?[wrong] ?? .nan, expected[wrong], floor: floor)
    return GraphProblem(
      kind: isMultiple ? .accumulated(times: Int(times)) : isSum ? .added(passes: passes.count) : .gradient,
      subject: "the gradient of \(entry(graph.nodes[index], wrong))", given: given[wrong],
      expected: expected[wrong],
      source: index == graph.loss ? "a loss has by itself" : "its uses give", node: graph.nodes[index].id,
      entry: plainEntry(graph.nodes[index], wrong))
  }

  // MARK: The update

  private mutating func compareUpdates() {
    guard let rate = graph.learningRate, graph.updateRule == nil else {
      result.updatesAsRecorded = graph.nodes.reduce(0) { $0 + ($1.role == .parameter ? $1.updated?.count ?? 0 : 0) }
      return
    }
    for (index, node) in graph.nodes.enumerated() where node.role == .parameter {
      guard let updated = node.updated else { continue }
      result.updates += updated.count
      let expected = zip(node.value, node.gradient ?? pure.gradient(of: index)).map { $0 - rate * $1 }
      let other = zip(node.value, pure.gradient(of: index)).map { $0 - rate * $1 }
      let wrong = updated.indices.first {
        let floor = node.value[$0].magnitude
        return !agree(updated[$0], expected[$0], floor: floor) && !agree(updated[$0], other[$0], floor: floor)
      }
      guard let wrong else { continue }
      result.problems.append(
        GraphProblem(
          kind: .update, subject: "\(entry(node, wrong)) after the update", given: updated[wrong],
          expected: expected[wrong], source: "the step along its gradient gives", node: node.id,
          entry: plainEntry(node, wrong)))
    }
    compareLossAfterUpdate()
  }

  private mutating func compareLossAfterUpdate() {
    let parameters = graph.nodes.indices.filter {
      graph.nodes[$0].role == .parameter && graph.nodes[$0].isLeaf
    }
    guard let given = graph.lossAfterUpdate, let loss = graph.loss, isWhole, result.problems.isEmpty,
      !parameters.isEmpty, parameters.allSatisfy({ graph.nodes[$0].updated != nil })
    else { return }
    for index in parameters { tape.setValues(graph.nodes[index].updated ?? [], of: places[index]) }
    tape.replay()
    result.updates += 1
    let own = tape.number(places[loss])
    let floor = graph.nodes.reduce(0.0) { total, node in
      node.value.reduce(total) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    }
    // Rounding errors add up over the whole forward pass.
    guard !agree(given, own, floor: 10 * floor) else { return }
    result.problems.append(
      GraphProblem(
        kind: .update, subject: "the loss after the update", given: given, expected: own,
        source: "the updated parameters give", entry: graph.nodes[loss].name))
  }
}

extension ComputationGraph {
  /// Recomputes a graph's numbers: every value from its operands, every gradient from those of its uses, the local
  /// derivatives, and plain gradient descent.
  ///
  /// A wrong number is reported where it first occurs, not again wherever it is used. Numbers must agree to the
  /// digits that the graph has, at most six.
  ///
  /// - Precondition: the graph's parts fit each other, as those of a tape's graph and of a file's do.
  /// - Complexity: O(operations), a few forward and backward passes.
  public func recomputed() -> GraphReport {
    let misfit = misfit
    precondition(misfit == nil, misfit ?? "")
    var recomputation = GraphRecomputation(self)
    return recomputation.report()
  }
}
