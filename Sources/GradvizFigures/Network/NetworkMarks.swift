import Autograd
import GradvizDrawing
import GradvizGraph

/// The wires of a network's stage and the marks on them.
extension NetworkStage {
  private func id(_ node: Int) -> String { spotOf[node].map(builder.context.spotID) ?? graph.nodes[node].id }

  private func isCalm(_ nodes: [Int]) -> Bool { stage == .update || nodes.contains(where: builder.recedes) }

  /// Whether a gradient comes back to a value at this step of the pass.
  private func flows(to node: Int) -> Bool {
    stage == .backward && graph.nodes[node].gradient != nil && builder.isReached(node)
  }

  private mutating func addArrow(_ path: Path, from tail: String, to head: String, calm: Bool, hasHead: Bool) {
    edgeCount += 1
    builder.figure.arrows.append(
      Figure.Arrow(
        id: "edge-\(edgeCount)", kind: .forward, tail: tail, head: head, path: path.onGrid, tint: calm ? .faint : .line,
        hasHead: hasHead))
  }

  private mutating func addGradient(_ path: Path, from tail: String, to head: String, hasHead: Bool = true) {
    edgeCount += 1
    builder.figure.arrows.append(
      Figure.Arrow(
        id: "edge-\(edgeCount)-gradient", kind: .gradient, tail: tail, head: head, path: path.onGrid, line: .dotted,
        tint: .gradientInk, width: 1.3, hasHead: hasHead))
  }

  mutating func addWires() {
    for layer in network.network.layers.indices {
      let own = network.edges.filter { $0.layer == layer }
      let values = own.map { abs(graph.nodes[$0.parameter].value[0]) }.filter(\.isFinite)
      let slopes = own.compactMap { graph.nodes[$0.parameter].gradient?.first }.map(abs).filter(\.isFinite)
      for edge in own {
        if edge.chip == nil {
          addLine(edge, widest: values.max() ?? 0, steepest: slopes.max() ?? 0)
        } else {
          addEdge(edge)
        }
      }
    }
    for bias in network.biases { addBiasWires(bias) }
    for box in network.plan.rest.boxes { addRestWires(box) }
  }

  // MARK: Weights

  private mutating func addEdge(_ edge: NetworkSheet.Edge) {
    let neuron = edge.neuron.hasActivation ? edge.neuron.net : edge.neuron.result
    let calm = isCalm([edge.parameter, neuron])
    let ends = [edge.weight.map { id($0.from) }, id(edge.parameter), id(neuron)].compactMap { $0 }
    for (place, path) in edge.forward.enumerated() where place + 1 < ends.count {
      addArrow(path, from: ends[place], to: ends[place + 1], calm: calm, hasHead: place + 2 == ends.count)
    }
    guard stage == .backward else { return }
    let share = "\(id(edge.parameter))_share"
    for (place, path) in edge.gradient.enumerated() {
      let target = place == 0 ? edge.parameter : edge.weight?.from ?? edge.parameter
      guard flows(to: target) else { continue }
      let isToShare = place == 1 && edge.share != nil
      addGradient(
        path, from: place == 0 ? id(neuron) : place == 1 ? id(edge.parameter) : share,
        to: isToShare ? share : id(target), hasHead: !isToShare)
    }
    if let center = edge.share, let weight = edge.weight, flows(to: weight.from) { addShare(weight, at: center, share) }
  }

  private mutating func addShare(_ weight: NeuralNetwork.Weight, at center: Point, _ own: String) {
    let uses = [(user: weight.product, position: weight.position)]
    guard let words = text.share(weight.from, uses) else { return }
    let isFinite = text.amounts(uses)?.allSatisfy(\.isFinite) ?? true
    let layer = network.network.placeOf[weight.from]?.layer ?? 0
    builder.figure.chips.append(
      Figure.Chip(
        frame: Rectangle(
          center: center,
          size: Size(
            width: sizes.shares[min(layer + 1, sizes.shares.count - 1)], height: sizes.shareHeight)),
        runs: words.runs(size: sizes.markSize, tint: isFinite ? .gradientInk : .warning, isBold: true),
        fill: !isFinite ? .warningRow : builder.isOfThisStep(weight.from) ? .backwardRow : .plain,
        stroke: .gradientInk, id: own,
        classes: ["share", "same-\(graph.nodes[weight.from].id)", "into-\(id(weight.from))"],
        tooltip: text.shareTooltip(weight.from, uses)))
  }

  /// A wire without a chip: as wide as its weight, colored by its gradient.
  private mutating func addLine(_ edge: NetworkSheet.Edge, widest: Double, steepest: Double) {
    guard let path = edge.forward.first, let weight = edge.weight else { return }
    let neuron = edge.neuron.hasActivation ? edge.neuron.net : edge.neuron.result
    let value = graph.nodes[edge.parameter].value[0]
    let isChosen =
      network.plan.chosen.isEmpty || network.plan.chosen.contains(edge.neuron.result)
      || network.plan.chosen.contains(weight.from)
    let width =
      widest > 0 && value.isFinite
      ? 0.4 + min(3, 16 / Double(network.network.edgeCount(to: edge.layer)).squareRoot()) * abs(value) / widest : 0.4
    var tint: Tint = isCalm([edge.parameter, neuron]) || !isChosen ? .faint : .line
    if isChosen, flows(to: edge.parameter), let slope = graph.nodes[edge.parameter].gradient?.first {
      let heat = NetworkStage.heat(slope, steepest)
      // Something always remains to be seen.
      tint = heat == .heat(0) || heat == .heat(1) || heat == .heat(-1) ? .heat(slope < 0 ? -2 : 2) : heat
    }
    edgeCount += 1
    builder.figure.arrows.append(
      Figure.Arrow(
        id: "edge-\(edgeCount)", classes: ["weight"], kind: .forward, tail: id(weight.from), head: id(neuron),
        path: path.onGrid, tint: tint, width: isChosen ? width : 0.4, hasHead: false,
        tooltip: text.tooltip(edge.parameter)))
  }

  private mutating func addBiasWires(_ bias: NetworkSheet.SharedBias) {
    let users = network.network.layers[bias.layer].filter { $0.bias?.node == bias.node }
    for (user, path) in zip(users, bias.paths) {
      let neuron = user.hasActivation ? user.net : user.result
      addArrow(path, from: id(bias.node), to: id(neuron), calm: isCalm([bias.node, neuron]), hasHead: true)
      guard flows(to: bias.node) else { continue }
      let back = Path(points: path.points.reversed()).moved(
        sizes.points(7), bias.paths.count == 2 ? 0 : sizes.points(7))
      addGradient(back, from: id(neuron), to: id(bias.node))
    }
  }

  // MARK: Rules

  private mutating func addPill(_ words: MathText, _ center: Point, isFinite: Bool, _ own: String, _ classes: [String])
  {
    builder.figure.chips.append(
      Figure.Chip(
        frame: Rectangle(center: center, size: network.plan.size(of: .rule(words))),
        runs: words.runs(size: sizes.markSize, tint: isFinite ? .gradientInk : .warning), fill: .page,
        stroke: .gradientInk, isRounded: true, id: own, classes: ["local-derivative"] + classes))
  }

  private mutating func addDot(_ center: Point, isNegative: Bool, _ own: String) {
    builder.figure.discs.append(
      Figure.Disc(
        id: own, classes: ["unchanged"], tooltip: "", center: center,
        size: Size(width: Measure.dot, height: Measure.dot), text: "", textSize: 8, fill: .page, stroke: .gradientInk))
    guard isNegative else { return }
    builder.figure.chips.append(
      Figure.Chip(
        frame: Rectangle(center: center, size: Size(width: 4, height: 1.2)), fill: .gradientInk, classes: ["minus"]))
  }

  private mutating func addMark(
    _ local: LocalDerivative, _ center: Point, isFinite: Bool, _ own: String, _ classes: [String]
  ) {
    switch local {
    case .unchanged: addDot(center, isNegative: false, "\(own)-unchanged")
    case .negated: addDot(center, isNegative: true, "\(own)-unchanged")
    case .rule(let words): addPill(words, center, isFinite: isFinite, "\(own)-derivative", classes)
    }
  }

  /// The slope of the activation, in the words of the figure.
  private func localDerivative(_ neuron: NeuralNetwork.Neuron) -> LocalDerivative? {
    guard let local = text.local(user: neuron.output, position: 0) else { return nil }
    guard case .rule(let words) = local, !graph.nodes[neuron.net].isNamed else { return local }
    // The rule holds for every sample.
    let net = text.notation.typesetName(neuron.net, ofEverySample: true).flat
    return words.plain.contains(net) ? .rule(MathText(words.plain.replacing(net, with: "net"))) : local
  }

  /// Below a neuron, from what the activation makes of the sum back to the sum.
  mutating func addActivationMark(_ neuron: NeuralNetwork.Neuron, _ frame: Rectangle) {
    guard flows(to: neuron.net), let local = localDerivative(neuron) else { return }
    let net = NetworkSizes.inset + Double(sizes.halves.net)
    let size = network.plan.size(of: local)
    let center = Point(x: frame.x + max(net, size.width / 2 + sizes.points(14)), y: frame.bottom + network.markDrop)
    let (left, right) = (frame.x + net * 0.65, frame.x + net + Double(sizes.halves.output) * 0.3)
    let half = size.height / 2
    if case .rule = local {
      addGradient(
        Path(from: Point(x: right, y: frame.bottom), to: Point(x: right, y: center.y - half)), from: id(neuron.result),
        to: id(neuron.net), hasHead: false)
      addGradient(
        Path(from: Point(x: left, y: center.y - half), to: Point(x: left, y: frame.bottom)), from: id(neuron.result),
        to: id(neuron.net))
    } else {
      let y = frame.bottom + sizes.points(10)
      addGradient(
        Path(
          through: [
            Point(x: right, y: frame.bottom), Point(x: right, y: y), Point(x: left, y: y),
            Point(x: left, y: frame.bottom),
          ], radius: 6), from: id(neuron.result), to: id(neuron.net))
    }
    let isFinite = graph.nodes[neuron.output].localDerivatives?[0].isFinite ?? true
    let place =
      if case .rule = local { center } else { Point(x: (left + right) / 2, y: frame.bottom + sizes.points(10)) }
    addMark(local, place, isFinite: isFinite, "edge-\(edgeCount)", ["activation"])
  }

  // MARK: What follows

  private func frame(_ node: Int) -> Rectangle? { network.frames[node] ?? network.restFrames[node] }

  private mutating func addRestWires(_ box: NetworkRest.Box) {
    guard let frame = network.restFrames[box.node] else { return }
    let tab = network.plan.boxWidth(box).tab
    let left = frame.x - tab
    for leaf in network.leafFrames where leaf.box == box.node {
      let x = min(max(leaf.frame.center.x, left + 6), frame.right - 6)
      addArrow(
        Path(from: Point(x: x, y: leaf.frame.bottom), to: Point(x: x, y: frame.y)), from: id(leaf.node),
        to: id(box.node),
        calm: isCalm([box.node, leaf.node]), hasHead: true)
    }
    let operands = box.operands.sorted { (self.frame($0.node)?.center.y ?? 0) < (self.frame($1.node)?.center.y ?? 0) }
    for (place, operand) in operands.enumerated() {
      guard let from = self.frame(operand.node) else { continue }
      let spread = (Double(place) - Double(operands.count - 1) / 2) * sizes.points(10)
      let turn =
        left - sizes.points(14) - sizes.points(8)
        * Double(operands.count == 1 ? 0 : min(place, operands.count - 1 - place))
      let port = Point(x: left, y: frame.y + frame.height / 3 + (operands.count == 1 ? 0 : spread / 2))
      let out = Point(
        x: from.right, y: operands.count == 1 && abs(from.center.y - frame.center.y) < 3 ? port.y : from.center.y)
      addArrow(
        Path(through: [out, Point(x: turn, y: out.y), Point(x: turn, y: port.y), port], radius: 6),
        from: id(operand.node),
        to: "\(id(box.node))_operation", calm: isCalm([box.node, operand.node]), hasHead: true)
      guard flows(to: operand.node), flows(to: box.node) else { continue }
      addRestGradient(box, operand, place, from: from, frame: frame, left: left, isOnly: operands.count == 1)
    }
  }

  /// Out below the tab, through its mark, and up into the value.
  private mutating func addRestGradient(
    _ box: NetworkRest.Box, _ operand: NetworkRest.Operand, _ place: Int, from: Rectangle, frame: Rectangle,
    left: Double,
    isOnly: Bool
  ) {
    let isNeuron = network.frames[operand.node] != nil
    let width = operand.local.map { network.plan.size(of: $0).width } ?? 0
    var corners: [Point]
    var mark: Point
    let y = from.bottom + network.markDrop
    // A box that begins below it has its way out at the left.
    if isNeuron, isOnly, frame.y <= y {
      // A long rule begins under its value, as the page may end behind the box.
      let tab = min(max(left + sizes.points(9), from.right + width + sizes.points(12)), frame.right - sizes.points(5))
      let x = min(from.right - sizes.points(14), tab - width - sizes.points(24))
      corners = [Point(x: tab, y: frame.bottom), Point(x: tab, y: y), Point(x: x, y: y), Point(x: x, y: from.bottom)]
      let begin = min(from.right + sizes.points(5), tab - width - sizes.points(7))
      mark = Point(x: max((x + tab) / 2, begin + width / 2), y: y)
    } else {
      let low = frame.y + frame.height * 2 / 3 + sizes.points(5) * Double(place)
      let y = from.center.y + min(from.height / 3, sizes.gradientDrop)
      let turn = left - sizes.points(22) - sizes.points(8) * Double(place)
      corners = [Point(x: left, y: low), Point(x: turn, y: low), Point(x: turn, y: y), Point(x: from.right, y: y)]
      mark = Point(x: max((from.right + turn) / 2, from.right + width / 2 + sizes.points(6)), y: y)
    }
    addGradient(Path(through: corners, radius: 6), from: "\(id(box.node))_operation", to: id(operand.node))
    guard let local = operand.local else { return }
    addMark(local, mark, isFinite: operand.derivative.isFinite, "edge-\(edgeCount)", [])
  }
}
