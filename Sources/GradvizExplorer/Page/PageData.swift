import Autograd
import GradvizFigures
import GradvizGraph
import GradvizSystem

/// The program as the script needs it: leaves and operations, and what it cannot find out by itself.
struct PageData {
  let graph: ComputationGraph
  let live: LiveValues
  let optimizer: Optimizer?
  /// Whether the gradients are there as formulas.
  var hasFormulas = true

  /// Where each stage begins, and where the last one ends.
  private var starts: [Int] {
    let (forward, loss, backward) = live.counts
    return [0, forward, forward + loss, forward + loss + backward]
  }

  var json: JSONText {
    var members = ofArrays
    members += [
      ("nodes", .list(graph.nodes.indices.map(node))), ("loss", .whole(graph.loss ?? 0)),
      ("precision", .whole(live.precision)), ("starts", .list(starts.map(JSONText.whole))),
      ("order", .list(live.inOrder.map(JSONText.whole))),
      ("operations", .object(templates)),
    ]
    guard hasUpdate, let rate = graph.learningRate else { return .object(members + [("end", .whole(starts[3]))]) }
    members += [("end", .whole(starts[3] + 1)), ("lr", .number(rate))]
    if let rule = graph.updateRule { members.append(("rule", .list(rule.map { .text($0) }))) }
    if let optimizer { members.append(("optimizer", optimizer.json)) }
    return .object(members)
  }

  /// Whether the last stage has something to show.
  var hasUpdate: Bool { graph.learningRate != nil && graph.nodes.contains { $0.updated != nil } }

  /// Whether it has boxes of arrays.
  var hasArrays: Bool { graph.level == .tensor }
  /// Whether the page has given numbers only.
  var isStored: Bool { ArrayData(graph: graph).isStored }

  private var ofArrays: [(key: String, value: JSONText)] {
    guard hasArrays else { return [] }
    return [("levels", .list(live.tints.map(JSONText.whole)))] + (isStored ? [("isStored", .whole(1))] : [])
  }

  /// Whether the script knows the rule of the update.
  var canTrain: Bool { hasUpdate && !isStored && (graph.updateRule == nil || optimizer != nil) }

  /// The operations of the program, in the order in which they come.
  private var templates: [(key: String, value: JSONText)] {
    var seen = Set<String>()
    return graph.nodes.compactMap { node in
      guard let operation = node.operation, seen.insert(operation.rawValue).inserted,
        let texts = Templates.of(operation)
      else { return nil }
      return (operation.rawValue, .list(texts.map { .text($0) }))
    }
  }

  private func node(_ index: Int) -> JSONText {
    let (node, shown) = (graph.nodes[index], live.values[index])
    var members: [(key: String, value: JSONText)] = [
      ("i", .text(node.id)), ("n", .text(shown.name)), ("r", .text(node.role.rawValue)), ("at", .whole(shown.known)),
    ]
    if shown.id != node.id { members.append(("k", .text(shown.id))) }
    if let operation = node.operation {
      members += [("o", .text(operation.rawValue)), ("a", .list(node.operands.map(JSONText.whole)))]
      if let exponent = node.exponent { members.append(("p", .number(exponent))) }
    } else if !hasArrays {
      members.append(("v", .number(node.value[0])))
    }
    if hasArrays {
      if let definition = shown.definition { members.append(("f", .text(definition))) }
      if let entries = shown.entries { members.append(("c", .list(entries.map(JSONText.whole)))) }
      members += isStored ? stored(node, shown.entries) : ArrayData(graph: graph).members(node)
    }
    if let lane = node.lane { members.append(("l", .whole(lane))) }
    if let step = shown.step {
      members.append(("st", .whole(step)))
      if let mark = shown.mark, mark != "\(step)" { members.append(("b", .text(mark))) }
    }
    if hasFormulas, let formula = shown.formula, node.gradient != nil { members.append(("s", .text(formula))) }
    if !canTrain, let updated = node.updated {
      members.append(("u", hasArrays ? numbers(updated, isStored ? shown.entries : nil) : .number(updated[0])))
    }
    return .object(members)
  }

  /// What the drawing shows of an array that the page does not compute.
  private func stored(_ node: ComputationGraph.Node, _ entries: [Int]?) -> [(key: String, value: JSONText)] {
    let shape: [(key: String, value: JSONText)] =
      node.shape.isEmpty ? [] : [("d", .list(node.shape.map(JSONText.whole)))]
    let gradient = node.gradient ?? [Double](repeating: 0, count: node.value.count)
    return shape + [("v", numbers(node.value, entries)), ("g", numbers(gradient, entries))]
  }

  private func numbers(_ list: [Double], _ entries: [Int]?) -> JSONText {
    let shown = entries.map { $0.map { list[$0] } } ?? list
    return .list(shown.map { .number(isStored ? rounded($0) : $0) })
  }

  /// With the digits that are ever shown.
  private func rounded(_ value: Double) -> Double {
    guard value.isFinite, value != 0 else { return value }
    let scale = pow(10, Double(live.precision + 2) - log10(abs(value)).rounded(.down))
    let result = (value * scale).rounded() / scale
    return result.isFinite ? result : value
  }
}

extension Optimizer {
  /// The rule, its constants, and the rates of a schedule.
  fileprivate var json: JSONText {
    func flag(_ isOn: Bool) -> JSONText { .whole(isOn ? 1 : 0) }
    var members: [(key: String, value: JSONText)]
    switch method {
    case .sgd(let momentum, let dampening, let decay, let isNesterov):
      members = [
        ("kind", .text("sgd")), ("momentum", .number(momentum)), ("dampening", .number(dampening)),
        ("decay", .number(decay)), ("nesterov", flag(isNesterov)),
      ]
    case .rmsprop(let alpha, let epsilon, let decay, let momentum):
      members = [
        ("kind", .text("rmsprop")), ("alpha", .number(alpha)), ("epsilon", .number(epsilon)), ("decay", .number(decay)),
        ("momentum", .number(momentum)),
      ]
    case .adagrad(let rateDecay, let decay, let initial, let epsilon):
      members = [
        ("kind", .text("adagrad")), ("rateDecay", .number(rateDecay)), ("decay", .number(decay)),
        ("initial", .number(initial)), ("epsilon", .number(epsilon)),
      ]
    case .adam(let beta1, let beta2, let epsilon, let decay, let isDecoupled):
      members = [
        ("kind", .text("adam")), ("beta1", .number(beta1)), ("beta2", .number(beta2)), ("epsilon", .number(epsilon)),
        ("decay", .number(decay)), ("decoupled", flag(isDecoupled)),
      ]
    }
    if !rate.isConstant { members.append(("rates", .list((0..<Self.ratesListed).map { .number(rate.value(at: $0)) }))) }
    return .object(members)
  }

  /// The rates of later steps stay as the last one.
  private static let ratesListed = 200
}
