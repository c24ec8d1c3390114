/// A graph to be laid out in ranks that grow with x: boxes of given sizes, arrows between them.
///
/// What dot does in minutes for ten thousand boxes takes a fraction of a second here, because nothing is
/// searched for: the ranks of a computation follow from the order of evaluation, and the places in a rank from
/// sweeps of linear time. (The four steps are those of Sugiyama, Tagawa & Toda, "Methods for visual
/// understanding of hierarchical system structures", 1981.)
public struct LayeredGraph {
  public struct Node {
    /// Its extent along the ranks.
    public var along: Double
    public var across: Double
    public var place: Place

    public init(along: Double, across: Double, place: Place = .free) {
      self.along = along
      self.across = across
      self.place = place
    }
  }

  public enum Place: Sendable { case free, first, last }

  /// In an order in which every arrow leads from an earlier node to a later one, but for those in the first and
  /// the last rank.
  public var nodes: [Node]
  public var edges: [(from: Int, to: Int)]
  /// The minimum gap between ranks.
  public var rankGap: Double
  public var boxGap: Double

  public init(nodes: [Node], edges: [(from: Int, to: Int)], rankGap: Double, boxGap: Double) {
    self.nodes = nodes
    self.edges = edges
    self.rankGap = rankGap
    self.boxGap = boxGap
  }
}

/// The result of a layout: points, with the y axis pointing down, from an arbitrary origin.
public struct LayeredPlacement {
  /// Where a line crosses a rank: level, from the start of the rank to its end.
  public struct Passage {
    public var rank: Int
    public var y: Double
  }

  /// The rank of each node.
  public var ranks: [Int]
  /// The center of each node across the ranks.
  public var middles: [Double]
  /// The bounds of each rank; a node narrower than its rank is aligned with its end.
  public var rankBounds: [(left: Double, right: Double)]
  /// For each edge the ranks between its ends that it passes, and whether it leaves another edge of the same node
  /// on the way instead of the node itself: then it begins at the end of its one passage.
  public var ways: [(passages: [Passage], beginsOnTrunk: Bool)]
  /// The number of line crossings between neighboring ranks.
  public var crossings: Int
}

extension LayeredGraph {
  /// Lays out the graph.
  ///
  /// - Parameter checkpoint: called between the steps; an error it throws ends the layout.
  /// - Complexity: O((nodes + edges + ranks that edges cross) · log) with a fixed number of sweeps.
  public func placed(checkpoint: () throws -> Void = {}) rethrows -> LayeredPlacement {
    let ranks = Ranks(self).ranks
    try checkpoint()
    let trunks = Trunks(self, ranks: ranks)
    var order = RankOrder(self, trunks)
    try order.improve(checkpoint: checkpoint)
    try checkpoint()
    let middles = RankPositions(self, trunks, order.rows).middles
    try checkpoint()
    var bounds: [(left: Double, right: Double)] = []
    var widths = [Double](repeating: 0, count: trunks.rankCount)
    for node in nodes.indices { widths[ranks[node]] = max(widths[ranks[node]], nodes[node].along) }
    var x = 0.0
    for width in widths {
      bounds.append((x, x + width))
      x += width + rankGap
    }
    let ways = edges.indices.map { edge -> (passages: [LayeredPlacement.Passage], beginsOnTrunk: Bool) in
      let way = trunks.ways[edge]
      let passages = way.dummies.map { LayeredPlacement.Passage(rank: trunks.rank(of: $0), y: middles[$0]) }
      return (passages, way.beginsOnTrunk)
    }
    return LayeredPlacement(
      ranks: ranks, middles: Array(middles[..<nodes.count]), rankBounds: bounds, ways: ways,
      crossings: order.crossings)
  }
}
