import GradvizDrawing

/// The nets of the channels, their tracks, and the columns' places that follow from them.
extension WireRouting {
  /// The last link of a wire that passes columns flows if any of those that it carries does.
  mutating func setNets() {
    gaps = [Gap](repeating: Gap(), count: max(rows.count - 1, 0))
    // Which wires that pass a column carry a gradient.
    var carries = [Bool](repeating: false, count: trunks.count)
    for (link, way) in trunks.ways.enumerated() where graph.links[link].flows {
      for dummy in way.dummies { carries[dummy] = true }
    }
    for segment in trunks.segments where trunks.isDummy(segment.to) { previous[segment.to] = segment.from }
    for dummy in stride(from: trunks.count - 1, through: trunks.nodeCount, by: -1)
    where carries[dummy] && previous[dummy] >= 0 { carries[previous[dummy]] = true }

    var pins = [[Pin]](repeating: [], count: trunks.count)
    var back = [[Pin]](repeating: [], count: trunks.count)
    for member in trunks.nodeCount..<max(trunks.count, trunks.nodeCount) {
      pins[previous[member]].append(Pin(y: value(member), end: .passing(member)))
      if carries[member] { back[previous[member]].append(Pin(y: gradient(member), end: .passing(member))) }
    }
    for (index, link) in graph.links.enumerated() where !hasBus(link.to) {
      let from = source(index)
      pins[from].append(Pin(y: arrival(index, ports[index].value, value(from)), end: .link(index)))
      if link.flows, !goesUnder(index) {
        back[from].append(Pin(y: arrival(index, ports[index].gradient, gradient(from)), end: .link(index)))
      }
    }
    for (column, row) in rows.enumerated().dropLast() {
      for member in row {
        if !pins[member].isEmpty {
          gaps[column].nets.append(Net(left: [(value(member), -1)], right: pins[member], isGradient: false))
        }
        if !back[member].isEmpty {
          gaps[column].nets.append(Net(left: [(gradient(member), -1)], right: back[member], isGradient: true))
        }
      }
      for node in rows[column + 1] where !trunks.isDummy(node) && hasBus(node) {
        let links = linksTo.of(node)
        let rise = min(graph.nodes[node].rise, graph.nodes[node].height / 4)
        gaps[column].nets.append(
          Net(
            left: links.map { (value(source($0)), $0) },
            right: [Pin(y: middles[node] - rise, end: .link(links.first ?? 0))], isGradient: false, isBus: true))
        let flowing = links.filter { graph.links[$0].flows }
        guard let first = flowing.first else { continue }
        gaps[column].nets.append(
          Net(
            left: flowing.map { (gradient(source($0)), $0) },
            right: [Pin(y: middles[node] + rise, end: .link(first))], isGradient: true, isBus: true))
      }
      let channel = Channel(
        gaps[column].nets.map { net in
          Channel.Net(left: net.left.map(\.y), right: net.right.map(\.y))
        })
      gaps[column].tracks = channel.tracks
      gaps[column].count = channel.count
    }
    reserveMarks()
  }

  /// Widens the gaps by the marks that stand in them.
  private mutating func reserveMarks() {
    for (index, link) in graph.links.enumerated()
    where link.mark + link.share > 0 && !goesUnder(index) && !standsOnVertical(index) {
      if standsUnder(index) && link.share == 0 || standsBefore(index) { continue }
      let room = link.mark + link.share + (link.mark > 0 && link.share > 0 ? 6 : 0)
      if isShared(index), !hasBus(link.to) {
        let gap = columnOf[link.to] - 1
        gaps[gap].behind = max(gaps[gap].behind, room)
      } else {
        let gap = columnOf[link.from]
        gaps[gap].before = max(gaps[gap].before, room)
      }
    }
  }

  /// Finds marks under boxes that verticals of their gap would cross, or whose way another box is in; those stand in
  /// the gap.
  mutating func findCrossed() -> Bool {
    var found = false
    for (index, link) in graph.links.enumerated() where standsUnder(index) && link.share == 0 {
      // A box right below, with its badge, takes the mark's place.
      guard gradient(source(index)) + graph.markHeight / 2 + 2 > topBelow(link.to) else { continue }
      isCrossed[index] = true
      found = true
    }
    for (index, link) in graph.links.enumerated() where goesUnder(index) {
      let floor = max(middles[link.from] + tabs[link.from].down, middles[link.to] + tabs[link.to].down)
      let (low, high) = (floor, floor + Wire.under + graph.markHeight / 2 + 2)
      let gap = gaps[columnOf[link.from]]
      isCrossed[index] = zip(gap.nets, gap.tracks).contains { net, track in
        guard track >= 0 else { return false }
        let pins = net.left.map(\.y) + net.right.map(\.y)
        return (pins.min() ?? 0) < high && (pins.max() ?? 0) > low
      }
      for node in [link.from, link.to] where topBelow(node) < high { isCrossed[index] = true }
      if meetsNext(index) { isCrossed[index] = true }
      if isCrossed[index] { found = true }
    }
    return found
  }

  /// Whether a mark under boxes may reach the next operation's, where the columns are as close as they can be.
  private func meetsNext(_ link: Int) -> Bool {
    let (from, to, mark) = (graph.links[link].from, graph.links[link].to, graph.links[link].mark)
    guard let next = linksFrom.of(to).first(where: goesUnder) else { return false }
    // From the left edge of the first box; see ``setUnder``.
    let gap = 2 * graph.head + 2
    let box = graph.nodes[from].width + gap + graph.nodes[to].tab
    let end = max(box - graph.nodes[to].tab / 2 + 9, mark - 2)
    let nextTab = box + graph.nodes[to].width + gap + graph.nodes[graph.links[next].to].tab / 2
    let begin = max(nextTab - graph.links[next].mark + 8, box - 2)
    return end + 3 > begin && mark > graph.dot && graph.links[next].mark > graph.dot
  }

  /// Where the next box of a member's column begins.
  private func topBelow(_ member: Int) -> Double {
    let row = rows[columnOf[member]]
    let next = row[(position[member] + 1)...].first { !trunks.isDummy($0) }
    return next.map { middles[$0] - tabs[$0].up - graph.nodes[$0].above } ?? .infinity
  }

  /// Where a link ends in the channel: at the left edge's port, or level with where it comes from.
  func arrival(_ link: Int, _ port: WirePorts.Port, _ level: Double) -> Double {
    port.side == .left ? port.at : level
  }

  mutating func setColumns() {
    var x = 0.0
    for (column, row) in rows.enumerated() {
      let width = row.reduce(0) { width, member in
        trunks.isDummy(member) ? width : max(width, graph.nodes[member].width + graph.nodes[member].tab)
      }
      left.append(x)
      x += width
      right.append(x)
      guard column < gaps.count else { continue }
      let gap = gaps[column]
      var room = 2 * graph.head
      if gap.before > 0 { room += gap.before + (gap.count > 0 ? 2 : 0) }
      if gap.count > 0 { room += Double(gap.count - 1) * graph.pitch + 4 }
      if gap.behind > 0 { room += gap.behind + 6 }
      x += max(room, 2 * graph.head + 2)
    }
  }

  func trackX(_ column: Int, _ net: Int) -> Double? {
    let gap = gaps[column]
    guard gap.tracks[net] >= 0 else { return nil }
    // Counted from the right, where the operations are.
    let end = left[column + 1] - graph.head - (gap.behind > 0 ? gap.behind + 6 : 0) - 2
    return end - Double(gap.count - 1 - gap.tracks[net]) * graph.pitch
  }
}
