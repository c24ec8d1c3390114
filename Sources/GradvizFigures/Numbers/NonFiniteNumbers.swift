import GradvizGraph

/// Finds where numbers stop being finite: NaN or infinite results of finite operands.
struct NonFiniteNumbers {
  enum Origin: Equatable {
    case value(Int)
    case gradient(Int)
    case updated(Int)
    case lossAfterUpdate
  }

  let origins: [Origin]
  private let graph: ComputationGraph

  /// - Complexity: O(numbers of the graph)
  init(_ graph: ComputationGraph) {
    self.graph = graph
    let nodes = graph.nodes
    func isFinite(_ numbers: [Double]?) -> Bool { numbers?.allSatisfy(\.isFinite) ?? true }
    let values = nodes.map { isFinite($0.value) }
    let gradients = nodes.map { isFinite($0.gradient) }
    var origins = nodes.indices.filter { !values[$0] && nodes[$0].operands.allSatisfy { values[$0] } }
      .filter { !Self.isMask(nodes[$0]) || !Self.isAbsorbed($0, nodes, values) }
      .map { Origin.value($0) }
    if gradients.contains(false) {
      var hasFiniteUsers = [Bool](repeating: true, count: nodes.count)
      for index in nodes.indices where !gradients[index] {
        for operand in nodes[index].operands { hasFiniteUsers[operand] = false }
      }
      origins += nodes.indices.reversed().filter {
        !gradients[$0] && hasFiniteUsers[$0] && nodes[$0].role != .constant
      }
      .map { .gradient($0) }
    }
    origins += nodes.indices.filter { values[$0] && gradients[$0] && !isFinite(nodes[$0].updated) }
      .map { .updated($0) }
    if let after = graph.lossAfterUpdate, !after.isFinite, let loss = graph.loss, values[loss],
      nodes.allSatisfy({ isFinite($0.updated) })
    {
      origins.append(.lossAfterUpdate)
    }
    self.origins = origins
  }

  /// A constant, or what a recorder has as scores filled with one.
  private static func isMask(_ node: ComputationGraph.Node) -> Bool {
    node.role == .constant || node.facts?.operation?.hasPrefix("masked_fill") ?? false
  }

  /// Whether only finite numbers are made of an infinite constant in the end: the mask of an attention is −∞, and the softmax
  /// behind it 0.
  private static func isAbsorbed(_ constant: Int, _ nodes: [ComputationGraph.Node], _ isFinite: [Bool]) -> Bool {
    var (reached, isUsed): (Set<Int>, Set<Int>) = ([constant], [])
    for index in nodes.indices where index > constant {
      let own = nodes[index].operands.filter { reached.contains($0) }
      isUsed.formUnion(own)
      if !own.isEmpty, !isFinite[index] { reached.insert(index) }
    }
    return reached.allSatisfy { isUsed.contains($0) && ![.prediction, .loss].contains(nodes[$0].role) }
  }

  /// `∂L/∂v is −∞`, with the formula of a computed value.
  ///
  /// - Parameter inFigure: whether names have their subscripts, `n₁`; elsewhere they are as the program writes them.
  private func sentence(_ origin: Origin, _ notation: Notation, inFigure: Bool) -> String {
    func name(_ index: Int) -> String { inFigure ? notation.flatName(index) : graph.nodes[index].name }
    func bad(_ numbers: [Double]?) -> String {
      notation.format.text(numbers?.first { !$0.isFinite } ?? .nan)
    }
    let loss = graph.loss.map(name) ?? "L"
    switch origin {
    case .value(let index):
      let node = graph.nodes[index]
      let definition = notation.symbolic.definition(of: index, inlining: false)
      let formula = inFigure ? notation.line(definition).plain : notation.plain(definition)
      let isKnown = !node.isLeaf && formula != name(index)
      return notation.words.isNumber(name(index) + (isKnown ? " = \(formula)" : ""), bad(node.value))
    case .gradient(let index):
      return notation.words.isNumber("∂\(loss)/∂\(name(index))", bad(graph.nodes[index].gradient))
    case .updated(let index):
      return notation.words.isNumberAfterUpdate(name(index), bad(graph.nodes[index].updated))
    case .lossAfterUpdate:
      return notation.words.isNumberAfterUpdate(loss, bad(graph.lossAfterUpdate.map { [$0] }))
    }
  }

  /// The warnings in the panels of these stages, the first of each kind, and the number of others.
  func sentences(_ stages: [Stage], maxCount: Int, _ notation: Notation, inFigure: Bool) -> [String] {
    stages.flatMap { stage in
      let own = origins.filter { Self.stage($0) == stage }
      return own.prefix(maxCount).map { sentence($0, notation, inFigure: inFigure) }
        + (own.count > maxCount ? [notation.words.more(own.count - maxCount)] : [])
    }
  }

  /// The stage that computes the number.
  private static func stage(_ origin: Origin) -> Stage {
    switch origin {
    case .value: .forward
    case .gradient: .backward
    case .updated, .lossAfterUpdate: .update
    }
  }
}

extension ComputationGraph {
  /// One sentence, in the graph's language, for each number that is NaN or infinite although its operands are
  /// finite: values, gradients, then updated parameters; at most four of each.
  ///
  /// - Parameter values: whether to include values of the forward pass.
  /// - Complexity: O(numbers in the graph)
  package func nonFiniteWarnings(values: Bool) -> [String] {
    let numbers = NonFiniteNumbers(self)
    guard !numbers.origins.isEmpty else { return [] }
    let notation = Notation(
      graph: self, format: Words(presentation).numbers(4), symbolic: Symbolic(self), words: Words(presentation))
    return numbers.sentences((values ? [.forward] : []) + [.backward, .update], maxCount: 4, notation, inFigure: false)
  }
}
