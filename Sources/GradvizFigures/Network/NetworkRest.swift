import Autograd
import GradvizGraph

/// What follows the neurons, up to the loss: a box for each value with a name, in which the steps without one stand
/// as part of its formula.
struct NetworkRest {
  /// A value that a box takes, with what one more of it adds to the box.
  struct Operand {
    var node: Int
    var derivative: Double
    var local: LocalDerivative?
  }

  struct Box {
    var node: Int
    /// The operation, or the formula of all steps.
    var tab: String
    var operands: [Operand]
    /// Targets and other values that stand above the box.
    var leaves: [Int]
    var column: Int
  }

  private(set) var boxes: [Box] = []
  /// The number of computed values without a box of their own.
  private(set) var hiddenCount = 0

  var columnCount: Int { (boxes.map(\.column).max() ?? -1) + 1 }

  /// - Parameter isFolded: whether the loss alone is drawn.
  /// - Returns: nil where values would have to go round boxes, which never happens if it is folded.
  init?(_ network: NeuralNetwork, _ text: ValueText, isFolded: Bool) {
    let graph = text.graph
    let members = network.allNodes
    let results = Set(network.last.map(\.result))
    var follows = [Bool](repeating: false, count: graph.nodes.count)
    for index in graph.nodes.indices where graph.nodes[index].lane ?? 0 == 0 && !members.contains(index) {
      follows[index] = graph.nodes[index].operands.contains { results.contains($0) || follows[$0] }
    }
    let steps = graph.nodes.indices.filter { follows[$0] }
    guard !steps.isEmpty else { return }
    var uses = [Int](repeating: 0, count: graph.nodes.count)
    for step in steps { for operand in graph.nodes[step].operands where follows[operand] { uses[operand] += 1 } }
    let ends = graph.loss.map { [$0] } ?? steps.filter { uses[$0] == 0 }
    let kept = steps.filter { step in
      ends.contains(step) || !isFolded && (graph.nodes[step].isNamed || uses[step] != 1)
    }
    hiddenCount = Self.computed(for: kept, graph) { members.contains($0) || results.contains($0) } - kept.count
    let isKept = Set(kept)
    var columns: [Int: Int] = [:]
    var seen: Set<Int> = []
    for node in kept {
      var box = Box(node: node, tab: Self.tab(node, text, isKept, steps), operands: [], leaves: [], column: 0)
      for (operand, derivative) in Self.operands(of: node, graph, isInner: { follows[$0] && !isKept.contains($0) }) {
        let value = graph.nodes[operand]
        if isKept.contains(operand) || results.contains(operand) {
          let local = Self.local(operand, derivative, of: node, text)
          box.operands.append(Operand(node: operand, derivative: derivative, local: local))
        } else if members.contains(operand) {
          return nil
        } else if value.lane ?? 0 == 0, value.isNamed {
          guard seen.insert(operand).inserted || isFolded else { return nil }
          if !box.leaves.contains(operand) { box.leaves.append(operand) }
        }
      }
      box.column = box.operands.reduce(0) { max($0, (columns[$1.node] ?? -1) + 1) }
      guard isFolded || box.operands.allSatisfy({ (columns[$0.node] ?? -1) == box.column - 1 }) else { return nil }
      if box.leaves.count > Self.maxLeaves {
        guard isFolded else { return nil }
        box.leaves = []
      }
      columns[node] = box.column
      boxes.append(box)
    }
  }

  /// The number of values, those included, that are computed for some, such as 1 − y beside what the network feeds.
  private static func computed(for kept: [Int], _ graph: ComputationGraph, isInNetwork: (Int) -> Bool) -> Int {
    var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
    for node in kept { isNeeded[node] = true }
    var count = 0
    for node in graph.nodes.indices.reversed()
    where isNeeded[node] && !graph.nodes[node].isLeaf && graph.nodes[node].lane ?? 0 == 0 && !isInNetwork(node) {
      count += 1
      for operand in graph.nodes[node].operands { isNeeded[operand] = true }
    }
    return count
  }

  private static let maxLeaves = 2
  private static let longestTab = 18

  /// What stands between a box and the values it takes, with the sum over all ways of the products of the local
  /// derivatives.
  private static func operands(of node: Int, _ graph: ComputationGraph, isInner: (Int) -> Bool) -> [(Int, Double)] {
    var amounts = [node: 1.0]
    var order: [Int] = []
    for index in stride(from: node, through: 0, by: -1) {
      guard let amount = amounts[index], index == node || isInner(index) else { continue }
      let value = graph.nodes[index]
      for (position, operand) in value.operands.enumerated() {
        if amounts[operand] == nil { order.append(operand) }
        amounts[operand, default: 0] += amount * (value.localDerivatives?[position] ?? 1)
      }
    }
    return order.filter { !isInner($0) }.sorted().map { ($0, amounts[$0] ?? 0) }
  }

  private static func tab(_ node: Int, _ text: ValueText, _ isKept: Set<Int>, _ steps: [Int]) -> String {
    let graph = text.graph
    let symbol = OperationSymbol.text(graph.nodes[node], text.notation.words)
    let isSimple = graph.nodes[node].operands.allSatisfy { isKept.contains($0) || graph.nodes[$0].isNamed }
    if isSimple { return symbol }
    let formula = formula(node, text)
    // A name that stands nowhere in the figure says nothing.
    let hidden = steps.filter { !graph.nodes[$0].isNamed && !isKept.contains($0) }.map(text.notation.flatName)
    if hidden.contains(where: formula.contains) { return "…" }
    return formula.count <= longestTab ? formula : "…"
  }

  /// The formula of a value; of a sum or mean over samples that of the first one's part.
  private static func formula(_ node: Int, _ text: ValueText) -> String {
    let value = text.graph.nodes[node]
    if value.operands.contains(where: { text.graph.nodes[$0].lane ?? 0 > 0 }) || value.hidesOperands {
      let own = value.operands.filter { text.graph.nodes[$0].lane == 0 }
      guard own.count == 1 else { return "…" }
      return OperationSymbol.text(value, text.notation.words) + " "
        + text.notation.line(text.notation.symbolic.definition(of: own[0])).plain
    }
    if value.operation == .negate { return "−" + formula(value.operands[0], text) }
    return text.notation.line(text.notation.symbolic.definition(of: node)).plain
  }

  /// The rule and the number of the way from a box back to one of its operands.
  private static func local(_ operand: Int, _ derivative: Double, of node: Int, _ text: ValueText) -> LocalDerivative? {
    let graph = text.graph
    guard graph.nodes[operand].gradient != nil, graph.nodes[node].gradient != nil else { return nil }
    if derivative == 1 { return .unchanged }
    if derivative == -1 { return .negated }
    if let position = graph.nodes[node].operands.firstIndex(of: operand),
      graph.nodes[node].operands.count(where: { $0 == operand }) == 1
    {
      return text.local(user: node, position: position)
    }
    let number = MathText(text.notation.format.text(derivative))
    func name(_ node: Int) -> MathText { MathText("∂") + MathText(text.notation.typesetName(node)) }
    // Where nothing but this way leads to the loss, the formula of the gradient is the rule of the way.
    guard graph.nodes[node].gradient == [1],
      graph.nodes[operand].gradient.map({ abs($0[0] - derivative) <= 1e-12 * abs(derivative) }) ?? false,
      let formula = text.notation.symbolic.gradient(of: operand), formula != .gradient(of: operand)
    else {
      return .rule(name(node) + "/" + name(operand) + " = " + number)
    }
    let rule = text.notation.line(formula.withOneNumber)
    let isShown = rule.count <= longestTab && rule.plain != number.plain
    return .rule((isShown ? rule : name(node) + "/" + name(operand)) + " = " + number)
  }
}

extension Formula {
  /// A product with all its numbers as one: `2·(p − y)/2` as `p − y`.
  fileprivate var withOneNumber: Formula {
    let (number, rest) = parts
    guard !rest.isEmpty, NumberFormat(precision: 3).text(number) == NumberFormat(precision: 12).text(number) else {
      return self
    }
    let product = rest.count == 1 ? rest[0] : .product(rest)
    if number == 1 { return product }
    return number == -1 ? .negated(product) : .product([.number(number)] + rest)
  }

  /// What its numbers make, and all other factors.
  private var parts: (number: Double, rest: [Formula]) {
    switch self {
    case .number(let number), .constant(let number, _): return (number, [])
    case .negated(let part): return (-part.parts.number, part.parts.rest)
    case .quotient(let top, .number(let bottom)) where bottom != 0: return (top.parts.number / bottom, top.parts.rest)
    case .product(let factors):
      return factors.map(\.parts).reduce((1, [])) { ($0.0 * $1.number, $0.1 + $1.rest) }
    default: return (1, [self])
    }
  }
}
