import Autograd
import GradvizDrawing
import GradvizGraph

/// How it is drawn.
extension Lesson {
  /// - Parameter name: the leaf that is chosen; nil for the usual ones.
  init?(_ stage: Stage, _ context: FigureContext, of name: String?) {
    let graph = context.graph
    let chosen = name.flatMap { graph.variable(called: $0) }
    switch stage {
    case .forwardMode:
      guard let leaf = chosen ?? graph.variables.first else { return nil }
      self = .tangents(Tangents(graph, from: leaf))
    case .secondOrder:
      guard let order = SecondOrder(graph, of: chosen) else { return nil }
      self = .secondOrder(order)
    default: return nil
    }
  }

  /// Why there is nothing to draw; nil if there is.
  static func reasonAgainst(_ stage: Stage, _ context: FigureContext, of name: String?, _ words: Words) -> String? {
    let graph = context.graph
    guard let loss = graph.loss else { return words.lacks(.loss, graph) }
    if graph.level == .tensor { return words.accumulationInArrays }
    if graph.folding.map({ $0.values > graph.nodes.count }) ?? false { return words.accumulationFolded }
    if graph.nodes.contains(where: { $0.hidesOperands || $0.hidesUses }) { return words.accumulationFolded }
    if let node = graph.nodes.first(where: { !$0.isLeaf && $0.localDerivatives == nil }) {
      return words.withoutLocalDerivative(node.operationName ?? node.name)
    }
    if let name {
      guard let leaf = graph.variable(called: name) else {
        let known = graph.nodes.filter { $0.isLeaf && [.parameter, .input].contains($0.role) }
        return words.unknownVariable(name, known.map(\.name))
      }
      if graph.tangents(from: leaf)[loss] == nil {
        return words.noGradient(graph.nodes[loss].name, graph.nodes[leaf].name)
      }
    } else if graph.variables.isEmpty {
      return words.noVariable
    }
    return stage == .secondOrder ? SecondOrder.reasonAgainst(graph, of: name, words) : nil
  }

  /// - Parameter options: those of the other stages.
  func figure(_ options: FigureOptions) throws(FigureError) -> Figure {
    var own = options
    own.lesson = self
    (own.view, own.only, own.collapse) = (.values, nil, Collapse.none)
    // What data has was decided before.
    own.dataGradients = true
    return try FigureSet(graph, options: own).drawn(stage, step: nil)
  }

  func sentence(_ context: FigureContext) -> String {
    func name(_ node: Int?) -> String { node.map { context.text.notation.flatName($0) } ?? "L" }
    switch self {
    case .tangents(let own):
      return context.words.tangentsAndAdjoints(leaf: name(own.leaf), loss: name(context.graph.loss))
    case .secondOrder(let own):
      return context.words.backwardDifferentiated(name(context.graph.loss), loss: own.lossName)
    }
  }

  /// For screen readers.
  func description(_ context: FigureContext, title: String) -> String {
    let (graph, notation) = (context.graph, context.text.notation)
    switch self {
    case .tangents(let own):
      return context.words.forwardMode(
        title, leaf: graph.nodes[own.leaf].name, loss: graph.loss.map { graph.nodes[$0].name } ?? "L",
        notation.format.text(graph.loss.flatMap { own.tangents[$0] } ?? 0))
    case .secondOrder(let own):
      let sum = graph.loss.map { graph.nodes[$0].name } ?? ""
      let parts = zip(own.variables, own.product).prefix(6).map {
        "∂(\(sum))/∂\(graph.nodes[$0].name) = \(notation.format.text($1))"
      }
      return context.words.secondOrder(title, parts.joined(separator: context.words.separator))
    }
  }

  /// Adds the content of the panel with its top left at `origin`; returns its extent.
  func addPanel(to figure: inout Figure, at origin: Point, width: Double, _ context: FigureContext) -> Size {
    switch self {
    case .tangents(let own): TangentTable(context, own, width: width).add(to: &figure, at: origin)
    case .secondOrder(let own): SecondOrderPanel(context, own, width: width).add(to: &figure, at: origin)
    }
  }
}
