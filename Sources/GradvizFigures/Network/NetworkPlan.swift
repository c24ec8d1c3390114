import GradvizDrawing
import GradvizGraph

/// What of a network a sheet has room for: chips on the wires, the parts of a gradient, all steps of the loss.
struct NetworkPlan {
  enum Wires {
    /// A chip with name, value and gradient on each wire, and the shares beside it.
    case chips(withShares: Bool)
    /// Width and color; the numbers in a matrix below.
    case lines
  }

  let sizes: NetworkSizes
  let rest: NetworkRest
  /// By layer, the wires that lead to it.
  var wires: [Wires]
  /// By layer, whether its neurons are discs without numbers.
  var isCompact: [Bool]
  /// Neurons that have their numbers in any case, by their results.
  let chosen: Set<Int>
  var gaps: [Double] = []

  private static let maxChips = 16
  static let maxNeurons = 8

  private var network: NeuralNetwork { sizes.network }

  /// - Parameter room: between the margins.
  init(_ network: NeuralNetwork, _ text: ValueText, sizes: NetworkSizes, chosen: Set<Int>, room: Double) {
    let wires = network.layers.indices.map { layer -> Wires in
      let edges = network.layers[layer].reduce(0) { $0 + $1.weights.count }
      return edges > Self.maxChips ? .lines : .chips(withShares: Self.hasShares(network, layer, text.graph))
    }
    let isCompact = network.layers.map { $0.count > Self.maxNeurons }
    let full = NetworkRest(network, text, isFolded: false)
    let folded = NetworkRest(network, text, isFolded: true)
    let rests = [full, folded].compactMap { $0 }
    var variants: [NetworkPlan] = []
    func add(_ wires: [Wires], _ isCompact: [Bool]) {
      variants += rests.map { NetworkPlan(sizes, $0, wires, isCompact, chosen) }
    }
    add(wires, isCompact)
    add(wires.map { if case .chips = $0 { .chips(withShares: false) } else { .lines } }, isCompact)
    // The largest pairs of layers lose their chips first.
    var fewer = wires
    for layer in wires.indices.sorted(by: { network.edgeCount(to: $0) > network.edgeCount(to: $1) }) {
      fewer[layer] = .lines
      add(fewer, isCompact)
    }
    add(fewer, network.layers.indices.map { $0 < network.layers.count - 1 || isCompact[$0] })
    self = variants.first { $0.minWidth <= room } ?? variants[variants.count - 1]
    let spare = max(room - minWidth, 0)
    // Wires that fan out need it more than those that are level.
    let parts = Double(2 * gaps.count + 1)
    gaps = gaps.map { ($0 + min(2 * spare / parts, sizes.points(160))).rounded(.down) }
  }

  private init(
    _ sizes: NetworkSizes, _ rest: NetworkRest, _ wires: [Wires], _ isCompact: [Bool], _ chosen: Set<Int>
  ) {
    self.sizes = sizes
    self.rest = rest
    self.wires = wires
    self.isCompact = isCompact
    self.chosen = chosen
    gaps = wires.indices.map { layer in
      switch wires[layer] {
      case .chips(let withShares):
        sizes.chips[layer].width + sizes.points(44) + (withShares ? sizes.shares[layer] + sizes.points(30) : 0)
      case .lines: sizes.points(96) + chosenChips(layer)
      }
    }
  }

  /// The chips on the wires of chosen neurons among many.
  private func chosenChips(_ layer: Int) -> Double {
    network.layers[layer].contains { chosen.contains($0.result) } ? sizes.chips[layer].width : 0
  }

  private static func hasShares(_ network: NeuralNetwork, _ layer: Int, _ graph: ComputationGraph) -> Bool {
    layer > 0
      && network.layers[layer - 1].contains { neuron in
        network.userCount(of: neuron.result, in: layer) > 1 && graph.nodes[neuron.result].gradient != nil
      }
  }

  func isDisc(_ layer: Int, _ neuron: NeuralNetwork.Neuron) -> Bool {
    isCompact[layer] && !chosen.contains(neuron.result)
  }

  /// The width of a layer's column.
  func width(_ layer: Int) -> Double {
    network.layers[layer].reduce(sizes.points(20)) { isDisc(layer, $1) ? $0 : max($0, sizes.neuron($1).width) }
  }

  var discSize: Double { sizes.points(18) }

  var minWidth: Double {
    network.layers.indices.reduce(sizes.sources.width + restWidth) { $0 + gaps[$1] + width($1) }
  }

  // MARK: The rest

  func boxWidth(_ box: NetworkRest.Box) -> (tab: Double, name: Int, value: Int) {
    let text = sizes.text
    let size = tabSize(box.tab)
    let tab = max(sizes.points(18), TextLine([Figure.Run(text: box.tab, size: size)]).width * 1.02 + 6).rounded(.up)
    let name = text.notation.name(box.node, size: Measure.nameSize * sizes.scale, isBold: true).width
    let texts = [text.value(box.node)] + [text.gradient(box.node)?.plain].compactMap { $0 }
    let runs = texts.map { Figure.Run(text: $0, size: Measure.valueSize * sizes.scale, isBold: true) }
    let value = runs.map { TextLine([$0]).width }.max() ?? 0
    return (tab, max(Int(sizes.points(24)), Int((name * 1.02 + 5).rounded(.up))), Int((value * 1.02 + 5).rounded(.up)))
  }

  func tabSize(_ tab: String) -> Double { (tab.count > 2 ? Measure.valueSize : 14) * sizes.scale }

  func size(of local: LocalDerivative) -> Size {
    guard case .rule(let words) = local else { return local.size }
    let line = TextLine(words.runs(size: sizes.markSize))
    // In a smaller figure indices and exponents are as high as before.
    let more = line.isStacked ? 6.0 : sizes.scale < 1 && line.hasExponent ? 1.5 : 0
    return Size(width: (line.width * 1.02 + sizes.points(12)).rounded(.up), height: sizes.markHeight + more)
  }

  /// The width of a column of boxes, without the gap before it.
  func restWidth(_ column: Int) -> Double {
    rest.boxes.filter { $0.column == column }.reduce(0) { most, box in
      let own = boxWidth(box)
      let leaves = box.leaves.reduce(-sizes.points(8)) { $0 + sizes.leafCells($1).width + sizes.points(8) }
      return max(most, own.tab + Double(own.name + own.value) + 2, leaves)
    }
  }

  /// The gap before a column of boxes: marks that stand beside each other hang below the first one.
  func restGap(_ column: Int) -> Double {
    let boxes = rest.boxes.filter { $0.column == column }
    let widest = boxes.flatMap(\.operands).compactMap(\.local).reduce(0) { max($0, size(of: $1).width) }
    let isLevel = column == 0 && boxes.allSatisfy { $0.operands.count == 1 }
    let most = boxes.reduce(0) { max($0, $1.operands.count) }
    return isLevel ? sizes.points(48) : max(sizes.points(44), widest + sizes.points(24 + 8 * Double(most)))
  }

  private var restWidth: Double {
    (0..<rest.columnCount).reduce(0) { $0 + restGap($1) + restWidth($1) }
  }
}

extension NeuralNetwork {
  func edgeCount(to layer: Int) -> Int { layers[layer].reduce(0) { $0 + $1.weights.count } }
}
