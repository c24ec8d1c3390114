import Autograd
import GradvizDrawing
import GradvizGraph

/// The chain rule from neuron to neuron, in the names and numbers that stand in the network.
struct NetworkPanel {
  private let context: FigureContext
  private let network: NeuralNetwork
  /// The step of the backward pass in a frame; nil for all.
  private let step: Int?
  private let size = PanelContent.size

  private struct Line {
    var node: Int
    var items: [Inline]
    /// The same without its numbers.
    var brief: [Inline] = []

    var shorter: Line { Line(node: node, items: brief) }
  }

  /// Of larger networks one neuron of each layer.
  private static let maxRows = 14

  init(_ context: FigureContext, _ network: NeuralNetwork, step: Int?) {
    self.step = step
    self.context = context
    self.network = network
    guard !context.marks.areHidden else { return }
    var groups = OrderedTable<Int, [Int]>()
    for node in order { if let step = context.steps[node] { groups[step, default: []].append(node) } }
    for (step, nodes) in groups {
      for (number, node) in nodes.enumerated() {
        lineMarks[node] = "\(step)" + (nodes.count > 1 ? StepMarks.letters(number) : "")
      }
    }
  }

  /// The marks of the lines: those of one step have letters, in the order of the lines.
  private var lineMarks: [Int: String] = [:]

  /// The values with a line, in the order of the lines.
  private var order: [Int] {
    var known: Set<Int> = []
    return network.layers.enumerated().reversed().flatMap { layer, neurons -> [Int] in
      let results = layer < network.layers.count - 1 ? neurons.map(\.result) : []
      let leaves = neurons.flatMap { $0.weights.map(\.node) + ($0.bias.map { [$0.node] } ?? []) }
      return results + neurons.map(\.net) + leaves
    }.filter { known.insert($0).inserted }
  }

  private var graph: ComputationGraph { context.graph }
  private var notation: Notation { context.text.notation }

  /// Adds the panel; returns its lower end, nil if no neuron has a part in the step.
  func add(to figure: inout Figure, at origin: Point, width: Double) -> Double? {
    let inner = width - 2 * Panel.padding
    func fitting(_ lines: [Line]) -> [Line] {
      lines.map { Typesetter.extent($0.items).width * 1.04 <= inner ? $0 : $0.shorter }
    }
    var lines = fitting(lines(ofAll: true)).filter { step == nil || context.steps[$0.node] == step }
    if lines.isEmpty { return nil }
    func columnCount(_ lines: [Line]) -> Int {
      let widest = lines.reduce(0) { max($0, Typesetter.extent($1.items).width * 1.04) }
      return lines.count > 3 && widest <= (inner - Self.columnGap) / 2 ? 2 : 1
    }
    let isWhole = context.showsAllFormulas || step != nil || lines.count <= Self.maxRows * columnCount(lines)
    let all = lines.count
    if !isWhole { lines = fitting(self.lines(ofAll: false)) }
    let columns = columnCount(lines)
    let perColumn = (lines.count + columns - 1) / columns
    var low = origin.y
    var y = origin.y + Panel.padding
    for (place, line) in lines.enumerated() {
      if place == perColumn { y = origin.y + Panel.padding }
      let x = origin.x + Panel.padding + (place < perColumn ? 0 : (inner + Self.columnGap) / 2)
      for (number, row) in Self.wrapped(line.items, within: inner).enumerated() {
        let extent = Typesetter.extent(row)
        y += extent.ascent
        Typesetter.set(
          row, at: Point(x: x + (number == 0 ? 0 : Self.indent), y: y), in: &figure,
          classes: ["derivation", "of-\(graph.nodes[line.node].id)"])
        y += extent.descent + Self.lineGap
      }
      low = max(low, y)
    }
    if !isWhole {
      let note = notation.text(context.words.othersLikewise(all - lines.count), size: size, tint: .muted)
      Typesetter.set([note], at: Point(x: origin.x + Panel.padding, y: low + 10), in: &figure)
      low += 18
    }
    let frame = Rectangle(x: origin.x, y: origin.y, width: width, height: low + 6 - origin.y)
    figure.regions.append(
      Figure.Region(id: "panel", classes: ["panel"], frame: frame, fill: .panel, stroke: .gradientInk, line: .dotted))
    return frame.bottom
  }

  /// A line that does not fit, in rows that do.
  private static func wrapped(_ items: [Inline], within width: Double) -> [[Inline]] {
    var result: [[Inline]] = [[]]
    for part in Typesetter.breakable(items) {
      let room = width - (result.count == 1 ? 0 : indent)
      if !(result.last ?? []).isEmpty, Typesetter.extent((result.last ?? []) + part).width * 1.04 > room {
        result.append(part)
      } else {
        result[result.count - 1] += part
      }
    }
    return result
  }

  private static let indent = 34.0
  private static let lineGap = 7.0
  private static let columnGap = 28.0

  // MARK: Lines

  private func lines(ofAll isWhole: Bool) -> [Line] {
    var lines: [Line] = []
    var biases: Set<Int> = []
    for layer in network.layers.indices.reversed() {
      let neurons = isWhole ? network.layers[layer] : Array(network.layers[layer].prefix(1))
      if layer < network.layers.count - 1 { for neuron in neurons { lines += returned(neuron, layer) } }
      for neuron in neurons { lines += slope(neuron) }
      for neuron in neurons {
        for weight in isWhole ? neuron.weights : Array(neuron.weights.prefix(1)) { lines += gradient(weight, neuron) }
        if let bias = neuron.bias, biases.insert(bias.node).inserted { lines += gradient(bias, layer) }
      }
    }
    return lines
  }

  private func slopeOf(_ node: Int) -> Double? { graph.nodes[node].gradient?.first }

  private func text(_ words: String) -> Inline { notation.text(words, size: size) }

  private func name(_ node: Int) -> [Inline] { notation.name(node, size: size).map { .run($0) } }

  /// ∂L/∂w, of a sum without a name ∂L/∂net with the neuron's name.
  private func partial(_ node: Int, of neuron: NeuralNetwork.Neuron? = nil) -> Inline {
    guard let loss = graph.loss else { return text("") }
    guard let neuron, neuron.hasActivation, !graph.nodes[node].isNamed else {
      return notation.partial(loss, by: node, size: size)
    }
    let small = size * 0.92
    let top = [notation.text("∂", size: small)] + notation.name(loss, size: small).map { .run($0) }
    let name = notation.typesetName(neuron.result)
    let index = ([name.base + (name.indices.first ?? "")] + name.indices.dropFirst()).joined(separator: ",")
    let below = Figure.Run(text: index, size: Typography.script(small), script: .below)
    return .fraction(top, [notation.text("∂net", size: small), .run(below)])
  }

  private func netPartial(_ neuron: NeuralNetwork.Neuron) -> Inline {
    neuron.hasActivation ? partial(neuron.net, of: neuron) : partial(neuron.result)
  }

  private func netSlope(_ neuron: NeuralNetwork.Neuron) -> Double? { slopeOf(neuron.net) }

  /// A line with its step, the rule, the numbers and the result.
  private func line(
    _ node: Int, _ symbol: Inline, rule: [Inline], products: [[Double]], result: Double
  ) -> Line {
    var items: [Inline] = lineMarks[node].map { [.badge($0), .space(8)] } ?? []
    items += [symbol, text(" = ")] + rule
    let brief = items
    var relation = Relation.equal
    if products.count > 1 || products.contains(where: { $0.count > 1 }) {
      let sum = PrintedSum(products, result: result, format: notation.format, extraDigits: 3)
      relation = sum.relation
      items.append(text(" = "))
      for term in sum.terms {
        items.append(notation.text(term.sign + term.text, size: size, tint: term.isFinite ? .ink : .warning))
      }
    }
    let end = [text(" \(relation.rawValue) "), notation.number(result, size: size, tint: .gradientInk, isBold: true)]
    return Line(
      node: node, items: items + end,
      brief: brief + [text(" = "), notation.number(result, size: size, tint: .gradientInk, isBold: true)])
  }

  /// What comes back to a hidden neuron from all that it feeds.
  private func returned(_ neuron: NeuralNetwork.Neuron, _ layer: Int) -> [Line] {
    guard let result = slopeOf(neuron.result) else { return [] }
    var rule: [Inline] = []
    var products: [[Double]] = []
    for user in network.layers[layer + 1] {
      guard let weight = user.weights.first(where: { $0.from == neuron.result }), let slope = netSlope(user) else {
        continue
      }
      rule += (rule.isEmpty ? [] : [text(" + ")]) + [netPartial(user), text("·")] + name(weight.node)
      products.append([slope, graph.nodes[weight.node].value[0]])
    }
    guard !products.isEmpty else { return [] }
    if products.count > Self.maxTerms {
      rule =
        [text("Σ "), netPartial(network.layers[layer + 1][0]), text("·")]
        + name(network.layers[layer + 1][0].weights[0].node)
        + [text(" + …")]
      products = [[result]]
    }
    return [line(neuron.result, partial(neuron.result), rule: rule, products: products, result: result)]
  }

  private static let maxTerms = 4

  /// Through the activation.
  private func slope(_ neuron: NeuralNetwork.Neuron) -> [Line] {
    guard neuron.hasActivation, let result = slopeOf(neuron.net), let upstream = slopeOf(neuron.output),
      let local = graph.nodes[neuron.output].localDerivatives?.first
    else { return [] }
    let rule = notation.symbolic.localDerivative(of: neuron.output, operand: 0)
    let formula = notation.line(rule).plain
    let net = notation.flatName(neuron.net)
    // A sum without a name is called net.
    let factor =
      !graph.nodes[neuron.net].isNamed && formula.contains(net)
      ? [text(formula.replacing(net, with: "net"))] : notation.formula(rule, size: size)
    let isSum = Self.isSum(formula)
    return [
      line(
        neuron.net, partial(neuron.net, of: neuron),
        rule: [partial(neuron.result), text(isSum ? "·(" : "·")] + factor + (isSum ? [text(")")] : []),
        products: [[upstream, local]], result: result)
    ]
  }

  /// Whether a formula adds or subtracts outside its brackets.
  private static func isSum(_ formula: String) -> Bool {
    var depth = 0
    var last: Character = " "
    for character in formula {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if depth == 0, last == " ", character == "−" || character == "+" { return true }
      last = character
    }
    return false
  }

  /// A weight: what enters times the gradient of the sum; of a batch the rest of the samples besides.
  private func gradient(_ weight: NeuralNetwork.Weight, _ neuron: NeuralNetwork.Neuron) -> [Line] {
    guard let result = slopeOf(weight.node), let slope = netSlope(neuron) else { return [] }
    let value = graph.nodes[weight.from].value[0]
    let others = result - slope * value
    var rule = [netPartial(neuron), text("·")] + name(weight.from)
    guard graph.sampleCount > 1 || graph.nodes[weight.node].hidesUses else {
      return [line(weight.node, partial(weight.node), rule: rule, products: [[slope, value]], result: result)]
    }
    rule += [text(" + "), notation.text(context.words.otherSamples, size: size, tint: .muted)]
    return [line(weight.node, partial(weight.node), rule: rule, products: [[slope, value], [others]], result: result)]
  }

  private func gradient(_ bias: NeuralNetwork.Bias, _ layer: Int) -> [Line] {
    guard let result = slopeOf(bias.node) else { return [] }
    let users = network.layers[layer].filter { $0.bias?.node == bias.node }
    let slopes = users.compactMap(netSlope)
    guard slopes.count == users.count, slopes.count <= Self.maxTerms else { return [] }
    var rule: [Inline] = []
    for user in users { rule += (rule.isEmpty ? [] : [text(" + ")]) + [netPartial(user)] }
    var products = slopes.map { [$0] }
    if graph.sampleCount > 1 || graph.nodes[bias.node].hidesUses {
      rule += [text(" + "), notation.text(context.words.otherSamples, size: size, tint: .muted)]
      products.append([result - slopes.reduce(0, +)])
    }
    return [line(bias.node, partial(bias.node), rule: rule, products: products, result: result)]
  }
}
