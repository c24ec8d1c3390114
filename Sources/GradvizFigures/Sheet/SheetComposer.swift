import Autograd
import GradvizDrawing
import GradvizGraph

/// Composes the sheet of a graph: lanes below one another in sample order, alike because one lane is laid
/// out and repeated; the rest to their right; the leaves they share to their left.
struct SheetComposer {
  let graph: ComputationGraph
  let division: LaneDivision
  /// Sizes in the direction of the columns and across, by node.
  var units: [Unit]
  /// The same for places where a lane repeats a leaf.
  let slotUnits: [Unit]
  let uses: [[(user: Int, position: Int)]]
  /// How wide the sheet should be: what is wider goes on in a second row; nil for as wide as they are.
  var width: Double?
  /// Whether the sheet will be turned: the lanes' titles then stand before the first column, not beside it.
  let isTransposed: Bool
  /// Whether leaves that lanes share are one box with wires to every lane, or repeated in each.
  let sharesLeaves: Bool
  /// Whether the samples after the first are rows of a table, and by node how large their cells are.
  var isTable = false
  var cellSizes: [Size] = []
  /// Whether the figure has too many boxes to be seen at once.
  var isLarge = false
  /// Products of matrices that stand as a tab on the box of the sum with a bias, their only user.
  var merging: [Int: Int] = [:]
  /// Called between the steps of a large layout; an error it throws ends the layout.
  var checkpoint: () throws -> Void = {}
  /// What is placed already: rows are tried in several divisions, most of which have most rows in common.
  var placed = PlacedPieces()

  static var laneTitleHeight: Double { 15 }
  /// Where a row breaks: the mark at either end of a wire that goes on below.
  static var turnSize: Size { Size(width: 18, height: 34) }

  /// The sheet, no wider than asked for where its rows can break so.
  func compose() throws -> Sheet {
    var best = try composed()
    guard let width, !isLarge else { return best }
    // What stands around the rows, such as the frame of the loss, is only known once they are there.
    var narrower = self
    for _ in 0..<Self.maxCompositions where best.bounds.width > width {
      narrower.width = (narrower.width ?? width) - (best.bounds.width - width)
      let sheet = try narrower.composed()
      guard sheet.bounds.width < best.bounds.width else { break }
      best = sheet
    }
    return best
  }

  private static let maxCompositions = 3

  private func composed() throws -> Sheet {
    var sheet = Sheet()
    if division.lanes.isEmpty {
      try composeRows(&sheet)
    } else {
      try composeLanes(&sheet)
    }
    addLossRegion(&sheet)
    return sheet
  }

  // MARK: Pieces

  private static func settledUnit(rise: Double) -> Unit { Unit(box: Size(width: 0, height: 0), rise: rise) }

  /// - Parameters:
  ///   - middles: where values of the lanes come in, beside a piece that follows them.
  ///   - marked: values that have a mark where they leave the piece or come in.
  ///   - isCompact: whether it has to be narrow.
  func place(_ piece: Piece, middles: [Member: Double] = [:], marked: Set<Int> = [], isCompact: Bool = false)
    throws -> PiecePlacement
  {
    let key = PlacedPieces.Key(piece: piece, middles: middles, marked: marked, isCompact: isCompact)
    if let known = placed[key] { return known }
    func unit(_ member: Member) -> Unit {
      switch member {
      case .value(let node):
        var unit = units[node]
        if let inner = piece.merged[node] { unit.tab = (unit.tab ?? 0) + (units[inner].tab ?? 0) }
        return unit
      case .slot(let leaf, _): return slotUnits[leaf]
      case .entry(let leaf): return entryUnit(leaf)
      case .exit(let node), .inlet(let node):
        guard marked.contains(node) else { return Self.settledUnit(rise: units[node].rise) }
        return Unit(box: Self.turnSize, rise: Self.turnSize.height / 4)
      }
    }
    let placement = try PiecePlacement(
      piece,
      .init(
        unit: unit,
        flows: { link in graph.flows(user: link.user, position: link.position) },
        needsShare: needsShare,
        hasBus: { node in
          !middles.isEmpty && graph.nodes[node].operands.count { middles[.inlet($0)] != nil } > 2
        }, isTransposed: isTransposed, isCompact: isCompact, middles: middles, checkpoint: checkpoint))
    placed[key] = placement
    return placement
  }

  /// The value's wire and, below it, the share on the gradient's.
  private func entryUnit(_ leaf: Int) -> Unit {
    let length = max(units[leaf].entry, Measure.dot)
    guard isTransposed else {
      let hasMark = uses[leaf].contains { use in
        units[use.user].marks.indices.contains(use.position) && units[use.user].marks[use.position] > Measure.dot
      }
      let rise = hasMark ? Self.entryRise : Self.plainEntryRise
      let beside = hasMark ? 8.0 : 4
      var unit = Unit(box: Size(width: length, height: 2 * rise + beside), rise: rise)
      unit.below = (Measure.markHeight - beside) / 2
      return unit
    }
    let widest = graph.nodes.indices.reduce(length) { width, node in
      graph.nodes[node].operands.contains(leaf) ? max(width, units[node].widestRule) : width
    }
    let rise = max(Self.entryRise, widest / 4 + 4)
    var unit = Unit(box: Size(width: Measure.markHeight + 6, height: 2 * rise + 8), rise: rise)
    unit.below = widest / 2
    return unit
  }

  /// A share below its value's wire leaves room for a mark under the tab to which both go.
  private static var entryRise: Double { 11.5 }
  /// Without such a mark the share only has to keep clear of the value's wire.
  private static var plainEntryRise: Double { 6.5 }

  /// Whether the box at the end of a gradient's wire says more than what this one use adds.
  func needsShare(_ link: PieceLink, flowing: Int) -> Bool {
    if flowing > 1 { return true }
    switch link.from {
    case .slot, .entry, .exit: return false
    case .value(let node), .inlet(let node):
      return uses[node].count { graph.passesBack(user: $0.user, position: $0.position) } > 1
        || graph.nodes[node].hidesUses
    }
  }

  /// Adds a placed piece; `nodes` says which node of this lane stands for one of the piece, `entered` how often a
  /// shared leaf has come into its lane already.
  func add(
    _ placement: PiecePlacement, _ piece: Piece, to sheet: inout Sheet, at origin: Point, lane: Int?,
    row: Int = 0, nodes: [Int: Int]?, entered: [Int: Int] = [:]
  ) -> OrderedTable<Member, Int> {
    var spots = OrderedTable<Member, Int>()
    for member in piece.members {
      guard let box = placement.boxes[member]?.moved(origin.x, origin.y) else { continue }
      switch member {
      case .value(let node):
        var tab = placement.tabs[node]?.moved(origin.x, origin.y)
        if let inner = piece.merged[node], let whole = tab {
          let first = Rectangle(x: whole.x, y: whole.y, width: units[inner].tab ?? 0, height: whole.height)
          spots[.value(inner)] = sheet.add(
            Sheet.Spot(node: nodes?[inner] ?? inner, kind: .value, frame: first, disc: first, row: row, isTab: true))
          tab = Rectangle(x: first.right, y: whole.y, width: whole.right - first.right, height: whole.height)
        }
        spots[member] = sheet.add(
          Sheet.Spot(node: nodes?[node] ?? node, kind: .value, frame: box, disc: tab, row: row))
      case .slot(let leaf, let use):
        // A lane's own leaves have a separate node in every lane.
        spots[member] = sheet.add(
          Sheet.Spot(node: nodes?[leaf] ?? leaf, kind: .slot(lane: lane, use: use), frame: box, row: row))
      case .entry(let leaf):
        let rise = placement.rises[member] ?? 0
        let center = box.center.moved(0, rise)
        let size =
          isTransposed
          ? Size(width: Measure.markHeight, height: max(units[leaf].entry, 8))
          : Size(width: max(units[leaf].entry, 8), height: Measure.markHeight)
        spots[member] = sheet.add(
          Sheet.Spot(
            node: leaf, kind: .slot(lane: lane, use: entered[leaf] ?? 0),
            frame: Rectangle(center: center, size: size), row: row))
      case .inlet(let node): spots[member] = sheet.main[nodes?[node] ?? node]
      case .exit: break
      }
    }
    for (link, wire) in placement.links {
      guard let from = spots[link.from], let to = spots[.value(link.user)] else { continue }
      sheet.links.append(
        Sheet.Link(from: from, to: to, position: link.position, wire: wire.moved(origin.x, origin.y)))
    }
    return spots
  }
}

extension ComputationGraph {
  /// By product of matrices its only user, where that adds a parameter: `x @ w + b`.
  func sumsOfProducts(_ uses: [[(user: Int, position: Int)]]) -> [Int: Int] {
    var sums: [Int: Int] = [:]
    for (index, node) in nodes.enumerated() where node.operation == .matrixMultiply && !node.isNamed {
      guard uses[index].count == 1, let user = uses[index].first?.user, index != loss, !node.hidesOperands,
        nodes[user].operation == .add, nodes[user].operands.count == 2, nodes[user].shape == node.shape,
        let other = nodes[user].operands.first(where: { $0 != index }), nodes[other].role == .parameter
      else { continue }
      sums[index] = user
    }
    return sums
  }

  /// Whether a gradient's wire runs along an arrow: a plain number collects none.
  func flows(user: Int, position: Int) -> Bool {
    passesBack(user: user, position: position)
      && !BoxSizes.isPlainConstant(nodes[nodes[user].operands[position]])
  }
}
