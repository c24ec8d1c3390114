import GradvizGraph

/// How far a graph is folded before it is drawn.
///
/// Each level merges only groups of the previous one, and the same graph is always folded the same way.
public enum Collapse: Hashable, Sendable {
  /// One box per value.
  case none
  /// Up to ``maxBoxesUnfolded`` values and ``maxArrowsUnfolded`` arrows as ``none``; beyond, the first level with at most
  /// ``maxBoxesFolded`` boxes. More than ``maxArraysUnfolded`` arrays are drawn as ``layers``.
  case auto
  /// The first ``samplesShown`` samples of a batch, and all others as one more.
  case samples
  /// As ``auto``; of parts that follow one another and are alike, as the steps of a loop, the first and the last, and all
  /// between them in one box.
  case repeats
  /// Merges all samples. Each layer or function call is one box, and so is each array of inputs, targets or
  /// parameters; outside layers, values of the same operation at the same depth are merged.
  case layers
  /// Each module is one box, to this depth of `h.0.attn`, or as deep as fits on a page; blocks that are alike are one box.
  /// The parts of opened modules are told apart, whatever their depth.
  case scopes(depth: Int?, opened: [String])
  /// At most this many boxes: like ``none``, ``samples`` or ``layers`` if these are small enough, otherwise
  /// neighboring ranks are merged until it fits. The loss always has its own box, and so do inputs, targets
  /// and parameters.
  case boxes(Int)

  /// The largest number of values that ``auto`` does not fold.
  public static let maxBoxesUnfolded = 1_000
  /// So is one of this many operands; of more, those that are one value are one arrow, too.
  public static let maxArrowsUnfolded = 10_000
  /// The largest number of arrays, whose boxes are large, that ``auto`` does not fold.
  public static let maxArraysUnfolded = 48
  /// The largest number of boxes that the modules of a recorded step are told apart in.
  public static let maxBoxesOfScopes = 30
  /// The same of a tape of numbers whose matrices, norms and heads of attention were recovered.
  public static let maxBoxesRecovered = 80
  /// The largest number of boxes to which ``auto`` folds a graph, which fit on a page.
  public static let maxBoxesFolded = 200
  /// The number of samples of a folded batch that are drawn individually.
  public static let samplesShown = 3

  /// Parses `none`, `auto`, `samples`, `repeats`, `layers`, `scopes` or a positive number of boxes; returns nil for anything
  /// else.
  public init?(_ word: String) {
    switch word {
    case "none": self = .none
    case "auto": self = .auto
    case "samples": self = .samples
    case "repeats": self = .repeats
    case "layers": self = .layers
    case "scopes": self = .scopes(depth: nil, opened: [])
    default:
      guard let count = Int(word), count >= 1 else { return nil }
      self = .boxes(count)
    }
  }

  /// The word for it on the command line.
  public var word: String {
    switch self {
    case .none: "none"
    case .auto: "auto"
    case .samples: "samples"
    case .repeats: "repeats"
    case .layers: "layers"
    case .scopes: "scopes"
    case .boxes(let count): "\(count)"
    }
  }
}

extension Collapse {
  /// Whether a graph is folded by what its numbers were recovered as: where its modules are asked for and it names none,
  /// and where it is too large for a box each.
  func recovers(_ graph: ComputationGraph) -> Bool {
    switch self {
    case .none, .samples: false
    case .scopes: graph.isPlainTape
    case .auto, .repeats, .layers, .boxes:
      (graph.nodes.count > Self.maxBoxesUnfolded || graph.operandCount > Self.maxArrowsUnfolded) && graph.isPlainTape
    }
  }
}

extension Partition {
  mutating func fold(to level: Collapse) {
    let hasManyArrows = source.operandCount > Collapse.maxArrowsUnfolded
    defer { if level != .none, hasManyArrows { bundleArrows() } }
    switch level {
    case .none: break
    case .samples: apply(.samples)
    case .repeats:
      fold(to: .auto)
      apply(.repeats)
    case .layers:
      apply(.samples)
      apply(.layers)
    case .scopes(let depth, let opened): foldScopes(depth: depth, opened: opened)
    case .auto:
      if source.recovery != nil {
        foldScopes(depth: nil, opened: [])
        fold(toAtMost: Collapse.maxBoxesFolded)
      } else if count > Collapse.maxBoxesUnfolded || hasManyArrows {
        fold(toAtMost: Collapse.maxBoxesFolded)
      } else if source.nodes.count(where: { !$0.shape.isEmpty }) > Collapse.maxArraysUnfolded {
        fold(to: source.isRecorded ? .scopes(depth: nil, opened: []) : .layers)
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
  /// The number of samples that the lanes stand for; 0 if there are none.
  var sampleCount: Int { laneCount == 0 ? 0 : laneCount - 1 + (folding?.samplesInLastLane ?? 1) }
}
