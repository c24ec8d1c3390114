import Autograd

/// The sentence that says what a figure shows, for those who cannot see it.
enum Description {
  static func sentence(_ context: FigureContext, stage: Stage, title: String) -> String {
    let graph = context.graph
    let format = context.text.notation.format
    func list(_ nodes: [ComputationGraph.Node], _ text: (ComputationGraph.Node) -> String?) -> String {
      let parts = nodes.compactMap(text)
      let shown = parts.prefix(6).joined(separator: ", ")
      return parts.count > 6 ? "\(shown) and \(parts.count - 6) more" : shown
    }
    func value(_ node: ComputationGraph.Node) -> String? {
      node.value.count == 1 ? "\(node.name) = \(format.text(node.value[0]))" : "\(node.name) of shape \(Shapes.text(node.shape))"
    }
    let loss = graph.loss.map { graph.nodes[$0] }
    let parameters = graph.nodes.filter { $0.role == .parameter }
    let predictions = graph.nodes.filter { $0.role == .prediction }
    let samples = graph.laneCount > 1 ? " for \(graph.laneCount) samples" : ""
    switch stage {
    case .forward:
      let results = predictions.isEmpty ? loss.map { [$0] } ?? Array(graph.nodes.suffix(1)) : predictions
      return "\(title). The forward pass\(samples) computes \(list(results, value))."
    case .loss:
      return "\(title). The loss\(samples) is \(loss.flatMap(value) ?? "")."
    case .backward:
      let gradients = list(parameters.isEmpty ? graph.nodes.filter { $0.operation == nil && $0.role != .constant } : parameters) { node in
        node.gradient.map { gradient in
          "∂\(loss?.name ?? "L")/∂\(node.name) = "
            + (gradient.count == 1 ? format.text(gradient[0]) : "an array of shape \(Shapes.text(node.shape))")
        }
      }
      return "\(title). The backward pass\(samples) carries the gradient from the loss back: \(gradients)."
    case .update:
      let updates = list(parameters) { node in
        node.updated.map { updated in
          updated.count == 1
            ? "\(node.name) from \(format.text(node.value[0])) to \(format.text(updated[0]))" : "\(node.name)"
        }
      }
      let after = graph.lossAfterUpdate.map { after in
        " The loss goes from \(format.text(loss?.value.first ?? .nan)) to \(format.text(after))."
      }
      return "\(title). One step against the gradient changes \(updates).\(after ?? "")"
    case .overview:
      return "\(title). One turn of gradient descent: forward pass, loss, backward pass, update, and again."
    }
  }
}
