import Autograd
import GradvizDrawing
import GradvizGraph

/// Whose push: a row of bars for each sample, from its loss to its push, and for each parameter what the samples add
/// to its gradient.
struct SharesFigure: BarFigure {
  let context: FigureContext
  let shares: SamplePushes
  let width: Double
  let scale: Double
  static let prefix = "shares"
  var figure: Figure

  init(_ context: FigureContext, width: Double, figure: Figure) {
    self.context = context
    shares = SamplePushes(context.graph)
    self.width = width
    scale = Self.scale(width)
    self.figure = figure
  }

  var graph: ComputationGraph { shares.graph }

  /// - Returns: the lower end.
  mutating func build(top: Double) -> Double {
    var y = top
    if let pushes = shares.pushes {
      for line in lines([sentence(pushes), words.ownScales].filter { !$0.isEmpty }.joined(separator: " ")) {
        add(line, at: Point(x: Measure.margin, y: y + points(14)), tint: .muted, size: 13 * scale)
        y += points(20)
      }
      y = addRows(pushes, top: y + 6) + points(24)
    }
    let heading =
      words.gradientIsSum(shares.count, hasOthers: shares.shown.contains { $0.others != 0 })
      + (shares.parameters.count > shares.shown.count
        ? " " + words.greatestOf(shares.shown.count, shares.parameters.count) : "")
    for line in lines(heading) {
      add(line, at: Point(x: Measure.margin, y: y + points(2)), isBold: true)
      y += points(18)
    }
    return addWaterfalls(top: y)
  }

  // MARK: Words

  private func sentence(_ pushes: [SamplePushes.Push]) -> String {
    let losses = pushes.compactMap(\.loss)
    guard losses.count == pushes.count,
      let most = pushes.indices.max(by: { (losses[$0], -$0) < (losses[$1], -$1) })
    else { return "" }
    let own = pushes[most]
    let all = pushes.reduce(0) { $0 + abs($1.push) }
    var slope: (name: String, number: String, function: String, percent: Int)?
    if let place = own.place, let number = own.slope, isFlat(own) {
      slope = (notation.flatName(place), text(graph.nodes[place].value[0]), function(own), percent(number, of: 1))
    }
    return words.pushSentence(
      sample: most + 1, loss: percent(losses[most], of: losses.reduce(0, +)),
      push: all == 0 ? nil : percent(abs(own.push), of: all),
      slope: slope)
  }

  func function(_ push: SamplePushes.Push) -> String {
    user(of: push).map { OperationSymbol.text($0, context.words) } ?? ""
  }

  /// The operation whose slope a push is multiplied by.
  private func user(of push: SamplePushes.Push) -> ComputationGraph.Node? {
    push.place.flatMap { place in
      graph.nodes.first { $0.operands == [place] && $0.localDerivatives?.first == push.slope }
    }
  }

  /// Whether the slope is less than a quarter of the function's greatest: that of a sigmoid is 1/4 at most.
  private func isFlat(_ push: SamplePushes.Push) -> Bool {
    guard let slope = push.slope, let operation = user(of: push)?.operation else { return false }
    return slope.magnitude < (operation == .sigmoid ? 0.25 : 1) / 4
  }
}
