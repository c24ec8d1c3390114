import Autograd
import GradvizDOT

/// The measures shared by drawing and layout, in points.
enum Measure {
  static let nameSize = 13.0
  static let valueSize = 12.0
  static let derivativeSize = 10.0
  static let rowHeight = 18
  static var rowHeightInt: Int { rowHeight }
  /// Between an operation's circle and the box of its result.
  static let link = 10.0
  /// The minimum gap between two ranks.
  static let minGap = 34.0
  /// The gap between two boxes of a rank.
  static let boxGap = 14.0
  static let lanePadding = 12.0
  static let laneGap = 14.0
  static let margin = 16.0
}

/// The sizes of one value's box and of its operation's circle.
struct Unit {
  var box: Size
  /// nil for a leaf.
  var disc: Size?
  /// The space before the circle for labels on its arrows, beyond the gap between all ranks.
  var lead = 0.0

  /// Its extent along the ranks.
  var along: Double { box.width + (disc.map { $0.width + Measure.link + lead } ?? 0) }
  var across: Double { max(box.height, disc?.height ?? 0) }

  /// The same with at least that lead.
  func with(lead: Double) -> Unit {
    var unit = self
    if disc != nil { unit.lead = max(unit.lead, lead) }
    return unit
  }
}

/// A member that a piece places.
enum Member: Hashable {
  /// A value of the piece, with its operation's circle.
  case value(Int)
  /// The place of a leaf that is outside, or has too many uses for one box: `use` counts them.
  case slot(leaf: Int, use: Int)
  /// Where the line to a slot enters the piece.
  case entry(leaf: Int, use: Int)
  /// Where a value leaves the piece.
  case exit(Int)
  /// Where a value of another piece enters, on its way to an operation.
  case inlet(from: Int, to: Int, position: Int)
}

/// An arrow inside a piece: operand → operation.
struct PieceLink: Hashable {
  var from: Member
  var to: Int
  /// The position among the operands of `to`.
  var position: Int
}

/// A part of the graph that is laid out at once, in coordinates where ranks grow with x.
struct Piece {
  var members: [Member] = []
  var links: [PieceLink] = []
  /// The operands that enter together, by the inlet that stands for all of them.
  var bundles: [Member: [Int]] = [:]

  /// - Parameters:
  ///   - nodes: the values of the piece, in evaluation order.
  ///   - isOutside: leaves of no piece, which get a slot wherever they are used.
  ///   - exits: values of the piece that others use.
  ///   - hasEntry: leaves whose line from outside has to find its way to their slots.
  ///   - comesIn: values of other pieces whose line has to find its way in.
  ///   - maxSingleLines: more values of other pieces than these come to one operation on one line; nil where each
  ///     has its own.
  ///   - drawn: how many places of a leaf outside other pieces of the same lane have already.
  init(
    graph: ComputationGraph, nodes: [Int], isOutside: (Int) -> Bool, exits: [Int] = [],
    hasEntry: (Int) -> Bool = { _ in false }, comesIn: (Int) -> Bool = { _ in false },
    maxSingleLines: Int? = nil, drawn: [Int: Int] = [:]
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
      // A leaf is added at its first use, so that operands keep their written order.
      if isLeaf, uses[node] != nil { continue }
      var bundle: Member?
      let isBundled =
        maxSingleLines.map { most in
          Set(graph.nodes[node].operands.filter { !own.contains($0) && comesIn($0) }).count > most
        } ?? false
      let hasOwnOperands = graph.nodes[node].operands.contains { own.contains($0) && !graph.nodes[$0].isLeaf }
      for (position, operand) in graph.nodes[node].operands.enumerated() {
        let operandIsLeaf = graph.nodes[operand].isLeaf
        let many = uses[operand, default: 0] > Self.maxUsesOfOneBox
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
        } else if comesIn(operand) || hasOwnOperands {
          member = bundle ?? .inlet(from: operand, to: node, position: position)
          if isBundled {
            bundles[member, default: []].append(position)
            guard bundle == nil else { continue }
            bundle = member
          }
        } else {
          // All of its operands come from outside: it is placed first, where their lines can reach it.
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
      where graph.nodes[operand].isLeaf && uses[operand, default: 0] > maxUsesOfOneBox {
        let isBetter =
          homes[operand].map { graph.nodes[$0.user].gradient == nil && graph.nodes[node].gradient != nil }
          ?? true
        if isBetter { homes[operand] = (node, position) }
      }
    }
    return homes
  }

  /// One box with an edge to each of hundreds of users ruins a dot layout; beyond this, a leaf is drawn again
  /// for each further use.
  static let maxUsesOfOneBox = 3

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

  /// Whether a placer would take too long: it puts a node on every rank that an arrow crosses.
  var isLarge: Bool {
    if members.count > 2 * FigureSet.maxBoxesOfPlacer { return true }
    guard links.count > FigureSet.maxBoxesOfPlacer else { return false }
    let depths = depths
    let passed = links.reduce(0) { passed, link in
      guard case .value(let from) = link.from else { return passed }
      return passed + (depths[link.to] ?? 0) - (depths[from] ?? 0)
    }
    return passed > Self.maxRanksPassed
  }

  /// For all arrows together; a network with three hundred values has about a thousand.
  private static let maxRanksPassed = 3_000

  /// How many operations stand before each value of the piece, itself included.
  var depths: [Int: Int] {
    var operands: [Int: [Int]] = [:]
    for link in links {
      if case .value(let from) = link.from { operands[link.to, default: []].append(from) }
    }
    var depths: [Int: Int] = [:]
    // Members stand in the order of evaluation.
    let computed = Set(links.map(\.to))
    for case .value(let node) in members where computed.contains(node) {
      depths[node] = 1 + (operands[node]?.compactMap { depths[$0] }.max() ?? 0)
    }
    return depths
  }

  /// The piece as input of the placer: the size and the rank of each member.
  func dot(rankGap: Double, boxGap: Double, ranks: [Int], sizes: [Size]) -> Graph {
    var graph = Graph(
      name: "piece",
      attributes: [
        .rankDirection(.leftToRight), .newRank, .rankSeparation(rankGap / 72),
        .nodeSeparation(boxGap / 72), .orderingIn,
      ],
      nodeDefaults: [.shape(.box), .fixedSize, .margin(0), .label(.plain(""))],
      edgeDefaults: [.arrowHead(.none)])
    for (member, size) in zip(members, sizes) {
      graph.statements.append(
        .node(
          Self.name(member), [.id(Self.name(member)), .width(size.width / 72), .height(size.height / 72)]))
    }
    graph.statements += sameRanks(ranks)
    let rankOfMember = Dictionary(uniqueKeysWithValues: zip(members, ranks))
    func connect(_ tail: Member, _ head: Member, id: String, weight: Int) {
      var attributes: [Attribute] = [.id(id), .tailPort(.east), .headPort(.west), .weight(weight)]
      let passed = (rankOfMember[head] ?? 0) - (rankOfMember[tail] ?? 0)
      if passed > 1 { attributes.append(.minRanks(passed)) }
      graph.statements.append(.edge(tail: Self.name(tail), head: Self.name(head), attributes))
    }
    for link in links { connect(link.from, .value(link.to), id: Self.edgeID(link), weight: 2) }
    for member in members {
      switch member {
      case .entry(let leaf, let use):
        connect(member, .slot(leaf: leaf, use: use), id: Self.name(member), weight: 0)
      case .exit(let node): connect(.value(node), member, id: Self.name(member), weight: 1)
      case .value, .slot, .inlet: break
      }
    }
    return graph
  }

  /// The members that share a rank.
  private func sameRanks(_ ranks: [Int]) -> [Graph.Statement] {
    var rows = [[Member]](repeating: [], count: (ranks.max() ?? -1) + 1)
    for (member, rank) in zip(members, ranks) { rows[rank].append(member) }
    return rows.enumerated().compactMap { number, row in
      guard row.count > 1 else { return nil }
      return .subgraph(
        .init(
          name: "rank_\(number)", attributes: [.rank(.same)], statements: row.map { .node(Self.name($0), []) }))
    }
  }
}
