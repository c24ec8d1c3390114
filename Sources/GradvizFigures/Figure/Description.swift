import Autograd
import GradvizGraph

/// Writes the sentence that describes a figure for screen readers.
enum Description {
  /// A value with its number, or with its shape.
  private static func value(_ node: ComputationGraph.Node, _ context: FigureContext) -> String? {
    // One value that stands for those of many samples is their mean, which was never computed.
    if node.fold != nil, node.value.count == 1 { return nil }
    return node.value.count == 1
      ? "\(node.name) = \(context.text.notation.format(ofValueNamed: node.name).text(node.value[0]))"
      : context.words.array(node.name, Shapes.text(node.shape))
  }

  /// - Parameters:
  ///   - step: the frame of the backward pass; nil for the whole pass.
  ///   - stepCount: the number of frames.
  static func sentence(
    _ context: FigureContext, stage: Stage, title: String, step: Int? = nil, of stepCount: Int = 0
  ) -> String {
    let (graph, words, notation) = (context.graph, context.words, context.text.notation)
    let format = notation.format
    func list(_ nodes: [ComputationGraph.Node], _ text: (ComputationGraph.Node) -> String?) -> String {
      let parts = nodes.compactMap(text)
      let shown = parts.prefix(6).joined(separator: words.separator)
      return parts.count > 6 ? words.rest(shown, parts.count - 6) : shown
    }
    if let lesson = context.lesson { return lesson.description(context, title: title) }
    let loss = graph.loss.map { graph.nodes[$0] }
    let parameters = graph.nodes.filter { $0.role == .parameter }
    let predictions = graph.nodes.filter { $0.role == .prediction }
    let samples = words.forSamples(graph.sampleCount)
    switch stage {
    case .forward:
      let results = predictions.isEmpty ? loss.map { [$0] } ?? Array(graph.nodes.suffix(1)) : predictions
      return words.forward(title, samples, list(results) { value($0, context) })
    case .loss: return words.loss(title, samples, loss.flatMap { value($0, context) } ?? "")
    case .backward:
      func gradients(_ nodes: [ComputationGraph.Node]) -> String {
        list(nodes) { node in
          node.gradient.map { gradient in
            "∂\(loss?.name ?? "L")/∂\(node.name) = "
              + (gradient.count == 1
                ? notation.format(ofGradientNamed: node.name).text(gradient[0])
                : words.array(words.anArray, Shapes.text(node.shape)))
          }
        }
      }
      if let step {
        let complete = graph.nodes.indices.filter {
          context.steps[$0] == step && graph.nodes[$0].role != .constant
        }
        return words.backwardStep(
          title, samples, words.step(step, of: stepCount), gradients(complete.map { graph.nodes[$0] }))
      }
      let leaves = graph.nodes.filter { $0.isLeaf && $0.role != .constant }
      return words.backward(title, samples, gradients(parameters.isEmpty ? leaves : parameters))
    case .update:
      let updates = list(parameters) { node in
        node.updated.map { updated in
          // Of an array its shape.
          guard updated.count == 1 else { return "\(node.name) (\(Shapes.text(node.shape)))" }
          let change = PrintedChange(node.value[0], updated[0], format)
          return change.isUnchanged
            ? "\(node.name) = \(change.text(words))" : words.change(node.name, change.before, change.after)
        }
      }
      let after = graph.lossAfterUpdate.map { after in
        let change = PrintedChange(loss?.value.first ?? .nan, after, format)
        return words.lossChange(change.before, change.after)
      }
      return words.update(title, updates) + (after ?? "")
    case .shares: return words.sharesOfSamples(title, graph.sampleCount)
    case .accumulation: return words.accumulation(title)
    case .overview, .forwardMode, .secondOrder: return words.overview(title)
    }
  }
}
