import Autograd
import GradvizDrawing
import GradvizGraph

/// How large what stands in a network is: its letters grow and shrink with the sheet.
struct NetworkSizes {
  /// Cells of equal width in all chips of a column.
  struct Cells {
    var name = 0
    var value = 0
    var gradient = 0
    var width: Double { Double(name + value + gradient + 2) }
  }

  let text: ValueText
  let network: NeuralNetwork
  /// What everything is scaled by: 1 on a sheet of ``FigureSet/defaultWidth``.
  let scale: Double
  /// The height of a row of numbers, and of the words over them.
  private(set) var row: Int
  private(set) var header: Int
  /// The halves of a neuron, with and without an activation.
  private(set) var halves = (net: 0, output: 0)
  private(set) var sources = Cells()
  /// By layer, of its weights and biases.
  private(set) var chips: [Cells] = []
  private(set) var shares: [Double] = []
  private(set) var shareHeight = 0.0

  /// The inset of a neuron's cells from its round frame.
  static let inset = 3.0

  init(_ text: ValueText, _ network: NeuralNetwork, width: Double) {
    self.text = text
    self.network = network
    // Nine points are the least on a page.
    scale = min(1, max(width / Page.wide, 9.05 / Measure.valueSize))
    row = Int((Double(Measure.rowHeight) * scale).rounded())
    // Indices do not shrink below what can be read.
    header = row + (scale < 1 ? 2 : 0)
    setHeights()
    shareHeight = markHeight
    for neuron in network.neurons {
      let isAlone = !neuron.hasActivation
      halves.net = max(halves.net, half(neuron.net, header: header(of: neuron, isNet: true)), isAlone ? 0 : 52)
      if !isAlone { halves.output = max(halves.output, half(neuron.output, header: header(of: neuron, isNet: false))) }
    }
    for source in network.sources { sources.widen(to: cells(source, isLow: true)) }
    for neurons in network.layers {
      var own = Cells()
      var share = 0.0
      for neuron in neurons {
        for weight in neuron.weights {
          own.widen(to: cells(weight.node, isLow: false))
          let use = [(user: weight.product, position: weight.position)]
          if let words = text.share(weight.from, use) {
            share = max(share, extent(words.plain, Measure.valueSize, isBold: true) + 6)
            if words.hasIndexAndExponent || words.hasPowerOfNumber { shareHeight = points(18) + 3 }
          }
        }
        if let bias = neuron.bias { own.widen(to: cells(bias.node, isLow: false)) }
      }
      chips.append(own)
      shares.append(share.rounded(.up))
    }
  }

  /// Exponents need higher rows, as an index with an exponent does.
  private mutating func setHeights() {
    // On small sheets, too: exponents and indices do not shrink below what can be read.
    let high = BoxSizes.highRow
    let nodes = network.neurons.flatMap { neuron in
      [neuron.net, neuron.output] + neuron.weights.map(\.node) + [neuron.bias?.node].compactMap { $0 }
    }
    let texts = nodes.flatMap { [text.gradient($0), MathText(text.value($0)), text.update($0).map { MathText($0) }] }
    if texts.contains(where: { $0.map { $0.hasPowerOfNumber || $0.hasIndexAndExponent } ?? false }) { row = high }
    let heads = network.neurons.flatMap { neuron in [true, false].map { header(of: neuron, isNet: $0) } }
    let names = (heads + network.sources.map { text.notation.name($0, size: Measure.nameSize) }).map { TextLine($0) }
    if names.contains(where: \.hasIndexAndExponent) { header = max(header, high) }
  }

  private func extent(_ text: String, _ size: Double, isBold: Bool) -> Double {
    TextLine([Figure.Run(text: text, size: size * scale, isBold: isBold)]).width * 1.02 + 4
  }

  private func cells(_ node: Int, isLow: Bool) -> Cells {
    let name = text.notation.name(node, size: Measure.nameSize * scale, isBold: true).width
    let value = extent(text.value(node), Measure.valueSize, isBold: true).rounded(.up)
    var cells = Cells(
      name: max(Int(24 * scale), Int((name * 1.02 + 5).rounded(.up))), value: max(Int(30 * scale), Int(value)))
    guard !isLow else {
      let update = text.update(node).map { extent($0, Measure.valueSize, isBold: true) } ?? 0
      cells.value = max(cells.value, Int(update.rounded(.up)))
      return cells
    }
    let gradient = text.gradient(node).map { extent($0.plain, Measure.valueSize, isBold: true) } ?? 0
    let update = text.update(node).map { extent($0, Measure.valueSize, isBold: true) } ?? 0
    cells.gradient = Int(max(gradient, update - Double(cells.value), 0).rounded(.up))
    return cells
  }

  private func half(_ node: Int, header: [Figure.Run]) -> Int {
    let gradient = text.gradient(node).map { extent($0.plain, Measure.valueSize, isBold: true) } ?? 0
    let value = extent(text.value(node), Measure.valueSize, isBold: true)
    return Int(max(gradient, value, header.width * 1.02 + 6).rounded(.up))
  }

  /// The words over the halves of a neuron: `net`, and `h₁ = σ(net)`.
  func header(of neuron: NeuralNetwork.Neuron, isNet: Bool, tint: Tint = .ink) -> [Figure.Run] {
    let size = Measure.valueSize * scale
    func name(_ node: Int) -> [Figure.Run] { text.notation.name(node, size: size, tint: tint, isBold: true) }
    func words(_ words: String) -> Figure.Run {
      Figure.Run(text: words, size: size, tint: tint == .ink ? .muted : tint)
    }
    if isNet {
      let own = neuron.hasActivation ? neuron.net : neuron.result
      guard text.graph.nodes[own].isNamed else { return [words("net")] }
      return neuron.hasActivation ? name(own) : name(own) + [words(" = net")]
    }
    let symbol = OperationSymbol.text(text.graph.nodes[neuron.output], text.notation.words)
    return name(neuron.result) + [words(" = \(symbol)(net)")]
  }

  func points(_ length: Double) -> Double { (length * scale * 4).rounded() / 4 }

  /// A neuron with its round frame.
  func neuron(_ neuron: NeuralNetwork.Neuron) -> Size {
    Size(
      width: Double(halves.net + (neuron.hasActivation ? halves.output : 0)) + 2 * Self.inset,
      height: Double(header + 2 * row) + 2 * Self.inset)
  }
  /// The cells of a target.
  func leafCells(_ leaf: Int) -> Cells { cells(leaf, isLow: true) }
  /// The letters of marks on wires, and how high those are.
  var markSize: Double { Measure.valueSize * scale }
  var markHeight: Double { points(18) + (scale < 1 ? 3 : 0) }
  /// From the middle of a neuron down to that of its gradient.
  var gradientDrop: Double { Double(header + row) / 2 }
  /// The chip of a weight.
  var chipHeight: Double { Double(row) + 4 }
}

extension NetworkSizes.Cells {
  mutating func widen(to other: Self) {
    name = max(name, other.name)
    value = max(value, other.value)
    gradient = max(gradient, other.gradient)
  }
}
