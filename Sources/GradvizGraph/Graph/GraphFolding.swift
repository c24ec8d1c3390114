extension ComputationGraph {
  /// Several values folded into one node; see ``Node/fold``.
  package struct Fold: Equatable, Sendable {
    /// The number of values that the node stands for.
    package var count: Int
    /// Their ids; empty for what was recorded without its values.
    package var members: Set<String>
    /// The id of the value that it shows, where that is one of them; nil where it shows several.
    package var result: String?
    /// The places in its array that have no value, such as those above the diagonal of causal attention;
    /// its numbers are 0 there.
    package var blanks: Set<Int> = []
    /// The minimum of the values it shows; not finite if one of them is not.
    package var lowest: Double
    /// Their maximum; not finite if one of them is not.
    package var highest: Double
    /// The minimum of their gradients; nil if the loss depends on none of them.
    package var lowestGradient: Double?
    /// The maximum of their gradients; nil if the loss depends on none of them.
    package var highestGradient: Double?

    /// Describes the values that a node stands for.
    package init(
      count: Int, members: [Node] = [], lowest: Double, highest: Double, lowestGradient: Double? = nil,
      highestGradient: Double? = nil
    ) {
      self.count = count
      self.members = Set(members.map(\.id))
      self.lowest = lowest
      self.highest = highest
      self.lowestGradient = lowestGradient
      self.highestGradient = highestGradient
    }
  }

  /// How a graph was reduced for drawing.
  package struct Folding: Equatable, Sendable {
    /// The number of values in the original graph.
    package var values: Int
    /// The number of samples that the last lane stands for; 1 for a single sample.
    package var samplesInLastLane: Int
    /// Whether values were left out, not only merged.
    package var isExcerpt: Bool
    /// The number of arrows in the original graph, if those between a value and an operation are merged; nil
    /// otherwise.
    package var arrows: Int?

    /// Describes a reduced graph by what it had before.
    package init(values: Int, samplesInLastLane: Int = 1, isExcerpt: Bool = false, arrows: Int? = nil) {
      self.values = values
      self.samplesInLastLane = samplesInLastLane
      self.isExcerpt = isExcerpt
      self.arrows = arrows
    }
  }
}
