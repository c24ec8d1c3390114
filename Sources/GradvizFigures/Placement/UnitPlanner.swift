import Autograd
import GradvizDrawing
import GradvizGraph

/// What every value of a graph needs where it is placed, in the direction of the columns and across.
struct UnitPlanner {
  private let text: ValueText
  private let sizes: BoxSizes
  private let uses: [[(user: Int, position: Int)]]
  private let division: LaneDivision
  private let isTransposed: Bool
  /// Whether only the first lane is laid out, and the others are rows of a table.
  private let isTable: Bool

  init(
    _ text: ValueText, _ sizes: BoxSizes, uses: [[(user: Int, position: Int)]], division: LaneDivision,
    isTransposed: Bool, isTable: Bool
  ) {
    self.text = text
    self.sizes = sizes
    self.uses = uses
    self.division = division
    self.isTransposed = isTransposed
    self.isTable = isTable
  }

  private var graph: ComputationGraph { text.graph }

  private func turned(_ size: Size) -> Size {
    isTransposed ? Size(width: size.height, height: size.width) : size
  }

  func units() -> [Unit] {
    var units = graph.nodes.indices.map { unit($0, sizes.boxes[$0]) }
    for index in graph.nodes.indices {
      units[index].marks = graph.nodes[index].operands.indices.map { mark(index, $0) }
      units[index].shares = graph.nodes[index].operands.indices.map { share(index, $0) }
      units[index].port = port(index)
      guard isTransposed else { continue }
      units[index].widestRule =
        graph.nodes[index].operands.indices.compactMap { text.local(user: index, position: $0)?.size.width }.max() ?? 0
    }
    for leaf in division.sharedLeaves {
      units[leaf].entry = entry(leaf) { !isTable || $0 < 1 }
      if isTable {
        let share = entry(leaf) { $0 > 0 }
        // The table's head names the leaf.
        units[leaf].rowEntry = share > 0 ? max(share, Double(sizes.nameWidths[leaf])) : 0
      }
    }
    if isTransposed { leaveRoomForWords(&units) }
    // The first lane is laid out for all.
    for lane in isTable ? [] : division.lanes.dropFirst() {
      for (own, first) in zip(lane, division.lanes[0]) {
        units[first].port = max(units[first].port, units[own].port)
        units[first].below = max(units[first].below, units[own].below)
        units[first].widestRule = max(units[first].widestRule, units[own].widestRule)
        for place in units[first].marks.indices where units[own].marks.indices.contains(place) {
          units[first].marks[place] = max(units[first].marks[place], units[own].marks[place])
          units[first].shares[place] = max(units[first].shares[place], units[own].shares[place])
        }
      }
    }
    return units
  }

  /// In drawings from top to bottom words on a gradient's wire stand beside the value's.
  private func leaveRoomForWords(_ units: inout [Unit]) {
    for (user, node) in graph.nodes.enumerated() {
      for (position, operand) in node.operands.enumerated() where uses[operand].count == 1 {
        guard graph.flows(user: user, position: position),
          let width = text.local(user: user, position: position)?.size.width
        else { continue }
        let unit = units[operand]
        let reach = width + Measure.besideWire - unit.rise - unit.box.height / 2
        units[operand].below = max(unit.below, reach + 2)
      }
      // Shares and rules of values with several uses stand in front of the tab, the last one at its right end.
      let unit = units[user]
      let widest = node.operands.enumerated().reduce(0.0) { width, use in
        guard share(user, use.offset) > 0 else { return width }
        return max(
          width, text.shareSize(use.element, [(user, use.offset)])?.width ?? 0,
          text.local(user: user, position: use.offset)?.size.width ?? 0)
      }
      guard widest > 0 else { continue }
      let reach = node.operands.count == 1 ? unit.rise + widest / 2 - unit.box.height / 2 : unit.port / 2
      units[user].below = max(unit.below, reach + 6)
    }
  }

  /// The same for where a lane repeats a leaf.
  func slotUnits() -> [Unit] { graph.nodes.indices.map { unit($0, sizes.slots[$0]) } }

  private func unit(_ node: Int, _ size: Size) -> Unit {
    let size = turned(size)
    let hasBadge = graph.nodes[node].gradient != nil
    let symbol = sizes.discs[node]
    var unit = Unit(
      box: size, tab: symbol.map { isTransposed ? OperationSymbol.height : $0.width },
      rise: isTransposed ? min(size.height / 4, 28) : min(size.height / 4, 12))
    if BoxSizes.isPlainConstant(graph.nodes[node]) || BoxSizes.isLow(graph.nodes[node], graph) { unit.rise = 0 }
    // The badge stands on the upper right corner, or on the right edge.
    if hasBadge {
      if isTransposed { unit.below = 14 } else { unit.above = 8 }
    }
    return unit
  }

  /// The length of a local derivative's mark on its wire, 0 where none flows.
  private func mark(_ user: Int, _ position: Int) -> Double {
    guard graph.flows(user: user, position: position), let mark = text.local(user: user, position: position) else {
      return 0
    }
    let size = mark.size
    return isTransposed ? size.height : size.width
  }

  private func share(_ user: Int, _ position: Int) -> Double {
    let operand = graph.nodes[user].operands[position]
    guard graph.flows(user: user, position: position),
      graph.nodes[operand].hidesUses
        || uses[operand].count(where: { graph.passesBack(user: $0.user, position: $0.position) }) > 1
    else { return 0 }
    let size = text.shareSize(operand, [(user, position)])
    return size.map { isTransposed ? $0.height : $0.width } ?? 0
  }

  /// Between ports so far from each other that what stands on one wire leaves the next one free.
  private func port(_ node: Int) -> Double {
    let operands = graph.nodes[node].operands
    guard operands.count > 1 else { return 10 }
    return operands.enumerated().reduce(10) { room, use in
      guard share(node, use.offset) > 0, graph.flows(user: node, position: use.offset) else { return room }
      let sizes = [
        text.shareSize(use.element, [(node, use.offset)]), text.local(user: node, position: use.offset)?.size,
      ].compactMap { $0 }
      let widest = sizes.map { isTransposed ? $0.width : $0.height }.max() ?? 0
      return max(room, widest / 2 + (isTransposed ? 5 : 2.5))
    }
  }

  /// The widest share that comes from a lane to a leaf of all.
  private func entry(_ leaf: Int, _ isIncluded: (Int) -> Bool) -> Double {
    var byLane: [Int: [(user: Int, position: Int)]] = [:]
    for use in uses[leaf] where graph.passesBack(user: use.user, position: use.position) {
      byLane[graph.nodes[use.user].lane ?? -1, default: []].append(use)
    }
    return byLane.keys.sorted().filter(isIncluded).compactMap { text.shareSize(leaf, byLane[$0] ?? [])?.width }.max()
      ?? 0
  }
}
