import Autograd
import GradvizGraph

/// The words about a step that another program recorded.
extension Words {
  func noGradientRecorded(_ names: String) -> String {
    word("no gradient recorded for \(names)", "aucun gradient enregistré pour \(names)")
  }
  func noGradients(_ title: String) -> String {
    word("\(title). No gradient is recorded.", "\(title). Aucun gradient n’est enregistré.")
  }
  /// What recomputing the step has found, in a line.
  package func finding(_ problem: GraphProblem, loss: String, _ format: NumberFormat) -> String {
    let (entry, given, expected) = (problem.entry, format.text(problem.given), format.text(problem.expected))
    let slope = "∂\(loss)/∂\(entry)"
    switch problem.kind {
    case .value:
      return word(
        "value off: \(entry) is \(given), recomputed \(expected)",
        "valeur fausse : \(entry) vaut \(given), recalculée \(expected)")
    case .gradient:
      return word(
        "gradient off: \(slope) is \(given), its uses give \(expected)",
        "gradient faux : \(slope) vaut \(given), ses utilisations donnent \(expected)")
    case .accumulated(let times):
      return word(
        "gradient \(times) times: \(slope) is \(given) = \(times) × \(expected), accumulated; zero_grad is missing",
        "gradient \(times) fois : \(slope) vaut \(given) = \(times) × \(expected), accumulé ; il manque zero_grad")
    case .added(let passes):
      return word(
        "gradient accumulated: \(slope) is \(given), of which this pass gives \(expected) (\(passes) passes); zero_grad is missing",
        "gradient accumulé : \(slope) vaut \(given), dont cette passe donne \(expected) (\(passes) passes) ; il manque zero_grad"
      )
    case .localDerivative:
      return word(
        "slope off: at \(entry) it is \(given), recomputed \(expected)",
        "pente fausse : en \(entry) elle vaut \(given), recalculée \(expected)")
    case .update:
      return word(
        "update off: \(entry) is \(given) after the step, the rule gives \(expected)",
        "mise à jour fausse : \(entry) vaut \(given) après le pas, la règle donne \(expected)")
    case .detached:
      return word(
        "detached: no gradient passes from \(entry) back to \(problem.source.filter { $0 != "`" })",
        "détaché : aucun gradient ne revient de \(entry) vers \(problem.source.filter { $0 != "`" })")
    }
  }

  /// The operations that are drawn as they were recorded.
  func asRecorded(_ names: [String]) -> String {
    let list = names.prefix(4).joined(separator: ", ") + (names.count > 4 ? ", …" : "")
    return word("as recorded, not recomputed: \(list)", "tel qu’enregistré, sans recalcul : \(list)")
  }

  var errorHere: String { word("error", "erreur") }
  func endedBy(_ error: String) -> String { word("ended by \(error)", "arrêté par \(error)") }
  var unknownValue: String { "?" }

  /// Where a value comes from, for its tooltip.
  func facts(_ node: ComputationGraph.Node) -> String? {
    guard let facts = node.facts else { return nil }
    var parts: [String] = []
    if let operation = facts.operation {
      let attributes = facts.attributes.prefix(8).map { "\($0.name) = \(text($0.value))" }
      parts.append(operation + (attributes.isEmpty ? "" : " (\(attributes.joined(separator: separator)))"))
    }
    if let scope = node.scope { parts.append(word("in \(scope)", "dans \(scope)")) }
    if let line = facts.line { parts.append("\(line.file):\(line.line)") }
    if let type = facts.type { parts.append(type) }
    if facts.names.count > 1 { parts.append(facts.names.joined(separator: " = ")) }
    if facts.requiresGradient == false { parts.append(word("without gradient", "sans gradient")) }
    if let summary = facts.summary {
      let (mean, deviation) = (
        numbers(6).text(summary.mean), numbers(6).text(summary.deviation)
      )
      parts.append(word("mean \(mean), deviation \(deviation)", "moyenne \(mean), écart type \(deviation)"))
    }
    return parts.isEmpty ? nil : parts.joined(separator: separator)
  }

  private func text(_ value: ComputationGraph.RecordedValue) -> String {
    switch value {
    case .number(let number): numbers(6).text(number)
    case .text(let text): text
    case .boolean(let isTrue): isTrue ? word("yes", "oui") : word("no", "non")
    case .list(let items): "(" + items.prefix(8).map(text).joined(separator: separator) + ")"
    }
  }
}

/// What a graph's findings mark in its figures.
struct RecordedMarks {
  private let ids: [GraphProblem.Kind.Part: Set<String>]
  let findings: [GraphProblem]

  init(_ graph: ComputationGraph) {
    findings = graph.findings
    var ids: [GraphProblem.Kind.Part: Set<String>] = [:]
    for problem in graph.findings {
      guard let node = problem.node else { continue }
      ids[problem.kind.part, default: []].insert(node)
    }
    self.ids = ids
  }

  /// Whether a node's box is marked in a stage: what is wrong in the forward pass is so in each.
  func marks(_ node: ComputationGraph.Node, in stage: Stage) -> Bool {
    if node.facts?.error != nil { return true }
    return Self.parts(stage).contains { ids[$0]?.contains(node.id) ?? false }
  }

  /// Whether a value, or its gradient, is another number than its operation gives.
  fileprivate func isOff(_ node: ComputationGraph.Node, isGradient: Bool) -> Bool {
    findings.contains { problem in
      guard problem.node == node.id else { return false }
      switch problem.kind {
      case .value: return !isGradient
      case .gradient, .accumulated, .added: return isGradient
      case .localDerivative, .detached, .update: return false
      }
    }
  }

  func findings(in stage: Stage) -> [GraphProblem] {
    let parts = Self.parts(stage)
    return findings.filter { parts.contains($0.kind.part) }
  }

  private static func parts(_ stage: Stage) -> [GraphProblem.Kind.Part] {
    switch stage {
    case .forward, .loss: [.forward]
    case .backward, .shares, .accumulation, .forwardMode, .secondOrder: [.forward, .backward]
    case .update, .overview: [.forward, .backward, .update]
    }
  }
}

extension FigureContext {
  /// The sign before a value: that of the arithmetic, unless the value is known to be another one.
  func sign(_ relation: Relation, ofValue node: Int) -> String {
    (recorded.isOff(graph.nodes[node], isGradient: false) ? .unequal : relation).rawValue
  }

  /// The same before a gradient.
  func sign(_ relation: Relation, ofGradient node: Int) -> String {
    (recorded.isOff(graph.nodes[node], isGradient: true) ? .unequal : relation).rawValue
  }
}
