import Autograd
import GradvizSystem

extension Tape {
  /// Exports one training step as plain data: values, gradients of `loss`, and the parameters after an update with
  /// `learningRate`.
  ///
  /// The tape's values do not change.
  ///
  /// - Parameters:
  ///   - loss: the value to differentiate; nil omits gradients.
  ///   - level: whether to keep arrays or expand them into scalars.
  ///   - presentation: title, language and other display settings.
  /// - Complexity: three forward passes and a backward pass.
  public func graph(
    loss: Value?, level: ComputationGraph.Level,
    presentation: ComputationGraph.Presentation = .init()
  ) -> ComputationGraph {
    switch level {
    case .tensor:
      return export(
        loss: loss?.index, lanes: [Int?](repeating: nil, count: count), laneCount: 0, level: .tensor,
        presentation)
    case .scalar:
      let expansion = ScalarExpansion(self)
      var graph = expansion.tape.export(
        loss: loss.map { expansion.elements[$0.index][0] }, lanes: expansion.lanes,
        laneCount: expansion.laneCount, level: .scalar, entryWords: expansion.entryWords, presentation)
      let arrays = arrayNames
      for index in graph.nodes.indices where graph.nodes[index].isNamed {
        graph.nodes[index].array = arrays[graph.nodes[index].name]
      }
      return graph
    }
  }

  private func export(
    loss: Int?, lanes: [Int?], laneCount: Int, level: ComputationGraph.Level,
    entryWords: [Int: String] = [:], _ presentation: ComputationGraph.Presentation
  ) -> ComputationGraph {
    if let loss { backward(from: Value(tape: self, index: loss)) }
    let reached = loss.map { ReachedNodes(self, gradientFrom: $0) }
    let isKept = isInGraph(loss: loss)
    let kept = (0..<count).filter { isKept[$0] }
    var places = [Int: Int](minimumCapacity: kept.count)
    var nodes: [ComputationGraph.Node] = []
    var automatic = AutomaticNames(taken: givenNames, laneCount: laneCount)
    var identifiers = UniqueNames()
    for index in kept {
      places[index] = nodes.count
      let name = name(of: index)
      let shown = name ?? automatic.next(lane: lanes[index], isConstant: isLeaf(index))
      nodes.append(
        ComputationGraph.Node(
          id: identifiers.unique(Self.identifier(entryWords[index] ?? shown)), name: shown, isNamed: name != nil,
          role: index == loss ? .loss : role(of: index),
          operation: operation(of: index),
          operands: operands(of: index).compactMap { places[$0] },
          exponent: exponent(of: index),
          axis: axis(of: index), position: position(of: index), shape: shape(of: index), value: values(of: index),
          gradient: reached?.contains(index) == true ? gradient(of: index) : nil,
          localDerivatives: level == .scalar ? localDerivatives(of: index) : nil, lane: lanes[index],
          scope: isLeaf(index) ? nil : scope(of: index), source: source(of: index)))
    }
    var graph = ComputationGraph(
      level: level, nodes: nodes, loss: loss.flatMap { places[$0] }, laneCount: laneCount,
      learningRate: nextLearningRate,
      updateRule: optimizer?.rule, presentation: presentation)
    if let loss, graph.learningRate != nil { rehearse(Value(tape: self, index: loss), places, &graph) }
    return graph
  }

  private func rehearse(_ loss: Value, _ places: [Int: Int], _ graph: inout ComputationGraph) {
    let rehearsal = rehearseUpdate(of: loss)
    for parameter in rehearsal.parameters {
      guard let at = places[parameter.node] else { continue }
      graph.nodes[at].updated = parameter.updated
      if graph.nodes[at].gradient != nil { graph.nodes[at].updateTerms = parameter.terms }
    }
    graph.updateStep = rehearsal.step
    graph.lossAfterUpdate = rehearsal.lossAfter
  }

  /// An identifier of ASCII letters, digits and `_` for a name, with Greek letters and the hat spelled out.
  static func identifier(_ name: String) -> String {
    var result = ""
    for scalar in name.decomposedScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_", ".": result.unicodeScalars.append(scalar)
      case "\u{302}": result += "_hat"
      case "\u{304}": result += "_bar"
      case "\u{303}": result += "_tilde"
      default: result += greek[scalar] ?? "u" + String(scalar.value, radix: 16)
      }
    }
    if let first = result.unicodeScalars.first, !("0"..."9").contains(first) && first != "." { return result }
    return "v" + result
  }

  private static let greek: [Unicode.Scalar: String] = [
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
    "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
  ]
}

/// Generates `n1`, `n2`, … for intermediate values, restarting in each lane, and `c1`, … for constants.
private struct AutomaticNames {
  private var taken: Set<String>
  private let hasLanes: Bool
  private var counts: [String: Int] = [:]

  init(taken: [String], laneCount: Int) {
    self.taken = Set(taken.map(Self.asWritten))
    hasLanes = laneCount > 0
  }

  /// `n4` for names that a figure would write alike, `n₄`, `n_4` and `n[3]`: each symbol stands for one value.
  private static func asWritten(_ name: String) -> String {
    let digits: [Character] = ["₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"]
    let entry = EntryName.parse(name).map { entry in
      entry.array + "_" + entry.indices.map { "\($0 + 1)" }.joined(separator: "_")
    }
    let plain = String((entry ?? name).map { digits.firstIndex(of: $0).map { Character(String($0)) } ?? $0 })
    let parts = plain.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count > 1, parts[0].last?.isLetter == true else { return plain }
    return parts[0] + parts[1] + parts.dropFirst(2).map { "_\($0)" }.joined()
  }

  mutating func next(lane: Int?, isConstant: Bool) -> String {
    let prefix = isConstant ? "c" : hasLanes && lane == nil ? "m" : "n"
    let suffix = lane.map { "_\($0 + 1)" } ?? ""
    while true {
      counts[prefix + suffix, default: 0] += 1
      let name = "\(prefix)\(counts[prefix + suffix] ?? 0)\(suffix)"
      if taken.insert(name).inserted { return name }
    }
  }
}
