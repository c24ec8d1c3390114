import Autograd
import GradvizGraph

/// The sentence under the title: what happens in this figure, said of what there is in it.
struct StageSentence {
  let text: String

  init(_ context: FigureContext, stage: Stage) {
    let graph = context.graph
    func names(_ role: Role) -> [Int] { graph.nodes.indices.filter { graph.nodes[$0].role == role } }
    func name(_ node: Int?) -> String? { node.map { context.text.notation.flatName($0) } }
    let predictions = names(.prediction)
    let words = context.words
    let loss = name(graph.loss) ?? "L"
    let isBatch = graph.laneCount > 1
    let hasTarget = !names(.target).isEmpty
    let hasParameters = graph.nodes.contains { $0.role == .parameter }
    switch stage {
    case .forward:
      // The predictions of a batch have names of their own.
      let prediction = predictions.count == 1 ? name(predictions[0]) : nil
      text =
        isBatch && hasParameters
        ? words.forwardOfBatch(hasPrediction: !predictions.isEmpty)
        : words.forward(
          hasInputs: !names(.input).isEmpty, prediction: prediction, hasPrediction: !predictions.isEmpty,
          result: name(graph.loss))
    case .loss:
      text =
        !predictions.isEmpty && hasTarget
        ? words.distance(loss: loss, isPlural: isBatch || predictions.count > 1 || graph.sampleCount > 1)
        : words.smallNumber(loss: loss)
    case .backward: text = words.walkBack(loss: loss, hasParameters: hasParameters, isBatch: isBatch)
    case .update: text = words.smallStep(isPlain: graph.updateRule == nil)
    case .overview: text = words.fourStages(loss: loss)
    case .shares: text = words.whosePush
    case .accumulation: text = words.gradientsAddUp
    case .forwardMode, .secondOrder: text = context.lesson?.sentence(context) ?? ""
    }
  }
}
