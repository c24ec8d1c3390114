import Autograd
import GradvizDrawing
import GradvizGraph

/// The measures shared by drawing and layout, in points.
enum Measure {
  /// Of numbers beside a name as large as that of a box.
  static let nameSize = 14.0
  static let valueSize = Typography.smallest
  static let derivativeSize = Typography.smallest
  static let rowHeight = 18
  /// Of a box with a value only, whose name may have an index and a sample.
  static let lowHeight = 24.0
  static var rowHeightInt: Int { rowHeight }
  /// The least room between two columns of a figure that has to be narrow.
  static let minGap = 20.0
  /// Across, between two boxes of one column.
  static let boxGap = 10.0
  /// Beside a box in a figure that has to be narrow.
  static let narrowHead = 7.0
  /// Between the verticals of such a figure.
  static let narrowPitch = 7.0
  /// How high the marks on wires are.
  static let markHeight = 20.0
  static let shareHeight = 18.0
  /// How high and at least how wide the mark of a step is.
  static let badgeHeight = 17.0
  /// Between a value's wire and words beside it.
  static let besideWire = 6.0
  /// How wide a hollow dot needs its place on a wire.
  static let dot = 8.0
  static let lanePadding = 4.0
  /// How wide the bar at the left end of a sample is, beside which its boxes begin.
  static let laneBar = 4.0
  static let laneGap = 8.0
  static let margin = 16.0
  /// Beside the graph, whose badges and regions come nearer to the edge.
  static let sheetMargin = 10.0
}

/// A member that a piece places.
enum Member: Hashable {
  /// A value that belongs to the piece, its operation's tab before it.
  case value(Int)
  /// The place of a leaf that is outside, or has too many uses for one box: `use` counts them.
  case slot(leaf: Int, use: Int)
  /// Where the wires of a leaf that several lanes share come in.
  case entry(Int)
  /// Where a value leaves the piece.
  case exit(Int)
  /// Where the value of another piece comes in.
  case inlet(Int)
}

/// A wire inside a piece: operand → operation.
struct PieceLink: Hashable {
  var from: Member
  /// The value at whose box it ends.
  var to: Int
  /// The value that is computed there: another one than `to` where an operation has its tab on that box.
  var user: Int
  /// The position among the operands of `user`.
  var position: Int
}

/// A part of the graph that is laid out at once, in a space where columns grow with x.
struct Piece: Hashable {
  var members: [Member] = []
  var links: [PieceLink] = []
  /// By value the one whose operation has its tab on that box, too.
  var merged: [Int: Int] = [:]

  /// - Parameters:
  ///   - nodes: the values of the piece, in evaluation order.
  ///   - isOutside: leaves of no piece, which get a slot wherever they are used.
  ///   - exits: values of the piece that others use.
  ///   - isEntry: leaves whose wires come in from outside.
  ///   - merging: by value the one in whose box it stands where both are in the piece.
  ///   - drawn: how many places of a leaf outside other pieces of the same lane have already.
  init(
    graph: ComputationGraph, nodes: [Int], isOutside: (Int) -> Bool, exits: [Int] = [],
    isEntry: (Int) -> Bool = { _ in false }, drawn: [Int: Int] = [:], merging: [Int: Int] = [:]
  ) {
    // Most pieces need the first three; the others describe what surrounds a lane.
    let own = Set(nodes)
    var uses: [Int: Int] = [:]
    for node in nodes { for operand in graph.nodes[node].operands { uses[operand, default: 0] += 1 } }
    let homes = Self.homes(graph, nodes, uses)
    var placedUses: [Int: Int] = [:]
    var seen = Set<Member>()
    func box(of node: Int) -> Int { merging[node].flatMap { own.contains($0) ? $0 : nil } ?? node }
    func add(_ member: Member) { if seen.insert(member).inserted { members.append(member) } }
    for node in nodes {
      let isLeaf = graph.nodes[node].isLeaf
      // A leaf is added at its first use, so that operands keep their written order.
      if isLeaf, uses[node] != nil { continue }
      var operands = Array(graph.nodes[node].operands.enumerated())
      if operands.count == 2, isEntry(operands[0].element), !isEntry(operands[1].element) { operands.reverse() }
      let box = box(of: node)
      if box != node { merged[box] = node }
      for (position, operand) in operands where merged[node] != operand {
        let many = uses[operand, default: 0] > Self.maxUsesOfOneBox
        let member: Member
        let isHome = homes[operand].map { $0 == (node, position) } ?? true
        if isEntry(operand) {
          member = .entry(operand)
        } else if graph.nodes[operand].isLeaf, isOutside(operand) || own.contains(operand) && many && !isHome {
          let use = drawn[operand, default: 0] + (many ? placedUses[operand, default: 0] : 0)
          placedUses[operand, default: 0] += 1
          member = .slot(leaf: operand, use: use)
        } else if own.contains(operand) {
          member = .value(operand)
        } else {
          member = .inlet(operand)
        }
        add(member)
        links.append(PieceLink(from: member, to: box, user: node, position: position))
      }
      if box == node { add(.value(node)) }
    }
    for exit in exits { add(.exit(exit)) }
  }

  /// Of leaves with many uses the one that has the leaf's own box: the first one that the loss depends on,
  /// so that the whole gradient does not stand where none flows.
  private static func homes(
    _ graph: ComputationGraph, _ nodes: [Int], _ uses: [Int: Int]
  ) -> [Int: (user: Int, position: Int)] {
    var homes: [Int: (user: Int, position: Int)] = [:]
    for node in nodes {
      for (position, operand) in graph.nodes[node].operands.enumerated()
      where graph.nodes[operand].isLeaf && uses[operand, default: 0] > maxUsesOfOneBox {
        let isBetter =
          homes[operand].map { graph.nodes[$0.user].gradient == nil && graph.nodes[node].gradient != nil }
          ?? true
        if isBetter { homes[operand] = (node, position) }
      }
    }
    return homes
  }

  /// A leaf with more uses is drawn again for each further one: wires to all of them would be longer than the drawing.
  static let maxUsesOfOneBox = 3
}
