import Autograd
import GradvizDrawing
import GradvizGraph

/// Draws one stage of a network: neurons with their sum and what their activation makes of it, weights on their
/// wires, and what follows up to the loss.
struct NetworkStage {
  var builder: StageBuilder
  let network: NetworkSheet
  /// By value, its places on the sheet.
  let spotOf: [Int: Int]
  var edgeCount = 0

  init(_ context: FigureContext, _ network: NetworkSheet, stage: Stage, step: Int? = nil, figure: Figure) {
    builder = StageBuilder(context, stage: stage, step: step, figure: figure)
    self.network = network
    spotOf = Dictionary(context.sheet.spots.indices.map { (context.sheet.spots[$0].node, $0) }) { first, _ in first }
  }

  var sizes: NetworkSizes { network.plan.sizes }
  var graph: ComputationGraph { builder.graph }
  var text: ValueText { builder.text }
  var stage: Stage { builder.stage }

  /// The figure with the network.
  mutating func build() {
    addSentence()
    addHeads()
    builder.addRegions()
    for neuron in network.network.neurons { addFrame(neuron) }
    for source in network.network.sources { addFlat(source, network.sources[source], sizes.sources, isLow: true) }
    for (layer, neurons) in network.network.layers.enumerated() {
      for edge in network.edges where edge.layer == layer {
        addFlat(edge.parameter, edge.chip, sizes.chips[layer], isLow: false)
      }
      for bias in network.biases where bias.layer == layer {
        addFlat(bias.node, bias.frame, sizes.chips[layer], isLow: false)
      }
      for neuron in neurons { addNeuron(neuron, layer) }
    }
    for leaf in network.leafFrames { addFlat(leaf.node, leaf.frame, sizes.leafCells(leaf.node), isLow: true) }
    for box in network.plan.rest.boxes { addRestBox(box) }
    addMatrices()
    addWires()
    builder.addLossBadge()
  }

  // MARK: Boxes

  func scaled(_ runs: [Figure.Run]) -> [Figure.Run] {
    runs.map { run in
      var run = run
      run.size *= sizes.scale
      return run
    }
  }

  private func scaled(_ row: Figure.Box.Row, height: Int) -> Figure.Box.Row {
    var row = row
    if case .text(let runs) = row.content { row.content = .text(scaled(runs)) }
    row.height = height
    return row
  }

  private func box(_ node: Int, _ frame: Rectangle) -> (box: Figure.Box, rows: [Figure.Box.Row])? {
    guard let spot = spotOf[node] else { return nil }
    let emphasis = builder.emphasis(node)
    let isCalm = emphasis == .full || emphasis == .calm
    var box = Figure.Box(
      id: builder.context.spotID(spot), classes: builder.classes(spot), tooltip: builder.tooltip(spot), frame: frame,
      name: builder.name(node, emphasis).prefix(1).map(scaled), nameWidth: 0,
      nameFill: isCalm ? graph.nodes[node].role.tint : .plain, rows: [])
    if !isCalm { box.lineTint = .faint }
    if stage == .update, graph.nodes[node].updated != nil { box.lineTint = .updateInk }
    return (box, builder.rows(spot, emphasis))
  }

  /// A box with its cells side by side: a weight, a bias, or data without a gradient.
  private mutating func addFlat(_ node: Int, _ frame: Rectangle?, _ cells: NetworkSizes.Cells, isLow: Bool) {
    guard let frame, var (box, rows) = box(node, frame) else { return }
    box.isFlat = true
    box.nameWidth = cells.name
    // The update shows what changes; its gradient is in the table.
    if isLow || stage == .update { rows = Array(rows.prefix(1)) }
    box.rows = rows.enumerated().map { place, row in
      var row = scaled(row, height: Int(frame.height) - 2)
      row.width = rows.count == 1 ? cells.value + cells.gradient : place == 0 ? cells.value : cells.gradient
      return row
    }
    builder.figure.boxes.append(box)
  }

  private mutating func addFrame(_ neuron: NeuralNetwork.Neuron) {
    guard let frame = network.frames[neuron.result], frame.width > network.plan.discSize else { return }
    builder.figure.regions.append(
      Figure.Region(
        id: "neuron-\(graph.nodes[neuron.result].id)", classes: ["neuron"], frame: frame, fill: .plain,
        stroke: builder.recedes(neuron.result) || stage == .update ? .faint : .line))
  }

  private mutating func addNeuron(_ neuron: NeuralNetwork.Neuron, _ layer: Int) {
    guard let frame = network.frames[neuron.result] else { return }
    guard !network.plan.isDisc(layer, neuron) else { return addDisc(neuron, layer, frame) }
    let inner = frame.insetBy(NetworkSizes.inset)
    let net = Double(sizes.halves.net)
    guard neuron.hasActivation else { return addHalf(neuron, neuron.result, inner, isNet: true) }
    addHalf(neuron, neuron.net, Rectangle(x: inner.x, y: inner.y, width: net, height: inner.height), isNet: true)
    addHalf(
      neuron, neuron.result, Rectangle(x: inner.x + net, y: inner.y, width: inner.width - net, height: inner.height),
      isNet: false)
    builder.figure.chips.append(
      Figure.Chip(frame: Rectangle(x: inner.x + net - 0.5, y: inner.y, width: 1, height: inner.height), fill: .faint))
    if stage == .backward { addActivationMark(neuron, frame) }
  }

  private mutating func addHalf(_ neuron: NeuralNetwork.Neuron, _ node: Int, _ frame: Rectangle, isNet: Bool) {
    guard let (made, rows) = box(node, frame) else { return }
    var box = made
    let isReceded = builder.recedes(node)
    let header = Figure.Box.Row(
      content: .text(sizes.header(of: neuron, isNet: isNet, tint: isReceded ? .muted : .ink)), height: sizes.header,
      fill: isReceded ? nil : graph.nodes[node].role == .intermediate ? isNet ? .circle : nil : box.nameFill)
    box.name = []
    box.hasFrame = false
    box.classes.append("neuron")
    box.rows = [header] + rows.map { scaled($0, height: rows.count == 1 ? 2 * sizes.row : sizes.row) }
    builder.figure.boxes.append(box)
  }

  /// One of many neurons: its value, or its gradient in the backward pass, as a color.
  private mutating func addDisc(_ neuron: NeuralNetwork.Neuron, _ layer: Int, _ frame: Rectangle) {
    guard let spot = spotOf[neuron.result] else { return }
    func shown(_ node: Int) -> Double {
      stage == .backward
        ? builder.isReached(node) ? graph.nodes[node].gradient?.first ?? 0 : 0 : graph.nodes[node].value[0]
    }
    let most = network.network.layers[layer].reduce(0) { max($0, abs(shown($1.result))) }
    builder.figure.discs.append(
      Figure.Disc(
        id: builder.context.spotID(spot), classes: builder.classes(spot) + ["neuron"], tooltip: builder.tooltip(spot),
        center: frame.center, size: Size(width: frame.width, height: frame.height), text: "", textSize: 8,
        fill: Self.heat(shown(neuron.result), most)))
  }

  static func heat(_ value: Double, _ most: Double) -> Tint {
    guard value.isFinite, most > 0, most.isFinite else { return .heat(0) }
    return .heat(Int((value / most * Double(Palette.heatLevels)).rounded()))
  }

  private mutating func addRestBox(_ own: NetworkRest.Box) {
    guard let frame = network.restFrames[own.node], let (made, rows) = box(own.node, frame) else { return }
    var box = made
    let sizes = network.plan.boxWidth(own)
    box.nameWidth = sizes.name
    box.rows = rows.map { scaled($0, height: rows.count == 1 ? Int(frame.height) - 2 : (Int(frame.height) - 2) / 2) }
    builder.figure.boxes.append(box)
    let isCalm = stage == .update || builder.recedes(own.node)
    builder.figure.discs.append(
      Figure.Disc(
        id: "\(box.id)_operation", classes: ["operation", graph.nodes[own.node].operation?.rawValue ?? ""],
        tooltip: text.tooltip(own.node),
        center: Point(x: frame.x - sizes.tab / 2 + 0.5, y: frame.center.y),
        size: Size(width: sizes.tab, height: frame.height),
        text: own.tab, textSize: network.plan.tabSize(own.tab), textTint: isCalm ? .muted : .ink,
        stroke: isCalm ? .faint : .line, isTab: true))
  }

  // MARK: Words

  private mutating func addHeads() {
    let words = builder.context.words
    let size = Measure.valueSize * sizes.scale
    let y = network.top + sizes.points(14)
    var taken: [ClosedRange<Double>] = []
    func add(_ text: String, _ middle: Double, of nodes: [Int], isOptional: Bool = false) {
      let run = Figure.Run(text: text, size: size, tint: .muted)
      let marks = steps(of: nodes)
      let badges = marks.map { (text: $0.text, step: $0.step, width: badgeWidth($0.text)) }
      let whole = badges.reduce(run.width) { $0 + $1.width + 4 }
      var x = min(max(middle - whole / 2, Measure.sheetMargin), network.width - Measure.sheetMargin - whole * 1.03)
      func own() -> ClosedRange<Double> { x - 6...x + whole * 1.04 + 6 }
      if isOptional, taken.contains(where: { $0.overlaps(own()) }) { return }
      // On narrow pages a head stands further to the right than its column.
      if let last = taken.last, last.overlaps(own()) { x = last.upperBound + 6 }
      taken.append(own())
      for badge in badges {
        builder.figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: x, y: y - sizes.points(13), width: badge.width, height: sizes.points(17)),
            text: badge.text,
            textSize: size, isBold: true, fill: .backwardBadge, stroke: .gradientInk, isRounded: true,
            classes: ["order", "step-\(badge.step)"]))
        x += badge.width + 4
      }
      builder.figure.labels.append(
        Figure.Label(run: run, origin: Point(x: x, y: y), width: run.width, classes: ["head"]))
    }
    if !network.network.sources.isEmpty { add(words.inputs, network.heads.sources, of: []) }
    for (layer, neurons) in network.network.layers.enumerated() {
      let isLast = layer == network.network.layers.count - 1
      add(
        isLast ? words.outputNeurons(neurons.count) : words.hiddenNeurons(neurons.count), network.heads.layers[layer],
        of: neurons.flatMap { [$0.net, $0.result] })
    }
    if let rest = network.heads.rest, graph.loss != nil {
      add(words.errorsAndLoss, rest, of: network.plan.rest.boxes.map(\.node))
    }
    for (layer, neurons) in network.network.layers.enumerated() {
      let hasShares = stage == .backward && network.edges.contains { $0.layer == layer && $0.share != nil }
      add(
        hasShares ? words.weightsAndShares : words.weightsOfNetwork, network.heads.weights[layer],
        of: neurons.flatMap { $0.weights.map(\.node) + [$0.bias?.node].compactMap { $0 } }, isOptional: true)
    }
  }

  private func badgeWidth(_ text: String) -> Double {
    max(sizes.points(17), TextMetrics.width(of: text, size: Measure.valueSize * sizes.scale, bold: true) + 8).rounded(
      .up)
  }

  /// The steps in which the gradients of a column come, the first at the right, as the gradients do.
  private func steps(of nodes: [Int]) -> [(text: String, step: Int)] {
    guard stage == .backward, !builder.context.marks.areHidden else { return [] }
    let all = nodes.filter(builder.isReached).compactMap { builder.context.steps[$0] }.sorted(by: >)
    let steps = all.indices.filter { $0 == 0 || all[$0] != all[$0 - 1] }.map { all[$0] }
    guard let first = steps.first, let last = steps.last else { return [] }
    if steps.count > 3 { return [("\(last)–\(first)", first)] }
    return steps.map { ("\($0)", $0) }
  }
}
