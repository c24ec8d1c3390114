import GradvizDrawing
import GradvizGraph

/// The wires of a network and what stands on them.
extension NetworkSheet {
  private var scale: Double { plan.sizes.scale }
  private func points(_ length: Double) -> Double { plan.sizes.points(length) }

  /// How far a gradient's wire runs below the value's.
  private var pairGap: Double { points(8) }

  // MARK: Weights

  mutating func addEdges(_ layer: Int, height: Double, start: Double) {
    var own: [Edge] = []
    for neuron in network.layers[layer] {
      own += neuron.weights.map { Edge(layer: layer, neuron: neuron, weight: $0, parameter: $0.node) }
      if let bias = neuron.bias, !isShared(layer), hasChip(layer, neuron) {
        own.append(Edge(layer: layer, neuron: neuron, weight: nil, parameter: bias.node))
      }
    }
    guard let first = network.layers[layer].first, let column = frames[first.result] else { return }
    let right = column.center.x - plan.width(layer) / 2
    let withChips = own.indices.filter { hasChip(layer, own[$0].neuron) }
    placeChips(&own, withChips, right: right, height: height, start: start)
    if case .chips(withShares: true) = plan.wires[layer] { placeShares(&own, layer, height: height, start: start) }
    addPaths(&own)
    edges += own
  }

  private func hasChip(_ layer: Int, _ neuron: NeuralNetwork.Neuron) -> Bool {
    if case .chips = plan.wires[layer] { return true }
    return plan.chosen.contains(neuron.result)
  }

  /// One column of chips, at about two thirds of the way, in the order of the wires.
  private func placeChips(_ own: inout [Edge], _ members: [Int], right: Double, height: Double, start: Double) {
    guard let layer = own.first?.layer, !members.isEmpty else { return }
    let size = Size(width: plan.sizes.chips[layer].width, height: plan.sizes.chipHeight)
    let left = right - points(24) - size.width
    let part = (left + size.width / 2 - (right - plan.gaps[layer])) / plan.gaps[layer]
    let wanted = members.map { index -> Double in
      let edge = own[index]
      let end = frames[edge.neuron.result]?.center.y ?? 0
      guard let weight = edge.weight else {
        return end + Double(edge.neuron.weights.count) * (size.height + 4) / 2
      }
      let begin = outlet(weight.from)?.center.y ?? end
      return begin + (end - begin) * part
    }
    for (index, middle) in zip(members, Self.apart(wanted, by: size.height + 4, from: start, to: start + height)) {
      own[index].chip = Rectangle(
        x: left.rounded(), y: (middle - size.height / 2).rounded(), width: size.width, height: size.height)
    }
  }

  /// The parts of a gradient come together in front of the value that they belong to.
  private func placeShares(_ own: inout [Edge], _ layer: Int, height: Double, start: Double) {
    let members = own.indices.filter { index in
      own[index].weight.map { network.userCount(of: $0.from, in: layer) > 1 } ?? false
    }
    let wanted = members.map { index -> Double in
      guard let from = own[index].weight.flatMap({ outlet($0.from) }), let chip = own[index].chip else { return 0 }
      let x = from.right + points(14) + plan.sizes.shares[layer] / 2
      let begin = from.center.y + plan.sizes.gradientDrop
      return begin + (chip.center.y + pairGap - begin) * (x - from.right) / max(chip.x - from.right, 1)
    }
    var taken: [ClosedRange<Double>] = []
    let half = plan.sizes.shareHeight / 2
    for (index, middle) in zip(members, Self.apart(wanted, by: 2 * half + 4, from: start, to: start + height))
      .sorted(by: { ($0.1, $0.0) < ($1.1, $1.0) })
    {
      guard let from = own[index].weight.flatMap({ outlet($0.from) }) else { continue }
      let x = from.right + points(14) + plan.sizes.shares[layer] / 2
      let reach = plan.sizes.shares[layer] / 2 + 3
      let wires = own.compactMap { $0.chip == nil ? nil : span(of: $0, between: x - reach, and: x + reach) }
      let kept = (taken + wires).map { ($0.lowerBound - half - 3)...($0.upperBound + half + 3) }
      let free = Self.nearest(to: middle, outside: kept).onGrid
      taken.append((free - half)...(free + half))
      own[index].share = Point(x: x, y: free)
    }
    // Where they have no room between the wires, the weights' chips alone say what comes back.
    let room = (start - Self.headHeight + half)...(start + height + 2 * markDrop - half)
    if own.contains(where: { $0.share.map { !room.contains($0.y) } ?? false }) {
      for index in own.indices { own[index].share = nil }
    }
  }

  /// How high and how low the wire to a chip runs between two places.
  private func span(of edge: Edge, between left: Double, and right: Double) -> ClosedRange<Double>? {
    guard let from = edge.weight.flatMap({ outlet($0.from) }), let chip = edge.chip, chip.x > from.right else {
      return nil
    }
    let (start, end) = (from.center.y, chip.center.y - pairGap / 2)
    func height(_ x: Double) -> Double {
      start + (end - start) * min(max((x - from.right) / (chip.x - from.right), 0), 1)
    }
    let heights = [height(left), height(right)]
    return min(heights[0], heights[1])...max(heights[0], heights[1])
  }

  /// The place nearest to the wanted one that is in none of the ranges.
  private static func nearest(to wanted: Double, outside ranges: [ClosedRange<Double>]) -> Double {
    func isFree(_ y: Double) -> Bool { !ranges.contains { $0.lowerBound < y && y < $0.upperBound } }
    let candidates = [wanted] + ranges.flatMap { [$0.lowerBound, $0.upperBound] }
    return candidates.filter(isFree).min { abs($0 - wanted) < abs($1 - wanted) } ?? wanted
  }

  /// The places nearest to the wanted ones that are at least `distance` apart, in the same order.
  static func apart(_ wanted: [Double], by distance: Double, from low: Double, to high: Double) -> [Double] {
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    // Groups of neighbors that touch, with the sum of where each would have its first one.
    var groups: [(count: Int, sum: Double)] = []
    for (place, index) in order.enumerated() {
      groups.append((1, wanted[index] - Double(place) * distance))
      while groups.count > 1 {
        let (last, before) = (groups[groups.count - 1], groups[groups.count - 2])
        guard last.sum / Double(last.count) < before.sum / Double(before.count) else { break }
        groups.removeLast(2)
        groups.append((last.count + before.count, last.sum + before.sum))
      }
    }
    var result = wanted
    var place = 0
    let length = Double(max(order.count - 1, 0)) * distance
    for group in groups {
      let first = min(
        max(group.sum / Double(group.count), low + distance / 2), max(high - distance / 2 - length, low + distance / 2))
      for _ in 0..<group.count {
        result[order[place]] = first + Double(place) * distance
        place += 1
      }
    }
    return result
  }

  /// The box of a value that wires leave.
  func outlet(_ node: Int) -> Rectangle? { sources[node] ?? frames[node] }

  private func addPaths(_ own: inout [Edge]) {
    // The wires of a neuron enter it in the order in which they come.
    var order: [Int: [Int]] = [:]
    for index in own.indices { order[own[index].neuron.result, default: []].append(index) }
    for neuron in network.layers[own.first?.layer ?? 0] {
      guard let frame = frames[neuron.result], let incoming = order[neuron.result] else { continue }
      let sorted = incoming.sorted { (entry(own[$0]), $0) < (entry(own[$1]), $1) }
      let pitch = min(points(16), (frame.height - points(12)) / Double(max(sorted.count, 1)))
      for (place, index) in sorted.enumerated() {
        let y =
          frame.center.y + (Double(place) - Double(sorted.count - 1) / 2) * pitch
          - (own[index].chip == nil ? 0 : pitch / 4)
        connect(&own[index], to: Point(x: frame.x, y: y), gap: min(pairGap, pitch / 2))
      }
    }
    spreadReturns(&own)
  }

  private func entry(_ edge: Edge) -> Double {
    edge.chip?.center.y ?? edge.weight.flatMap { outlet($0.from)?.center.y } ?? 0
  }

  private func connect(_ edge: inout Edge, to port: Point, gap: Double) {
    let from = edge.weight.flatMap { outlet($0.from) }
    guard let chip = edge.chip else {
      if let from { edge.forward = [Path(from: Point(x: from.right, y: from.center.y), to: port)] }
      return
    }
    let (up, down) = (chip.center.y - pairGap / 2, chip.center.y + pairGap / 2)
    if let from { edge.forward.append(Path(from: Point(x: from.right, y: from.center.y), to: Point(x: chip.x, y: up))) }
    edge.forward.append(Path(from: Point(x: chip.right, y: up), to: port))
    edge.gradient = [Path(from: port.moved(0, gap), to: Point(x: chip.right, y: down))]
  }

  /// The gradients' ways on from the chips to the neurons before, each with its own end.
  private func spreadReturns(_ own: inout [Edge]) {
    guard let layer = own.first?.layer, layer > 0 else { return }
    for neuron in network.layers[layer - 1] {
      guard let frame = frames[neuron.result] else { continue }
      let members = own.indices.filter { own[$0].weight?.from == neuron.result && own[$0].chip != nil }
        .sorted { (own[$0].share?.y ?? entry(own[$0]), $0) < (own[$1].share?.y ?? entry(own[$1]), $1) }
      let pitch = min(points(7), (frame.height / 2 - points(12)) / Double(max(members.count, 1)))
      for (place, index) in members.enumerated() {
        guard let chip = own[index].chip else { continue }
        let end = Point(
          x: frame.right, y: frame.center.y + points(8) + pitch * (Double(place) + 0.5))
        let begin = Point(x: chip.x, y: chip.center.y + pairGap / 2)
        if let share = own[index].share {
          let half = plan.sizes.shares[layer] / 2
          own[index].gradient.append(Path(from: begin, to: share.moved(half, 0)))
          own[index].gradient.append(Path(from: share.moved(-half, 0), to: end))
        } else {
          own[index].gradient.append(Path(from: begin, to: end))
        }
      }
    }
  }

  // MARK: Biases

  /// A bias of several neurons stands between two of them, or below all.
  mutating func addBiases(_ layer: Int) {
    guard isShared(layer) else { return }
    var seen: Set<Int> = []
    for bias in network.layers[layer].compactMap(\.bias) where seen.insert(bias.node).inserted {
      let users = network.layers[layer].filter { $0.bias?.node == bias.node }.compactMap { frames[$0.result] }
      guard let first = users.first, let last = users.last else { continue }
      let size = Size(width: plan.sizes.chips[layer].width, height: plan.sizes.chipHeight)
      if users.count == 2, network.layers[layer].count == 2 {
        let x = first.x + points(9)
        let y = (first.bottom + markDrop * 2 + last.y) / 2 - size.height / 2
        let frame = Rectangle(x: first.x.rounded(), y: y.rounded(), width: size.width, height: size.height)
        biases.append(
          SharedBias(
            node: bias.node, layer: layer, frame: frame,
            paths: [
              Path(from: Point(x: x, y: frame.y), to: Point(x: x, y: first.bottom)),
              Path(from: Point(x: x, y: frame.bottom), to: Point(x: x, y: last.y)),
            ]))
        continue
      }
      let count = Double(biases.count { $0.layer == layer })
      let frame = Rectangle(
        x: first.x.rounded(), y: (last.bottom + markDrop * 2 + points(4) + count * (size.height + 4)).rounded(),
        width: size.width,
        height: size.height)
      let bus = first.x - points(10)
      biases.append(
        SharedBias(
          node: bias.node, layer: layer, frame: frame,
          paths: users.map { user in
            let y = user.bottom - points(10)
            return Path(
              through: [
                Point(x: frame.x, y: frame.center.y), Point(x: bus, y: frame.center.y), Point(x: bus, y: y),
                Point(x: user.x, y: y),
              ], radius: 6)
          }))
      lower(to: frame.bottom + 8)
    }
  }

  // MARK: What follows

  mutating func addRest(left: Double) {
    var x = left
    for column in 0..<plan.rest.columnCount {
      x += plan.restGap(column)
      let height = Double(2 * plan.sizes.row) + 2
      var low = -Double.infinity
      let boxes = plan.rest.boxes.filter { $0.column == column }
      func middle(_ box: NetworkRest.Box) -> Double {
        let operands = box.operands.compactMap { frames[$0.node] ?? restFrames[$0.node] }
        return operands.map(\.center.y).reduce(0, +) / Double(max(operands.count, 1))
      }
      for box in boxes.sorted(by: { (middle($0), $0.node) < (middle($1), $1.node) }) {
        let own = plan.boxWidth(box)
        let above = box.leaves.isEmpty ? 0 : sourceHeight + points(14)
        let y = max(middle(box) - height / 2, low + above).rounded()
        let frame = Rectangle(x: (x + own.tab).rounded(), y: y, width: Double(own.name + own.value + 2), height: height)
        restFrames[box.node] = frame
        var leafLeft = frame.x - own.tab
        for leaf in box.leaves {
          let cells = plan.sizes.leafCells(leaf)
          leafFrames.append(
            (leaf, box.node, Rectangle(x: leafLeft.rounded(), y: y - above, width: cells.width, height: sourceHeight)))
          leafLeft += cells.width + points(8)
        }
        low = y + height + points(30)
        lower(to: low)
      }
      x += plan.restWidth(column)
    }
    if plan.rest.columnCount > 0 { setRestHead((left + plan.restGap(0) + x) / 2) }
  }
}
