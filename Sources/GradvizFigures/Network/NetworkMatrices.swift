import GradvizDrawing
import GradvizGraph

/// The weights and biases whose wires have no chips, as arrays below the graph.
extension NetworkSheet {
  /// The weights between two layers as an array with a row for each value that they take.
  struct Matrix {
    var layer: Int
    var node: ComputationGraph.Node
    var content: MatrixContent
    var nameWidth: Int
    var frame: Rectangle
  }

  mutating func addMatrices(_ text: ValueText) {
    var (start, low) = (bottom + 10, bottom)
    var right = 0.0
    for layer in network.layers.indices {
      guard case .lines = plan.wires[layer] else { continue }
      let nodes = [weights(layer, text.graph), biases(layer, text.graph)].compactMap { $0 }.map { node in
        (node, MatrixContent(node, format: text.notation.format, words: text.notation.words))
      }
      let widest = nodes.reduce(0) { max($0, $1.1.width) }
      if right > 0, right + 12 + Double(widest) + 60 > width - Measure.sheetMargin { (start, right) = (low, 0) }
      var top = start
      for (node, content) in nodes {
        let name = TextLine(MathText(TypesetName(node.name)).runs(size: Measure.valueSize)).width
        let shape = TextMetrics.width(of: BoxSizes.shape(node), size: Measure.derivativeSize)
        let nameWidth = Int((max(name, shape, 22) * 1.02 + 4).rounded(.up))
        let gradient = node.gradient == nil ? 0 : content.height + 6
        let size = Size(width: Double(nameWidth + content.width + 8), height: Double(content.height + 6 + gradient + 2))
        let left = max(right + 12, min(heads.weights[layer] - size.width / 2, width - Measure.sheetMargin - size.width))
        matrices.append(
          Matrix(
            layer: layer, node: node, content: content, nameWidth: nameWidth,
            frame: Rectangle(x: left.rounded(), y: top.rounded(), width: size.width, height: size.height)))
        top += size.height + 10
        low = max(low, top)
      }
      right = matrices.filter { $0.layer == layer }.map(\.frame.right).max() ?? right
    }
    lower(to: low)
  }

  private func array(_ nodes: [Int], shape: [Int], _ graph: ComputationGraph, _ id: String) -> ComputationGraph.Node? {
    guard !nodes.isEmpty else { return nil }
    let values = nodes.map { graph.nodes[$0] }
    let gradients = values.compactMap { $0.gradient?.first }
    let updated = values.compactMap { $0.updated?.first }
    let name = values[0].array ?? Self.name(ofArray: values[0].name, rank: shape.count)
    return ComputationGraph.Node(
      id: id, name: name, role: .parameter, shape: shape,
      value: values.map { $0.value[0] }, gradient: gradients.count == nodes.count ? gradients : nil,
      updated: updated.count == nodes.count ? updated : nil)
  }

  /// The name of the array with an element of this name, in a graph that does not say it: `W1` of `W1_2_3`, `h.w` of
  /// `h.w2_3`.
  private static func name(ofArray element: String, rank: Int) -> String {
    let parts = element.split(separator: "_")
    guard parts.count == rank + 1, let first = parts.first else { return TypesetName(element).base }
    return String(first)
  }

  private func weights(_ layer: Int, _ graph: ComputationGraph) -> ComputationGraph.Node? {
    let froms = layer == 0 ? network.sources : network.layers[layer - 1].map(\.result)
    let nodes = froms.flatMap { from in
      network.layers[layer].compactMap { neuron in neuron.weights.first { $0.from == from }?.node }
    }
    // A layer that leaves out some wires is not an array.
    guard nodes.count == froms.count * network.layers[layer].count else { return nil }
    return array(nodes, shape: [froms.count, network.layers[layer].count], graph, "weights-\(layer + 1)")
  }

  private func biases(_ layer: Int, _ graph: ComputationGraph) -> ComputationGraph.Node? {
    guard !isShared(layer) else { return nil }
    let nodes = network.layers[layer].compactMap(\.bias?.node)
    guard nodes.count == network.layers[layer].count else { return nil }
    return array(nodes, shape: [nodes.count], graph, "weights-\(layer + 1)-biases")
  }
}

extension NetworkStage {
  mutating func addMatrices() {
    for matrix in network.matrices {
      let node = matrix.node
      let isUpdate = stage == .update
      var rows = [
        matrix.content.row(
          isUpdate ? node.updated ?? node.value : node.value, ink: .ink, isBold: isUpdate,
          fill: isUpdate ? .updateRow : nil)
      ]
      let isReached = network.network.layers[matrix.layer].allSatisfy { neuron in
        neuron.weights.allSatisfy { builder.isReached($0.node) }
      }
      if let gradient = node.gradient, stage == .backward, isReached {
        rows.append(matrix.content.row(gradient, ink: .gradientInk, isBold: true, fill: .backwardRow))
      } else {
        rows[0].height = Int(matrix.frame.height) - 2
      }
      builder.figure.boxes.append(
        Figure.Box(
          id: node.id, classes: ["weights", "parameter"], tooltip: "", frame: matrix.frame,
          name: [
            MathText(TypesetName(node.name)).runs(size: Measure.valueSize),
            [Figure.Run(text: BoxSizes.shape(node), size: Measure.derivativeSize, tint: .muted)],
          ], nameWidth: matrix.nameWidth, nameFill: .parameter, rows: rows))
    }
  }

  /// What the stage's figure says above the network.
  mutating func addSentence() {
    if builder.context.hiddenParts.contains(.title) { return }
    for (number, line) in NetworkSheet.sentence(stage, network.plan, width: network.width).enumerated() {
      let run = Figure.Run(text: line, size: NetworkSheet.sentenceSize, tint: .muted)
      builder.figure.labels.append(
        Figure.Label(
          run: run,
          origin: Point(x: Measure.margin, y: network.sentenceTop + NetworkSheet.lineHeight * Double(number) + 12),
          width: run.width, classes: ["sentence"]))
    }
  }
}

extension NetworkSheet {
  /// An arrow from the rule to each column of weights, up to the lowest of its chips or to its matrix.
  func addUpdateFlow(to figure: inout Figure) {
    guard let panel = figure.regions.first(where: { $0.id == "panel" })?.frame else { return }
    for layer in network.layers.indices {
      let chips = edges.filter { $0.layer == layer }.compactMap { edge in edge.chip.map { (edge.parameter, $0) } }
      let lowest =
        matrices.last { $0.layer == layer }.map { (id: $0.node.id, frame: $0.frame) }
        ?? chips.max { $0.1.y < $1.1.y }.map { place in
          (id: figure.boxes.first { $0.frame == place.1 }?.id ?? "panel", frame: place.1)
        }
      guard let lowest, let x = openColumn(below: lowest.frame, to: panel.y) else { continue }
      var corners = [Point(x: x, y: panel.y), Point(x: x, y: lowest.frame.bottom)]
      if x > panel.right - 12 {
        corners =
          [
            Point(x: panel.right - 12, y: panel.y), Point(x: panel.right - 12, y: panel.y - 9),
            Point(x: x, y: panel.y - 9),
          ]
          + corners.dropFirst()
      }
      figure.arrows.append(
        Figure.Arrow(
          id: "update-\(layer + 1)", kind: .update, tail: "panel", head: lowest.id,
          path: Path(through: corners, radius: 6).onGrid,
          line: .dotted, tint: .updateInk, width: 1.5))
    }
  }

  /// Where an arrow comes up to a box without passing another.
  private func openColumn(below frame: Rectangle, to bottom: Double) -> Double? {
    let obstacles = places.map(\.frame) + matrices.map(\.frame)
    for offset in stride(from: 0.0, through: frame.width / 2 - 8, by: 8) {
      for x in [frame.center.x - offset, frame.center.x + offset] {
        let way = Rectangle(x: x - 4, y: frame.bottom + 1, width: 8, height: max(bottom - frame.bottom - 2, 1))
        if !obstacles.contains(where: { $0.intersects(way) }) { return x }
      }
    }
    return nil
  }
}
