import GradvizGraph

extension Notation {
  /// The notation of a graph before it was folded: what has a box is named as there.
  init(whole: ComputationGraph, drawnAs folded: Notation) {
    let drawn = Set(folded.graph.nodes.filter { $0.fold == nil }.map(\.id))
    let whole = whole.named(asIn: folded.graph)
    self.init(
      graph: whole, format: folded.format, symbolic: Symbolic(whole, naming: { drawn.contains($0.id) }),
      words: folded.words)
  }

  /// The formula of a value's gradient, zeros where no number of it differs from 0; nil where no formula gives it.
  func gradient(of node: Int) -> Formula? {
    let value = graph.nodes[node]
    if let formula = symbolic.gradient(of: node), formula != .gradient(of: node) { return formula }
    guard let gradient = value.gradient, gradient.allSatisfy({ $0 == 0 }) else { return nil }
    return .filled(0, shape: value.shape)
  }
}

extension ComputationGraph {
  /// With the name of a box of several values for the one that it shows.
  func named(asIn folded: ComputationGraph) -> ComputationGraph {
    var names: [String: String] = [:]
    for box in folded.nodes where !box.isNameless {
      if let result = box.fold?.result { names[result] = box.name }
    }
    var result = self
    for index in result.nodes.indices {
      guard let name = names[result.nodes[index].id] else { continue }
      result.nodes[index].name = name
      result.nodes[index].isNamed = true
    }
    return result
  }
}

/// Where the values of a formula are that have no box of their own.
extension ValueText {
  /// `n₇, n₁₁ inside maps`, of a formula of the graph before it was folded; nothing if each of its values has a box.
  func insideBoxes(_ formula: Formula, size: Double) -> [Inline] {
    guard let whole else { return [] }
    var places: [(box: Int?, values: [Int])] = []
    for token in formula.typeset(in: whole.graph) {
      guard let value = token.value, let box = box(of: whole.graph.nodes[value]) else { continue }
      if let place = places.firstIndex(where: { $0.box == box.node }) {
        if !places[place].values.contains(value) { places[place].values.append(value) }
      } else {
        places.append((box.node, [value]))
      }
    }
    func text(_ words: String) -> Inline { notation.text(words, size: size, tint: .muted) }
    let count = places.reduce(0) { $0 + $1.values.count }
    guard count <= Self.maxInsideBoxes else { return [text(notation.words.insideBoxes(count))] }
    func name(_ node: Int, _ notation: Notation) -> [Inline] {
      notation.name(node, size: size, tint: .muted).map { .run($0) }
    }
    var result: [Inline] = []
    for place in places {
      for (number, value) in place.values.enumerated() {
        result += (result.isEmpty ? [] : [text(number == 0 ? "; " : ", ")]) + name(value, whole)
      }
      result.append(text(" " + (place.box == nil ? notation.words.notDrawn : notation.words.inside + " ")))
      if let box = place.box { result += name(box, notation) }
    }
    return result
  }

  /// Of more values it is only said how many there are.
  private static let maxInsideBoxes = 4

  /// What the one result of a box of several values is, in terms of what is drawn, and the notation it is in; nil where
  /// the box has several results, or the formula would need values that have no box.
  func definition(ofBox node: Int) -> (formula: Formula, notation: Notation)? {
    guard let whole, let result = graph.nodes[node].fold?.result,
      let index = whole.graph.nodes.firstIndex(where: { $0.id == result })
    else { return nil }
    func isDrawn(_ value: Int) -> Bool { box(of: whole.graph.nodes[value]) == nil }
    let formula = whole.symbolic.definition(of: index, stoppingAt: isDrawn)
    let values = formula.typeset(in: whole.graph).compactMap(\.value)
    return values.allSatisfy { isDrawn($0) && $0 != index } ? (formula, whole) : nil
  }

  /// The box of several values that a value is in, or none for one that is left out; nil for a value with a box of its
  /// own, for the result that a box is named after, for a layer's parameter, which bears its name, and for a number.
  private func box(of value: ComputationGraph.Node) -> (node: Int?, Void)? {
    if value.role == .parameter || value.role == .constant && !value.isNamed { return nil }
    if graph.nodes.contains(where: { $0.fold == nil && $0.id == value.id }) { return nil }
    let box = graph.nodes.firstIndex { $0.fold?.members.contains(value.id) ?? false }
    return box.map { graph.nodes[$0].name == value.name } ?? false ? nil : (box, ())
  }
}

extension MathToken {
  /// The value that it names, or whose gradient it names.
  fileprivate var value: Int? {
    switch self {
    case .name(let node), .gradientName(let node): node
    default: nil
    }
  }
}
