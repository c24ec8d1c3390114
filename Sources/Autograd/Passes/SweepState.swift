/// What backward passes keep on a tape: what the last one found, and which gradients the present one leaves out.
struct SweepState {
  /// The node from which the last pass started; −1 before the first.
  var start = -1
  /// The nodes that the last pass reached, computed when a gradient of 0 meets an infinite derivative.
  var reached: ReachedNodes?
  /// See ``Tape/parametersWithGradient``.
  var gradientFlags: GradientFlags?
  /// Whether the present pass skips arrays that depend on no parameter.
  var isForParametersOnly = false
  /// The recording for which these are known; see ``Tape/markParameterPaths()``.
  var markedParameters: [Int]?
  var markedCount = -1
  /// For each node, whether it depends on a parameter: training needs no other gradients.
  var leadsToParameter: [Bool] = []
  /// For each array, whether it shares the values of its operand and is the only use of it.
  var isOnlyUse: [Bool] = []

  /// The parameters that have a gradient, and the recording they were computed for.
  struct GradientFlags {
    var loss: Int
    var count: Int
    var parameters: [Int]
    var flags: [Bool]
  }
}
