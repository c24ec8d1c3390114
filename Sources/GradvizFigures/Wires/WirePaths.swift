import GradvizDrawing

/// The paths of the wires, from the tracks.
extension WireRouting {
  func at(_ x: Double, _ y: Double) -> Point { Point(x: x, y: y) }

  func placement() -> WiredPlacement {
    var result = WiredPlacement()
    var tabs: [Rectangle] = []
    for (index, node) in graph.nodes.enumerated() {
      let end = right[columnOf[index]]
      let tab = self.tabs[index]
      result.boxes.append(
        Rectangle(x: end - node.width, y: middles[index] - node.height / 2, width: node.width, height: node.height))
      tabs.append(
        Rectangle(
          x: end - node.width - node.tab, y: middles[index] - tab.up, width: node.tab, height: tab.up + tab.down))
    }
    result.tabs = tabs
    result.columns = graph.nodes.indices.map { columnOf[$0] }
    result.wires = [WiredPlacement.Wire](repeating: .init(), count: graph.links.count)
    // What passes a column, by the wire that does.
    var passing = [[Point]](repeating: [], count: trunks.count)
    var passingBack = passing
    for column in gaps.indices {
      for (number, net) in gaps[column].nets.enumerated() {
        let track = trackX(column, number)
        if net.isBus {
          addBus(net, column, track, tabs, &result)
          continue
        }
        for (pin, points, joins) in pieces(net, column, track) {
          switch pin.end {
          case .passing(let member):
            if net.isGradient { passingBack[member] = points } else { passing[member] = points }
          case .link(let link):
            let whole = points + ending(link, net.isGradient ? ports[link].gradient : ports[link].value, tabs)
            if net.isGradient {
              result.wires[link].gradient = whole
              result.wires[link].endsOnTrunk = joins
            } else {
              result.wires[link].forward = whole
              result.wires[link].beginsOnTrunk = joins
            }
          }
        }
      }
    }
    for link in graph.links.indices where trunks.isDummy(source(link)) {
      // One of those that leave a wire in its last gap draws all of it.
      if !result.wires[link].beginsOnTrunk {
        result.wires[link].forward = way(to: source(link), passing) + result.wires[link].forward
      }
      if !result.wires[link].endsOnTrunk, !result.wires[link].gradient.isEmpty {
        result.wires[link].gradient = way(to: source(link), passingBack) + result.wires[link].gradient
      }
    }
    for link in graph.links.indices {
      result.wires[link].gradient.reverse()
      setMarks(link, tabs, &result)
    }
    setEdges(&result)
    return result
  }

  /// How far everything reaches, marks included.
  private func setEdges(_ result: inout WiredPlacement) {
    let lows = graph.nodes.indices.map { middles[$0] - self.tabs[$0].up - graph.nodes[$0].above }
    let highs = graph.nodes.indices.map { middles[$0] + self.tabs[$0].down + graph.nodes[$0].below }
    let wires = result.wires.flatMap { $0.forward + $0.gradient }.map(\.y)
    let marks = graph.links.contains { $0.mark + $0.share > 0 } ? graph.markHeight / 2 : 1
    result.top = min(lows.min() ?? 0, (wires.min() ?? 0) - marks)
    result.height = max(highs.max() ?? 0, (wires.max() ?? 0) + marks) - result.top
    result.width = right.last ?? 0
  }

  /// From a value to the end of the wire that passes columns.
  func way(to dummy: Int, _ pieces: [[Point]]) -> [Point] {
    var parts: [[Point]] = []
    var member = dummy
    while member >= 0, trunks.isDummy(member) {
      parts.append(pieces[member])
      member = previous[member]
    }
    return parts.reversed().flatMap { $0 }
  }

  /// The pieces of a net in its gap.
  func pieces(_ net: Net, _ column: Int, _ track: Double?) -> [(Pin, [Point], Bool)] {
    let passing = net.right.firstIndex { if case .passing = $0.end { true } else { false } }
    let wires = Trunk.wires(
      from: at(right[column], net.left[0].y), track: track, to: net.right.map { at(left[column + 1], $0.y) },
      first: passing)
    return zip(net.right, wires).map { ($0, $1.points, $1.joins) }
  }

  /// From the channel to the tab.
  func ending(
    _ link: Int, _ port: WirePorts.Port, _ tabs: [Rectangle]
  ) -> [Point] {
    let tab = tabs[graph.links[link].to]
    switch port.side {
    case .left: return [at(tab.x, port.at)]
    case .bottom, .top:
      let from = source(link)
      let isValue = abs(port.at - ports[link].value.at) < 0.01 && port.side == ports[link].value.side
      let y = isValue ? value(from) : gradient(from)
      return [at(tab.x + port.at, y), at(tab.x + port.at, port.side == .top ? tab.y : tab.bottom)]
    }
  }

  func addBus(
    _ net: Net, _ column: Int, _ track: Double?, _ tabs: [Rectangle],
    _ result: inout WiredPlacement
  ) {
    guard let end = net.right.first?.y, case .link(let any) = net.right[0].end else { return }
    let from = right[column]
    let tab = tabs[graph.links[any].to].x
    let x = track ?? (left[column + 1] - graph.head)
    let order = net.left.sorted { (abs($0.y - end), $0.link) < (abs($1.y - end), $1.link) }
    var covered: (low: Double, high: Double)?
    for (y, link) in order {
      var points: [Point]
      let joins: Bool
      if let now = covered {
        let meets = min(max(y, now.low), now.high)
        points = abs(meets - y) < 0.01 ? [at(from, y), at(x, y)] : [at(from, y), at(x, y), at(x, meets)]
        covered = (min(now.low, y), max(now.high, y))
        joins = true
      } else {
        points = abs(y - end) < 0.01 ? [at(from, y), at(tab, y)] : [at(from, y), at(x, y), at(x, end), at(tab, end)]
        covered = (min(y, end), max(y, end))
        joins = false
      }
      if net.isGradient {
        result.wires[link].gradient = points
        result.wires[link].beginsGradientOnTrunk = joins
      } else {
        result.wires[link].forward = points
        result.wires[link].endsForwardOnTrunk = joins
      }
    }
  }
}
