import Autograd
import GradvizDrawing

/// A neuron as in textbooks: inputs, Σ w·x + b, activation, output.
struct NeuronPicture {
  private let context: FigureContext
  private let inputs: [Int]
  private let weights: [Int]
  private let bias: Int?
  private let activation: Tape.Operation
  private let output: Int

  private static let radius = 50.0
  private static let inputGap = 30.0

  /// Returns nil if the graph is not a single neuron.
  init?(_ context: FigureContext) {
    let graph = context.graph
    guard graph.level == .scalar else { return nil }
    let results = graph.nodes.indices.filter {
      graph.nodes[$0].role == .prediction && (graph.nodes[$0].lane ?? 0) == 0
    }
    guard results.count <= 1, let output = results.first ?? graph.loss,
      let activation = graph.nodes[output].operation, [.tanh, .sigmoid, .relu].contains(activation),
      graph.nodes[output].operands.count == 1
    else { return nil }
    var inputs: [Int] = []
    var weights: [Int] = []
    var bias: Int?
    var pending = [graph.nodes[output].operands[0]]
    var steps = 0
    while let node = pending.popLast() {
      steps += 1
      guard steps <= 40 else { return nil }
      let value = graph.nodes[node]
      switch value.operation {
      case .add, .sum: pending += value.operands.reversed()
      case .multiply:
        let parameters = value.operands.filter {
          graph.nodes[$0].role == .parameter || graph.nodes[$0].name.hasPrefix("w")
        }
        let others = value.operands.filter { !parameters.contains($0) && graph.nodes[$0].isLeaf }
        guard parameters.count == 1, others.count == 1 else { return nil }
        weights += parameters
        inputs += others
      case nil where bias == nil && !inputs.isEmpty: bias = node
      default: return nil
      }
    }
    guard !inputs.isEmpty, inputs.count <= 6 else { return nil }
    self.context = context
    self.inputs = inputs
    self.weights = weights
    self.bias = bias
    self.activation = activation
    self.output = output
  }

  /// Adds the picture with its top left at `origin`; returns its size.
  func add(to figure: inout Figure, at origin: Point) -> Size {
    let notation = context.text.notation
    let height = max(2 * Self.radius + 8, Double(inputs.count) * Self.inputGap + 6)
    let middle = origin.y + height / 2
    let center = Point(x: origin.x + 150, y: middle)
    let left = center.x - Self.radius
    figure.discs.append(
      Figure.Disc(
        id: "neuron-disc", classes: ["neuron"], tooltip: context.words.neuron, center: center,
        size: Size(width: 2 * Self.radius, height: 2 * Self.radius), text: "", textSize: 12, fill: .page))
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(
          x: center.x + 10, y: center.y - Self.radius + 1, width: 1, height: 2 * Self.radius - 2), fill: .line
      ))
    addInputs(to: &figure, left: origin.x, center: center)
    let words = "Σ " + MathText(TypesetName(asWritten: "w")) + "·" + MathText(TypesetName(asWritten: "x"))
    let sum = words.runs(size: 13)
    let sumWidth = sum.width
    let sumX = left + (Self.radius + 10 - sumWidth) / 2 + 1
    Typesetter.set(sum.map { .run($0) }, at: Point(x: sumX, y: center.y + (bias == nil ? 4 : -4)), in: &figure)
    if let bias {
      let run = [Figure.Run(text: "+ ", size: 13, isBold: true)]
      let name = notation.name(bias, size: Typography.smallest)
      let x = left + (Self.radius + 10 - run.width - name.width) / 2
      Typesetter.set(run.map { .run($0) }, at: Point(x: x, y: center.y + 17), in: &figure)
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: x + run.width - 2, y: center.y + 5, width: name.width + 6, height: 17),
          fill: .parameter, isRounded: true))
      Typesetter.set(name.map { .run($0) }, at: Point(x: x + run.width + 1, y: center.y + 17), in: &figure)
    }
    let word = notation.text(activation == .sigmoid ? "σ" : activation.rawValue, size: Typography.smallest)
    let wordWidth = Typesetter.extent([word]).width
    Typesetter.set(
      [word], at: Point(x: center.x + 10 + (Self.radius - 10 - wordWidth) / 2 - 1, y: center.y + 4),
      in: &figure)
    let right = center.x + Self.radius
    figure.arrows.append(
      Figure.Arrow(
        id: "neuron-output", kind: .note, tail: "neuron-disc", head: "neuron-disc",
        path: Path(from: Point(x: right, y: middle), to: Point(x: right + 30, y: middle))))
    chip(
      notation.name(output, size: Typography.smallest),
      context.graph.nodes[output].role == .loss ? .loss : .prediction,
      at: Point(x: right + 32, y: middle - 10), &figure)
    return Size(width: right + 72 - origin.x, height: height)
  }

  /// The inputs in a column, each with a line to the disc and its weight on the line.
  private func addInputs(to figure: inout Figure, left: Double, center: Point) {
    let notation = context.text.notation
    for (number, input) in inputs.enumerated() {
      let y = center.y + (Double(number) - Double(inputs.count - 1) / 2) * Self.inputGap
      chip(notation.name(input, size: Typography.smallest), .data, at: Point(x: left, y: y - 10), &figure)
      let aim = Point(x: left + 40, y: center.y + (y - center.y) * 1.6)
      let rim = Point.between(center, aim, Self.radius / max(center.distance(to: aim), 1))
      let start = Point(x: left + 42, y: y)
      figure.arrows.append(
        Figure.Arrow(
          id: "neuron-input-\(number + 1)", kind: .note, tail: "neuron-disc", head: "neuron-disc",
          path: Path(from: start, to: rim)))
      // The weight stands on its line.
      let run = notation.name(weights[number], size: Typography.smallest)
      let at = Point.between(start, rim, 0.5)
      let extent = run.width + 8
      let box = Rectangle(x: at.x - extent / 2, y: at.y - 8.5, width: extent, height: 17)
      figure.chips.append(Figure.Chip(frame: box, fill: .parameter, isRounded: true))
      Typesetter.set(run.map { .run($0) }, at: Point(x: box.x + 4, y: at.y + 4), in: &figure)
    }
  }

  private func chip(_ runs: [Figure.Run], _ fill: Tint, at origin: Point, _ figure: inout Figure) {
    let width = 38.0
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(x: origin.x, y: origin.y, width: width, height: 20), fill: fill, stroke: .line))
    Typesetter.set(
      runs.map { .run($0) }, at: Point(x: origin.x + (width - runs.width) / 2, y: origin.y + 14.5),
      in: &figure)
  }
}
