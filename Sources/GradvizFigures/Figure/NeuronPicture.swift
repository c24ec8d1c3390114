import Autograd
import GradvizDrawing
import GradvizGraph

/// A neuron as in textbooks, with its numbers: all samples queueing at the left, weights on their lines, Σ w·x + b,
/// the activation, and the outputs at the right.
struct NeuronPicture {
  private let context: FigureContext
  private let neuron: SingleNeuron
  /// Whether the targets stand below the inputs.
  private let showsTargets: Bool
  private var notation: Notation { context.text.notation }
  private var graph: ComputationGraph { context.graph }

  private static let radius = 50.0
  private static let size = 12.5
  private static let chipHeight = 20.0
  private static let maxSamples = 6
  /// Above and below the circle, for words.
  private static let callOutHeight = 22.0

  /// Returns nil if the graph is not a single neuron.
  init?(_ context: FigureContext, showsTargets: Bool = false) {
    guard let neuron = SingleNeuron(context.graph) else { return nil }
    self.context = context
    self.neuron = neuron
    self.showsTargets = showsTargets
  }

  private var shownSamples: Int { min(neuron.outputs.count, Self.maxSamples) }
  private var rowPitch: Double { neuron.weights.count > 4 ? 24 : 30 }

  private func value(_ node: Int) -> String {
    notation.format(ofValue: node).text(graph.nodes[node].value[0])
  }

  /// A name without the sample that it belongs to.
  private func label(_ node: Int) -> [Inline] {
    notation.name(node, size: Self.size, ofEverySample: true).map { .run($0) }
  }

  private static func width(_ items: [Inline]) -> Double { Typesetter.extent(items).width }

  private func name(_ node: Int) -> [Inline] { notation.name(node, size: Self.size).map { .run($0) } }

  private func width(_ text: String) -> Double { Figure.Run(text: text, size: Self.size).width }

  /// The targets by sample; empty where a sample has none, or several.
  private var targets: [Int] {
    guard showsTargets else { return [] }
    let targets = graph.nodes.indices.filter { graph.nodes[$0].role == .target && graph.nodes[$0].isLeaf }
    return targets.count == neuron.outputs.count ? targets : []
  }

  /// Where the parts stand, from the left.
  private struct Columns {
    var label: Double
    var cell: Double
    var samples: Int
    var queueRight: Double { label + Double(samples) * (cell + 4) - 4 }
    var weightName: Double
    var weight: Double
    var weightLeft: Double { queueRight + 20 }
    var center: Double { weightLeft + weight + 22 + NeuronPicture.radius }
    var outputName: Double
    var output: Double
    var outputLeft: Double { center + NeuronPicture.radius + 40 }
  }

  private var columns: Columns {
    let labels = neuron.inputs[0].map { Self.width(label($0)) } + targets.prefix(1).map { Self.width(label($0)) }
    let cells = (neuron.inputs.joined() + targets).map { width(value($0)) }
    let names = neuron.weights.map { Self.width(name($0)) + 10 }
    let weights = neuron.weights.map { width(value($0)) + 12 }
    let outputs = neuron.outputs.prefix(shownSamples)
    let outputNames = outputs.map { Self.width(name($0)) + 12 }
    let outputValues = outputs.map { width(value($0)) + 14 }
    let weightName = names.max() ?? 0
    let outputName = outputNames.max() ?? 0
    return Columns(
      label: (labels.max() ?? 0) + 10, cell: max(30, (cells.max() ?? 0) + 12), samples: shownSamples,
      weightName: weightName, weight: weightName + (weights.max() ?? 0), outputName: outputName,
      output: outputName + (outputValues.max() ?? 0))
  }

  /// Adds the picture with its top left at `origin`; returns its size.
  func add(to figure: inout Figure, at origin: Point) -> Size {
    let columns = columns
    let rows = Double(neuron.weights.count) * rowPitch
    let height = max(2 * Self.radius, rows, Double(shownSamples) * 24) + 2 * Self.callOutHeight
    let middle = origin.y + height / 2
    let center = Point(x: origin.x + columns.center, y: middle)
    addCircle(at: center, to: &figure)
    for row in neuron.weights.indices {
      let y = middle + (Double(row) - Double(neuron.weights.count - 1) / 2) * rowPitch
      addRow(row, y, origin.x, columns, center, to: &figure)
    }
    let first = middle - Double(neuron.weights.count - 1) / 2 * rowPitch
    let last = middle + Double(neuron.weights.count - 1) / 2 * rowPitch
    if shownSamples > 1 { addDiscs(origin.x, first - 22, columns, to: &figure) }
    var bottom = origin.y + height
    if !targets.isEmpty {
      let y = max(last + 36, middle + 40)
      addCells(targets, y, origin.x, columns, to: &figure)
      bottom = max(bottom, y + 16)
    }
    addOutputs(origin.x + columns.outputLeft, center, columns, to: &figure)
    addCallOuts(origin.x, columns, center, firstRow: first, to: &figure)
    return Size(width: columns.outputLeft + columns.output + 2, height: bottom - origin.y)
  }

  /// How far from the picture's left the weights end.
  var rightOfWeights: Double { columns.weightLeft + columns.weight }

  /// By sample, how far below the picture's top the middle of its output is.
  var outputOffsets: [Double] {
    let height =
      max(2 * Self.radius, Double(neuron.weights.count) * rowPitch, Double(shownSamples) * 24) + 2 * Self.callOutHeight
    return (0..<shownSamples).map { height / 2 + (Double($0) - Double(shownSamples - 1) / 2) * 24 }
  }

  // MARK: Inputs

  /// The numbers of one value of every sample, the first sample nearest to the neuron.
  private func addCells(_ nodes: [Int], _ y: Double, _ left: Double, _ columns: Columns, to figure: inout Figure) {
    Typesetter.set(label(nodes[0]), at: Point(x: left, y: y + 4.5), in: &figure)
    for (place, node) in nodes.prefix(shownSamples).reversed().enumerated() {
      let x = left + columns.label + Double(place) * (columns.cell + 4)
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: x, y: y - Self.chipHeight / 2, width: columns.cell, height: Self.chipHeight),
          text: value(node), textSize: Self.size, fill: .data, stroke: .line,
          classes: graph.nodes[node].role == .target ? ["targets"] : []))
    }
  }

  private func addDiscs(_ left: Double, _ y: Double, _ columns: Columns, to figure: inout Figure) {
    for place in 0..<shownSamples {
      let lane = shownSamples - 1 - place
      let x = left + columns.label + Double(place) * (columns.cell + 4) + columns.cell / 2
      var disc = Figure.Disc.sample(lane, tint: context.laneInk(lane), at: Point(x: x, y: y))
      disc.id = "neuron-sample-\(lane + 1)"
      figure.discs.append(disc)
    }
  }

  private func addRow(
    _ row: Int, _ y: Double, _ left: Double, _ columns: Columns, _ center: Point, to figure: inout Figure
  ) {
    addCells(neuron.inputs.map { $0[row] }, y, left, columns, to: &figure)
    let box = Rectangle(x: left + columns.weightLeft, y: y - 10, width: columns.weight, height: Self.chipHeight)
    let drop = y - center.y
    let rim = center.x - max(0, Self.radius * Self.radius - drop * drop).squareRoot()
    for (number, path) in [
      Path(from: Point(x: left + columns.queueRight, y: y), to: Point(x: box.x, y: y)),
      Path(from: Point(x: box.right, y: y), to: Point(x: max(rim, box.right + 6), y: y)),
    ].enumerated() {
      figure.arrows.append(
        Figure.Arrow(
          id: "neuron-input-\(row + 1)-\(number + 1)", kind: .note, tail: "neuron-disc", head: "neuron-disc",
          path: path,
          hasHead: number == 1))
    }
    addNamed(neuron.weights[row], box, columns.weightName, ["weight"], to: &figure)
  }

  /// A name in its tint, and the number beside it.
  private func addNamed(
    _ node: Int, _ box: Rectangle, _ nameWidth: Double, _ classes: [String], to figure: inout Figure
  ) {
    let name = name(node)
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(x: box.x + nameWidth, y: box.y, width: box.width - nameWidth, height: box.height),
        text: value(node), textSize: Self.size, fill: .plain, stroke: .line, classes: classes))
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(x: box.x, y: box.y, width: nameWidth, height: box.height), fill: graph.nodes[node].role.tint,
        stroke: .line, classes: classes))
    Typesetter.set(
      name, at: Point(x: box.x + (nameWidth - Self.width(name)) / 2, y: box.y + 14.5), in: &figure)
  }

  // MARK: The neuron and its outputs

  private func addCircle(at center: Point, to figure: inout Figure) {
    figure.discs.append(
      Figure.Disc(
        id: "neuron-disc", classes: ["neuron"], tooltip: context.words.neuron, center: center,
        size: Size(width: 2 * Self.radius, height: 2 * Self.radius), text: "", textSize: 12, fill: .page))
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(x: center.x + 10, y: center.y - Self.radius + 1, width: 1, height: 2 * Self.radius - 2),
        fill: .line))
    let left = center.x - Self.radius
    let words = "Σ " + MathText(TypesetName(asWritten: "w")) + "·" + MathText(TypesetName(asWritten: "x"))
    let sum = words.runs(size: 13).map { Inline.run($0) }
    let sumX = left + (Self.radius + 10 - Typesetter.extent(sum).width) / 2 + 1
    Typesetter.set(sum, at: Point(x: sumX, y: center.y + (neuron.bias == nil ? 4 : -4)), in: &figure)
    if let bias = neuron.bias {
      let sign = Figure.Run(text: "+ ", size: 13, isBold: true)
      let name = name(bias)
      let x = left + (Self.radius + 10 - sign.width - Self.width(name)) / 2
      Typesetter.set([.run(sign)], at: Point(x: x, y: center.y + 17), in: &figure)
      let box = Rectangle(x: x + sign.width - 2, y: center.y + 5, width: Self.width(name) + 6, height: 17)
      figure.chips.append(
        Figure.Chip(frame: box, fill: graph.nodes[bias].role.tint, isRounded: true, classes: ["weight"]))
      Typesetter.set(name, at: Point(x: x + sign.width + 1, y: center.y + 17), in: &figure)
    }
    let word = notation.text(neuron.activation == .sigmoid ? "σ" : neuron.activation.rawValue, size: Self.size)
    let wordX = center.x + 10 + (Self.radius - 10 - Typesetter.extent([word]).width) / 2 - 1
    Typesetter.set([word], at: Point(x: wordX, y: center.y + 4), in: &figure)
  }

  private func addOutputs(
    _ left: Double, _ center: Point, _ columns: Columns, to figure: inout Figure
  ) {
    let outputs = neuron.outputs.prefix(shownSamples)
    var boxes: [Rectangle] = []
    for (lane, output) in outputs.enumerated() {
      let y = center.y + (Double(lane) - Double(outputs.count - 1) / 2) * 24
      let box = Rectangle(x: left, y: y - 10, width: columns.output, height: Self.chipHeight)
      addNamed(output, box, columns.outputName, ["output"], to: &figure)
      boxes.append(box)
    }
    let end = outputs.count > 1 ? left - 8 : left - 1
    figure.arrows.append(
      Figure.Arrow(
        id: "neuron-output", kind: .note, tail: "neuron-disc", head: "neuron-disc",
        path: Path(from: Point(x: center.x + Self.radius, y: center.y), to: Point(x: end, y: center.y))))
    guard outputs.count > 1, let first = boxes.first, let last = boxes.last else { return }
    figure.arrows.append(
      Figure.Arrow(
        id: "neuron-bracket", kind: .note, tail: "neuron-disc", head: "neuron-disc",
        path: Path(
          through: [
            Point(x: left - 2, y: first.y), Point(x: left - 7, y: first.y), Point(x: left - 7, y: last.bottom),
            Point(x: left - 2, y: last.bottom),
          ], radius: 2), hasHead: false))
  }

  // MARK: Words

  /// The words of the parts, with lines to them.
  private func addCallOuts(
    _ left: Double, _ columns: Columns, _ center: Point, firstRow: Double, to figure: inout Figure
  ) {
    let words = context.words
    let below = center.y + Self.radius + 16
    let weightX = left + columns.weightLeft + columns.weight / 2
    let outputs = Double(shownSamples - 1) / 2 * 24 + 10
    let outputX = left + columns.outputLeft + columns.output / 2
    var places: [(text: String, x: Double, y: Double, from: Point, to: Point)] = [
      (words.weights, weightX, firstRow - 28, Point(x: weightX, y: firstRow - 24), Point(x: weightX, y: firstRow - 11)),
      (
        words.activation, center.x + 50, below, Point(x: center.x + 38, y: below - 12),
        Point(x: center.x + 28, y: center.y + 10)
      ),
      (
        shownSamples > 1 ? words.outputs : words.output, outputX, center.y + outputs + 26,
        Point(x: outputX, y: center.y + outputs + 13), Point(x: outputX, y: center.y + outputs + 1)
      ),
    ]
    if neuron.bias != nil {
      places.append(
        (
          words.bias, center.x - 34, below, Point(x: center.x - 32, y: below - 12),
          Point(x: center.x - 20, y: center.y + 24)
        ))
    }
    if shownSamples == 1 {
      let x = left + columns.label + columns.cell / 2
      places.append((words.inputs, x, firstRow - 28, Point(x: x, y: firstRow - 24), Point(x: x, y: firstRow - 11)))
    }
    for (number, place) in places.enumerated() {
      let run = Figure.Run(text: place.text, size: Self.size, tint: .muted)
      figure.labels.append(
        Figure.Label(
          run: run, origin: Point(x: place.x - run.width / 2, y: place.y), width: run.width, classes: ["call-out"]))
      figure.arrows.append(
        Figure.Arrow(
          id: "neuron-note-\(number + 1)", classes: ["call-out"], kind: .note, tail: "neuron-disc", head: "neuron-disc",
          path: Path(from: place.from, to: place.to), tint: .muted, width: 0.8))
    }
  }
}
