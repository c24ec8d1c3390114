import GradvizDrawing
import GradvizGraph

/// Where everything in a network stands, the same through all stages.
struct NetworkSheet {
  /// A wire with a weight.
  struct Edge {
    var layer: Int
    var neuron: NeuralNetwork.Neuron
    /// nil for the wire of a bias.
    var weight: NeuralNetwork.Weight?
    var parameter: Int
    /// nil where the wire's width and color stand for the numbers.
    var chip: Rectangle?
    var share: Point?
    /// From the value to the chip and on to the neuron, and the gradient's way back.
    var forward: [Path] = []
    var gradient: [Path] = []
  }

  /// A bias of several neurons.
  struct SharedBias {
    var node: Int
    var layer: Int
    var frame: Rectangle
    /// Its wires to the neurons.
    var paths: [Path]
  }

  private(set) var plan: NetworkPlan
  var network: NeuralNetwork { plan.sizes.network }
  private(set) var sources = OrderedTable<Int, Rectangle>()
  /// The round frames of neurons, or discs, by their results.
  private(set) var frames = OrderedTable<Int, Rectangle>()
  var edges: [Edge] = []
  var biases: [SharedBias] = []
  var restFrames = OrderedTable<Int, Rectangle>()
  var leafFrames: [(node: Int, box: Int, frame: Rectangle)] = []
  /// Below the graph, the numbers of the weights that have no chips.
  var matrices: [Matrix] = []
  /// The middles of the columns of inputs, of weights by layer, of layers, and of what follows.
  private(set) var heads: (sources: Double, weights: [Double], layers: [Double], rest: Double?) = (0, [], [], nil)
  private(set) var top: Double
  /// Where the figure's sentence begins, and how wide the figure is.
  var sentenceTop = 0.0
  var width = 0.0
  private(set) var bottom: Double = 0

  static let headHeight = 26.0

  /// - Parameter origin: the upper left corner of the column heads.
  init(_ plan: NetworkPlan, origin: Point, raisedBy rise: Double = 0) {
    self.plan = plan
    top = origin.y
    let sizes = plan.sizes
    let (columns, height) = columnHeights()
    let start = origin.y + Self.headHeight - rise
    var x = origin.x
    heads.sources = x + sizes.sources.width / 2
    for (place, source) in network.sources.enumerated() {
      let middle = columns[0].middle(place, within: height)
      sources[source] = Rectangle(
        x: x, y: (start + middle - sourceHeight / 2).rounded(), width: sizes.sources.width, height: sourceHeight)
    }
    x += sizes.sources.width
    for (layer, neurons) in network.layers.enumerated() {
      let left = x + plan.gaps[layer]
      let width = plan.width(layer)
      for (place, neuron) in neurons.enumerated() {
        let middle = start + columns[layer + 1].middle(place, within: height)
        let size = plan.isDisc(layer, neuron) ? Size(width: plan.discSize, height: plan.discSize) : sizes.neuron(neuron)
        frames[neuron.result] = Rectangle(
          x: (left + (width - size.width) / 2).rounded(), y: (middle - size.height / 2).rounded(), width: size.width,
          height: size.height)
      }
      heads.weights.append(x + plan.gaps[layer] * 0.62)
      heads.layers.append(left + width / 2)
      x = left + width
    }
    bottom = start
    for layer in network.layers.indices { addBiases(layer) }
    for layer in network.layers.indices { addEdges(layer, height: height, start: start) }
    addRest(left: x)
    let boxes =
      frames.values + sources.values + restFrames.values + biases.map(\.frame) + edges.compactMap(\.chip)
      + leafFrames.map(\.frame)
    for frame in boxes { bottom = max(bottom, frame.bottom + 8) }
    for share in edges.compactMap(\.share) { bottom = max(bottom, share.y + plan.sizes.shareHeight / 2 + 8) }
    if plan.isCompact.contains(false) {
      for frame in frames.values where frame.width > plan.discSize { bottom = max(bottom, frame.bottom + 2 * markDrop) }
    }
    // Columns of unlike heights leave room at the top.
    let slack = (boxes.map(\.y).min() ?? 0) - origin.y - Self.headHeight
    if rise == 0, slack > 2 { self = NetworkSheet(plan, origin: origin, raisedBy: slack.rounded(.down)) }
  }

  /// Where the rightmost of its boxes ends.
  var right: Double {
    (frames.values + restFrames.values + leafFrames.map(\.frame) + matrices.map(\.frame)).map(\.right).max() ?? 0
  }
  var sourceHeight: Double { Double(plan.sizes.header) + 6 }
  /// From a neuron down to the middle of the mark below it.
  var markDrop: Double { plan.sizes.points(12) + plan.sizes.markHeight / 2 }

  // MARK: Columns

  private struct Column {
    var pitches: [Double]
    var sum: Double { pitches.reduce(0, +) }

    /// The middle of one of its members, in a column of that height.
    func middle(_ place: Int, within height: Double) -> Double {
      let spare = max(height - sum, 0) / Double(max(pitches.count, 1))
      return pitches[..<place].reduce(0) { $0 + $1 + spare } + (pitches[place] + spare) / 2
    }
  }

  private func columnHeights() -> (columns: [Column], height: Double) {
    let sizes = plan.sizes
    var columns = [Column(pitches: network.sources.map { _ in sourceHeight + sizes.points(12) })]
    var height = 0.0
    for (layer, neurons) in network.layers.enumerated() {
      let hasBiasBetween = isShared(layer) && neurons.count == 2
      columns.append(
        Column(
          pitches: neurons.map { neuron in
            plan.isDisc(layer, neuron)
              ? plan.discSize + sizes.points(6)
              : sizes.neuron(neuron).height + sizes.points(hasBiasBetween ? 96 : plan.isCompact[layer] ? 76 : 44)
          }))
      let chips = chipCount(layer)
      height = max(height, Double(chips) * (sizes.chipHeight + 4))
    }
    let rest = plan.rest.boxes.filter { $0.column == 0 }.count
    height = max(height, columns.map(\.sum).max() ?? 0, Double(rest) * sizes.points(100))
    return (columns, height.rounded(.up))
  }

  /// Whether neurons of a layer share a bias.
  func isShared(_ layer: Int) -> Bool {
    let biases = network.layers[layer].compactMap(\.bias?.node)
    return Set(biases).count < biases.count
  }

  private func chipCount(_ layer: Int) -> Int {
    guard case .chips = plan.wires[layer] else { return 0 }
    let own = isShared(layer) ? 0 : network.layers[layer].count { $0.bias != nil }
    return network.edgeCount(to: layer) + own
  }

  /// Every place of a value that is drawn, in the order of the graph.
  var places: [(node: Int, frame: Rectangle)] {
    var places = sources.map { (node: $0.key, frame: $0.value) }
    for neuron in network.neurons {
      guard let frame = frames[neuron.result] else { continue }
      guard frame.width > plan.discSize else {
        places.append((neuron.result, frame))
        continue
      }
      let inner = frame.insetBy(NetworkSizes.inset)
      let net = Double(plan.sizes.halves.net)
      if neuron.hasActivation {
        places.append(
          (neuron.net, Rectangle(x: inner.x, y: inner.y, width: min(net, inner.width), height: inner.height)))
        places.append(
          (neuron.result, Rectangle(x: inner.x + net, y: inner.y, width: inner.width - net, height: inner.height)))
      } else {
        places.append((neuron.result, inner))
      }
    }
    places += edges.compactMap { edge in edge.chip.map { (edge.parameter, $0) } }
    places += biases.map { ($0.node, $0.frame) }
    places += restFrames.map { ($0.key, $0.value) }
    places += leafFrames.map { ($0.node, $0.frame) }
    return places.sorted { ($0.node, $0.frame.y) < ($1.node, $1.frame.y) }
  }

  mutating func setRestHead(_ x: Double) { heads.rest = x }
  mutating func lower(to bottom: Double) { self.bottom = max(self.bottom, bottom) }
}
