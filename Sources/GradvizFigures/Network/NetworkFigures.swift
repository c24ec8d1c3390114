import Autograd
import GradvizDrawing
import GradvizGraph

extension ComputationGraph {
  /// Whether a graph of numbers is a network with a hidden layer, all of whose parameters have a place in it, and all of
  /// whose neurons can be read on a sheet.
  package var isNetwork: Bool {
    guard let network = NeuralNetwork(self), network.hasHiddenLayer, network.hasAllParameters(of: self) else {
      return false
    }
    return network.layers.allSatisfy { $0.count <= NetworkPlan.maxNeurons }
  }

  /// The graph that a network is drawn from: of very many values those of the first sample.
  var ofNetwork: ComputationGraph {
    guard nodes.count > Collapse.maxBoxesUnfolded else { return self }
    let isKept = nodes.map { $0.lane ?? 0 == 0 }
    guard isKept.contains(false) else { return self }
    var result = kept(isKept, whole: isKept)
    for (place, index) in nodes.indices.filter({ isKept[$0] }).enumerated() {
      result.nodes[place].lane = nodes[index].lane
    }
    result.laneCount = 1
    result.folding?.samplesInLastLane = laneCount
    return result
  }
}

extension NetworkSheet {
  /// The network that a figure shows: where it is asked for, or where numbers do not fit on the sheet.
  ///
  /// - Parameters:
  ///   - values: the sheet with a box for each value; nil if neurons are asked for.
  ///   - top: where it begins.
  /// - Throws: ``FigureError`` where neurons are asked for and there are none.
  static func chosen(
    _ text: ValueText, _ options: FigureOptions, insteadOf values: Sheet?, isTransposed: Bool, width: Double,
    top: Double
  ) throws(FigureError) -> NetworkSheet? {
    let graph = text.graph
    let network = NeuralNetwork(graph)
    if let values {
      guard options.only == nil, options.collapse == nil, graph.folding == nil, !isTransposed,
        let network, network.hasHiddenLayer, graph.isNetwork,
        !values.turns.isEmpty || values.bounds.width + 2 * Measure.sheetMargin > width
          || values.spots.contains(where: { $0.row > 0 })
      else { return nil }
    }
    guard let network else {
      throw FigureError(
        message: graph.level == .tensor
          ? "the graph has arrays, and neurons are drawn from numbers; only a program has both"
          : "there are no neurons: they are sums of values times parameters, layer by layer, as in `tanh(w1*x1 + w2*x2 + b)`"
      )
    }
    let sizes = NetworkSizes(text, network, width: width)
    let chosen = try options.only.map { excerpt throws(FigureError) in try network.chosen(excerpt, graph) } ?? []
    let plan = NetworkPlan(network, text, sizes: sizes, chosen: chosen, room: width - 2 * Measure.sheetMargin)
    let sentences = options.hiddenParts.contains(.title) ? [] : Stage.defaults.map { sentence($0, plan, width: width) }
    let lines = sentences.map(\.count).max() ?? 0
    var sheet = NetworkSheet(
      plan,
      origin: Point(
        x: Measure.sheetMargin + max(0, (width - 2 * Measure.sheetMargin - plan.minWidth) / 2).rounded(.down),
        y: top + Double(lines) * lineHeight + 8))
    sheet.sentenceTop = top
    sheet.width = width
    sheet.addMatrices(text)
    // On a narrow page even the smallest network may reach further, and so does the frame of the loss.
    if sheet.right + 2 > width { sheet.width = (sheet.right + 7 + Measure.sheetMargin).rounded(.up) }
    return sheet
  }

  static let lineHeight = 19.0
  static let sentenceSize = 13.0

  /// What happens in a stage, and what is drawn of the program, in lines.
  static func sentence(_ stage: Stage, _ plan: NetworkPlan, width: Double) -> [String] {
    let (network, words) = (plan.sizes.network, plan.sizes.text.notation.words)
    let graph = plan.sizes.text.graph
    var parts = [
      words.network(
        stage, hasActivation: network.neurons.contains(where: \.hasActivation), hasHidden: network.layers.count > 1)
    ]
    if graph.sampleCount > 1 { parts.append(words.sampleOfNetwork(graph.sampleCount)) }
    if plan.wires.contains(where: { if case .lines = $0 { true } else { false } }) {
      parts.append(words.linesOfNetwork)
    }
    if network.layers.indices.contains(where: { layer in network.layers[layer].contains { plan.isDisc(layer, $0) } }) {
      parts.append(words.discsOfNetwork)
    }
    if plan.rest.hiddenCount > 0 { parts.append(words.stepsOfLoss(plan.rest.hiddenCount)) }
    var lines: [String] = []
    for word in parts.joined(separator: " ").split(separator: " ") {
      let longer = (lines.last.map { $0 + " " } ?? "") + word
      if lines.isEmpty || TextMetrics.width(of: longer, size: sentenceSize) * 1.06 > width - 2 * Measure.margin {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = longer
      }
    }
    return lines
  }

  /// The places of all values, for what is drawn alike in all figures.
  func sheet(_ graph: ComputationGraph) -> Sheet {
    var sheet = Sheet()
    for place in places {
      let index = sheet.add(Sheet.Spot(node: place.node, kind: .value, frame: place.frame))
      sheet.main[place.node] = index
    }
    let rest =
      plan.rest.boxes.compactMap { box in
        restFrames[box.node].map { frame in
          let tab = plan.boxWidth(box).tab
          return Rectangle(x: frame.x - tab, y: frame.y, width: frame.width + tab, height: frame.height)
        }
      } + leafFrames.map(\.frame)
    if let first = rest.first, graph.loss != nil {
      sheet.lossRegions = [rest.dropFirst().reduce(first) { $0.union($1) }.insetBy(-7)]
    }
    sheet.bounds = Rectangle(
      x: Measure.sheetMargin, y: sentenceTop, width: width - 2 * Measure.sheetMargin, height: bottom - sentenceTop)
    return sheet
  }
}

extension NeuralNetwork {
  /// Whether every parameter that has a gradient is a weight or a bias: others would have no place for it.
  fileprivate func hasAllParameters(of graph: ComputationGraph) -> Bool {
    let members = allNodes
    return graph.nodes.indices.allSatisfy {
      graph.nodes[$0].role != .parameter || graph.nodes[$0].gradient == nil || members.contains($0)
    }
  }

  /// The neurons that an excerpt names, by their results.
  fileprivate func chosen(_ excerpt: Excerpt, _ graph: ComputationGraph) throws(FigureError) -> Set<Int> {
    let places = try graph.places(of: excerpt.names)
    return Set(
      neurons.filter { neuron in
        places.contains { [neuron.net, neuron.output, neuron.result].contains($0) }
      }.map(\.result))
  }
}
