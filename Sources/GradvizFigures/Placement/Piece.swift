import Autograd
import GradvizDOT
import GradvizGraph

/// The measures that drawing and placing agree on, in points.
enum Measure {
  static let nameSize = 13.0
  static let valueSize = 12.0
  static let derivativeSize = 10.0
  static let rowHeight = 18
  static var rowHeightInt: Int { rowHeight }
  /// Between an operation's circle and the box of its result.
  static let link = 10.0
  /// The least room between two ranks.
  static let leastGap = 34.0
  /// Across, between two boxes of one rank.
  static let boxGap = 14.0
  static let lanePadding = 12.0
  static let laneGap = 14.0
  static let margin = 16.0
}

/// What a piece needs to know of one value: the size of its box and of its operation's circle.
struct Unit {
  var box: Size
  /// nil for a leaf.
  var disc: Size?
  /// Room before the circle for what stands on the arrows to it, beyond the gap that all ranks have.
  var lead = 0.0

  /// Its extent along the direction of the ranks.
  var along: Double { box.width + (disc.map { $0.width + Measure.link + lead } ?? 0) }
  var across: Double { max(box.height, disc?.height ?? 0) }
}

/// One thing that a piece places.
enum Member: Hashable {
  /// A value that belongs to the piece, its operation's circle before it.
  case value(Int)
  /// The place of a leaf that stands outside, or has too many uses to be one box: `use` counts them.
  case slot(leaf: Int, use: Int)
  /// Where the line to a slot enters the piece.
  case entry(leaf: Int, use: Int)
  /// Where a value leaves the piece.
  case exit(Int)
  /// Where the value of another piece enters, on its way to an operation.
  case inlet(from: Int, to: Int, position: Int)
}

/// An arrow inside a piece: operand → operation.
struct PieceLink: Hashable {
  var from: Member
  var to: Int
  /// Which operand of `to` it is.
  var position: Int
}

/// A part of the graph that is laid out at once, in a space where ranks grow with x.
struct Piece {
  var members: [Member] = []
  var links: [PieceLink] = []

  /// - Parameters:
  ///   - nodes: the values of the piece, in evaluation order.
  ///   - isOutside: leaves of no piece, which get a slot wherever they are used.
  ///   - exits: values of the piece that others use.
  ///   - hasEntry: leaves whose line from outside has to find its way to their slots.
  ///   - comesIn: values of other pieces whose line has to find its way in.
  ///   - drawn: how many places of a leaf outside other pieces of the same lane have already.
  init(
    graph: ComputationGraph, nodes: [Int], isOutside: (Int) -> Bool, exits: [Int] = [],
    hasEntry: (Int) -> Bool = { _ in false }, comesIn: (Int) -> Bool = { _ in false },
    drawn: [Int: Int] = [:]
  ) {
    let own = Set(nodes)
    var uses: [Int: Int] = [:]
    for node in nodes { for operand in graph.nodes[node].operands { uses[operand, default: 0] += 1 } }
    let homes = Self.homes(graph, nodes, uses)
    var placedUses: [Int: Int] = [:]
    var seen = Set<Member>()
    func add(_ member: Member) { if seen.insert(member).inserted { members.append(member) } }
    for node in nodes {
      let isLeaf = graph.nodes[node].isLeaf
      // A leaf appears with its first use, so that operands stand in the order they are written.
      if isLeaf, uses[node] != nil { continue }
      for (position, operand) in graph.nodes[node].operands.enumerated() {
        let operandIsLeaf = graph.nodes[operand].isLeaf
        let many = uses[operand, default: 0] > Self.mostUsesOfOneBox
        let member: Member
        let isHome = homes[operand].map { $0 == (node, position) } ?? true
        let isRepeated = isOutside(operand) || own.contains(operand) && many && !isHome
        if operandIsLeaf, isRepeated {
          let use = drawn[operand, default: 0] + (many ? placedUses[operand, default: 0] : 0)
          placedUses[operand, default: 0] += 1
          member = .slot(leaf: operand, use: use)
          if hasEntry(operand) { add(.entry(leaf: operand, use: use)) }
        } else if own.contains(operand) {
          member = .value(operand)
        } else if comesIn(operand)
          || graph.nodes[node].operands.contains(where: {
            own.contains($0) && !graph.nodes[$0].isLeaf
          })
        {
          member = .inlet(from: operand, to: node, position: position)
        } else {
          // All its operands come from outside: it stands in front, where their lines reach it freely.
          continue
        }
        add(member)
        links.append(PieceLink(from: member, to: node, position: position))
      }
      add(.value(node))
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
      where graph.nodes[operand].isLeaf && uses[operand, default: 0] > mostUsesOfOneBox {
        let isBetter =
          homes[operand].map { graph.nodes[$0.user].gradient == nil && graph.nodes[node].gradient != nil }
          ?? true
        if isBetter { homes[operand] = (node, position) }
      }
    }
    return homes
  }

  /// One box with an edge to each of hundreds of users ruins a dot layout; beyond this a leaf is
  /// drawn again for each further use.
  static let mostUsesOfOneBox = 3

  static func name(_ member: Member) -> String {
    switch member {
    case .value(let node): "v\(node)"
    case .slot(let leaf, let use): "s\(leaf)_\(use)"
    case .entry(let leaf, let use): "i\(leaf)_\(use)"
    case .exit(let node): "o\(node)"
    case .inlet(let from, let to, let position): "f\(from)_\(to)_\(position)"
    }
  }

  static func edgeID(_ link: PieceLink) -> String { "\(name(link.from))-\(link.to)-\(link.position)" }

  /// Whether a placer that searches would take too long: it puts a node on every rank that an arrow passes.
  var isLarge: Bool {
    if members.count > 2 * FigureSet.mostBoxesOfPlacer { return true }
    guard links.count > FigureSet.mostBoxesOfPlacer else { return false }
    let ranks = ranks
    let passed = links.reduce(0) { passed, link in
      guard case .value(let from) = link.from else { return passed }
      return passed + (ranks[link.to] ?? 0) - (ranks[from] ?? 0)
    }
    return passed > Self.mostRanksPassed
  }

  /// By all arrows together; a network of three hundred values has about a thousand.
  private static let mostRanksPassed = 3_000

  /// How many operations stand before each value of the piece, itself included.
  private var ranks: [Int: Int] {
    var operands: [Int: [Int]] = [:]
    for link in links {
      if case .value(let from) = link.from { operands[link.to, default: []].append(from) }
    }
    var ranks: [Int: Int] = [:]
    // Members stand in the order of evaluation.
    let computed = Set(links.map(\.to))
    for case .value(let node) in members where computed.contains(node) {
      ranks[node] = 1 + (operands[node]?.compactMap { ranks[$0] }.max() ?? 0)
    }
    return ranks
  }

  /// The piece for the placer, every box of the size it will have.
  func dot(rankGap: Double, boxGap: Double, size: (Member) -> Size) -> Graph {
    var graph = Graph(
      name: "piece",
      attributes: [
        .rankDirection(.leftToRight), .newRank, .rankSeparation(rankGap / 72),
        .nodeSeparation(boxGap / 72), .orderingIn,
      ],
      nodeDefaults: [.shape(.box), .fixedSize, .margin(0), .label(.plain(""))],
      edgeDefaults: [.arrowHead(.none)])
    for member in members {
      let size = size(member)
      graph.statements.append(
        .node(
          Self.name(member), [.id(Self.name(member)), .width(size.width / 72), .height(size.height / 72)]))
    }
    let exits = members.filter { if case .exit = $0 { true } else { false } }
    let inlets = members.filter { if case .inlet = $0 { true } else { false } }
    let entries = members.filter { if case .entry = $0 { true } else { false } }
    for (rank, group) in [(Attribute.Rank.source, entries + inlets), (.sink, exits)] where !group.isEmpty {
      graph.statements.append(
        .subgraph(
          .init(
            name: rank.rawValue, attributes: [.rank(rank)],
            statements: group.map { .node(Self.name($0), []) })))
    }
    let ranks = ranks
    for link in links {
      var attributes: [Attribute] = [
        .id(Self.edgeID(link)), .tailPort(.east), .headPort(.west), .weight(2),
      ]
      // What comes in begins in front, however far behind it is used: its line finds its way around the
      // boxes.
      if case .inlet = link.from, let rank = ranks[link.to], rank > 1 { attributes.append(.leastRanks(rank)) }
      graph.statements.append(
        .edge(tail: Self.name(link.from), head: Self.name(.value(link.to)), attributes))
    }
    for member in entries {
      if case .entry(let leaf, let use) = member {
        let slot = Member.slot(leaf: leaf, use: use)
        graph.statements.append(
          .edge(
            tail: Self.name(member), head: Self.name(slot),
            [.id(Self.name(member)), .tailPort(.east), .headPort(.west), .weight(0)]))
      }
    }
    for member in exits {
      if case .exit(let node) = member {
        graph.statements.append(
          .edge(
            tail: Self.name(.value(node)), head: Self.name(member),
            [.id(Self.name(member)), .tailPort(.east), .headPort(.west), .weight(1)]))
      }
    }
    return graph
  }
}
