import Autograd
import GradvizFigures
import GradvizGraph

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
    var members: [(key: String, value: JSONText)] = [
      ("nodes", .list(graph.nodes.indices.map(node))), ("loss", .whole(graph.loss ?? 0)),
      ("precision", .whole(live.precision)), ("starts", .list(starts.map(JSONText.whole))),
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

  /// Whether the script knows the rule of the update.
  var canTrain: Bool { hasUpdate && (graph.updateRule == nil || optimizer != nil) }

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
    } else {
      members.append(("v", .number(node.value[0])))
    }
    if let lane = node.lane { members.append(("l", .whole(lane))) }
    if let step = shown.step { members.append(("st", .whole(step))) }
    if hasFormulas, let formula = shown.formula, node.gradient != nil { members.append(("s", .text(formula))) }
    if !canTrain, let updated = node.updated { members.append(("u", .number(updated[0]))) }
    return .object(members)
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
