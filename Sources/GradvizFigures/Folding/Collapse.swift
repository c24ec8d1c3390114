import GradvizGraph

/// How far a graph is folded before it is drawn. Each level only ever merges what the one before shows, and the
/// same graph is always folded the same way.
public enum Collapse: Hashable, Sendable {
  /// Every value has a box of its own.
  case none
  /// Up to ``maxBoxesUnfolded`` values and ``maxArrowsUnfolded`` arrows as ``none``; beyond, the first level with at most
  /// ``maxBoxesFolded`` boxes.
  case auto
  /// Of a batch the first ``samplesShown`` samples, and all others as one more.
  case samples
  /// All samples together, each layer or function call one box, and so is each array of inputs, targets or
  /// parameters; outside of layers the values of one operation at the same distance from the leaves.
  case layers
  /// At most so many boxes: as ``none``, ``samples`` or ``layers`` where these are small enough, else
  /// neighbouring ranks together until it is so. The loss always has a box of its own, and so have inputs,
  /// targets and parameters.
  case boxes(Int)

  /// A graph of this many values is still drawn whole by ``auto``.
  public static let maxBoxesUnfolded = 1_000
  /// So is one of this many operands; of more, those that are one value are one arrow, too.
  public static let maxArrowsUnfolded = 10_000
  /// What ``auto`` folds a larger graph to, at most: what fits a page.
  public static let maxBoxesFolded = 200
  /// How many samples of a folded batch are drawn by themselves.
  public static let samplesShown = 3

  /// `none`, `auto`, `samples`, `layers` or a number of boxes from 1 on; nil for anything else.
  public init?(_ word: String) {
    switch word {
    case "none": self = .none
    case "auto": self = .auto
    case "samples": self = .samples
    case "layers": self = .layers
    default:
      guard let count = Int(word), count >= 1 else { return nil }
      self = .boxes(count)
    }
  }

  /// The word that the command line takes for it.
  public var word: String {
    switch self {
    case .none: "none"
    case .auto: "auto"
    case .samples: "samples"
    case .layers: "layers"
    case .boxes(let count): "\(count)"
    }
  }
}

extension ComputationGraph {
  /// The graph with values drawn together as `level` says; itself where there is nothing to fold.
  ///
  /// A node that stands for several values has a `fold`; gradients of the others stay what they are.
  /// - Complexity: O(nodes · log nodes) for each of the levels passed.
  public func folded(_ level: Collapse) -> ComputationGraph {
    var partition = Partition(self)
    partition.fold(to: level)
    return partition.graph
  }
}

extension Partition {
  mutating func fold(to level: Collapse) {
    let hasManyArrows = source.operandCount > Collapse.maxArrowsUnfolded
    defer { if level != .none, hasManyArrows { bundleArrows() } }
    switch level {
    case .none: break
    case .samples: apply(.samples)
    case .layers:
      apply(.samples)
      apply(.layers)
    case .auto:
      if count > Collapse.maxBoxesUnfolded || hasManyArrows {
        fold(toAtMost: Collapse.maxBoxesFolded)
      }
    case .boxes(let limit): fold(toAtMost: limit)
    }
  }

  private mutating func fold(toAtMost limit: Int) {
    for step in [FoldingStep.samples, .layers] where count > limit { apply(step) }
    var before = Int.max
    while count > limit, count < before {
      before = count
      apply(.ranks)
    }
  }
}

extension ComputationGraph {
  /// How many samples the lanes stand for; 0 where there are none.
  var sampleCount: Int { laneCount == 0 ? 0 : laneCount - 1 + (folding?.samplesInLastLane ?? 1) }
}
