import Autograd
import GradvizDrawing
import GradvizGraph

/// The column of the leaves that all lanes share, and their wires into the lanes.
extension SheetComposer {
  /// Adds the column and its wires; returns where the lanes begin.
  ///
  /// - Parameters:
  ///   - rows: of the lane that is laid out for all; `tops`: where the lanes begin, `inside`: where in them the rows do.
  func addColumn(
    _ column: [Int], _ rows: [Row], _ entries: Set<Int>, _ tops: [Double], _ inside: Point, middle: Double,
    to sheet: inout Sheet
  ) throws -> Double {
    guard !column.isEmpty else { return 0 }
    var places: [Int: [(x: Double, y: Double)]] = [:]
    for row in rows {
      for case .entry(let leaf) in row.piece.members {
        guard let box = row.placement.boxes[.entry(leaf)] else { continue }
        places[leaf, default: []].append(
          (inside.x + row.origin.x + box.right, inside.y + row.origin.y + box.center.y))
      }
    }
    // In the order of their wires, so that these cross as little as they can.
    let order = column.enumerated().sorted {
      (places[$0.element]?.first?.y ?? .infinity, $0.offset) < (places[$1.element]?.first?.y ?? .infinity, $1.offset)
    }.map(\.element)
    let width = column.map { units[$0].box.width }.max() ?? 0
    // From top to bottom, badges stand between the boxes.
    let gap = Measure.boxGap + (isTransposed ? 20 : 8)
    let height = order.reduce(0) { $0 + units[$1].box.height } + gap * Double(order.count - 1)
    var y = (middle - height / 2).rounded()
    y += clearance(order.filter(entries.contains), places, rows, tops, top: y, in: order, gap: gap)
    sheet.sharedRegion = Rectangle(x: 0, y: y, width: width, height: height).insetBy(-6)
    for leaf in order {
      let box = units[leaf].box
      // The one box stands for the value; the lanes show its shares.
      let spot = Sheet.Spot(
        node: leaf, kind: .shared,
        frame: Rectangle(x: width - box.width, y: y, width: box.width, height: box.height))
      sheet.spots.append(spot)
      sheet.main[leaf] = sheet.spots.count - 1
      y += box.height + gap
    }
    guard !entries.isEmpty else { return width + 2 * Measure.narrowHead }
    return addWires(order.filter(entries.contains), places, rows, tops, left: width, to: &sheet)
  }

  /// How far the column moves so that no leaf's wire is as high as one that another leaf's leads to: across the upright
  /// lines between them both would be read as one.
  private func clearance(
    _ leaves: [Int], _ places: [Int: [(x: Double, y: Double)]], _ rows: [Row], _ tops: [Double], top: Double,
    in order: [Int], gap: Double
  ) -> Double {
    // The column as its caller is about to place it.
    var middles: [Int: Double] = [:]
    var y = top
    for leaf in order {
      middles[leaf] = y + units[leaf].box.height / 2
      y += units[leaf].box.height + gap
    }
    var (left, right): ([(leaf: Int, y: Double)], [(leaf: Int, y: Double)]) = ([], [])
    for leaf in leaves {
      let rise = rows.lazy.compactMap { $0.placement.rises[.entry(leaf)] }.first ?? 0
      for side in [-1.0, 1] {
        left.append((leaf, (middles[leaf] ?? 0) + side * units[leaf].rise))
        for top in tops { right += (places[leaf] ?? []).map { (leaf, $0.y + top + side * rise) } }
      }
    }
    guard left.count * right.count < 10_000 else { return 0 }
    func touching(_ shift: Double) -> Int {
      left.reduce(0) { count, pin in
        count + right.count { $0.leaf != pin.leaf && abs($0.y - pin.y - shift) < 6 }
      }
    }
    let shifts = [0.0] + (1...12).flatMap { [-2.0 * Double($0), 2.0 * Double($0)] }
    return shifts.min { (touching($0), abs($0)) < (touching($1), abs($1)) } ?? 0
  }

  private func addWires(
    _ leaves: [Int], _ places: [Int: [(x: Double, y: Double)]], _ rows: [Row], _ tops: [Double], left: Double,
    to sheet: inout Sheet
  ) -> Double {
    var nets: [Channel.Net] = []
    var ends: [[(x: Double, y: Double)]] = []
    for leaf in leaves {
      guard let spot = sheet.main[leaf] else { continue }
      let middle = sheet.spots[spot].frame.center.y
      let rise = rows.lazy.compactMap { $0.placement.rises[.entry(leaf)] }.first ?? 0
      let all = tops.flatMap { top in (places[leaf] ?? []).map { (x: $0.x, y: $0.y + top) } }
      for side in [-1.0, 1] {
        let pins = all.map { (x: $0.x, y: $0.y + side * rise) }
        nets.append(Channel.Net(left: [middle + side * units[leaf].rise], right: pins.map(\.y)))
        ends.append(pins)
      }
    }
    let channel = Channel(nets)
    let begin = left + Measure.narrowHead
    let lanes = begin + Measure.narrowPitch * Double(max(channel.count - 1, 0)) + Measure.narrowHead
    for (number, leaf) in leaves.enumerated() {
      guard let spot = sheet.main[leaf] else { continue }
      func wires(_ net: Int) -> [(points: [Point], joins: Bool)] {
        let track = channel.tracks[net] < 0 ? nil : begin + Measure.narrowPitch * Double(channel.tracks[net])
        return Trunk.wires(
          from: Point(x: sheet.spots[spot].frame.right, y: nets[net].left[0]), track: track,
          to: ends[net].map { Point(x: lanes + $0.x, y: $0.y) })
      }
      let (there, back) = (wires(2 * number), wires(2 * number + 1))
      for use in there.indices {
        sheet.branches.append(
          Sheet.Branch(
            shared: spot, slot: use, path: Path(through: there[use].points, radius: 6).onGrid,
            beginsOnTrunk: there[use].joins,
            gradient: (Path(through: back[use].points.reversed(), radius: 6).onGrid, back[use].joins)))
      }
    }
    return lanes
  }

  /// Gives each branch the place in the lanes where it ends, and takes away the gradients that do not flow.
  func joinBranches(_ sheet: inout Sheet) {
    var slots: [Int: [Int]] = [:]
    for (index, spot) in sheet.spots.enumerated() {
      if case .slot(let lane?, _) = spot.kind, graph.nodes[spot.node].lane == nil, lane >= 0 {
        slots[spot.node, default: []].append(index)
      }
    }
    let reached = Set(
      sheet.links.filter { graph.passesBack(user: sheet.spots[$0.to].node, position: $0.position) }.map(\.from))
    for index in sheet.branches.indices {
      let own = slots[sheet.spots[sheet.branches[index].shared].node] ?? []
      guard own.indices.contains(sheet.branches[index].slot) else { continue }
      sheet.branches[index].slot = own[sheet.branches[index].slot]
      if !reached.contains(sheet.branches[index].slot) { sheet.branches[index].gradient = nil }
    }
  }
}
