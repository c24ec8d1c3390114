import Autograd
import GradvizGraph

/// What each sample of a batch adds to the gradients of the parameters.
struct SharesOfSamples {
  static func reasonAgainst(_ graph: ComputationGraph) -> String? { nil }
}
