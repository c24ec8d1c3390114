import Foundation

@testable import Autograd
@testable import GradvizGraph

/// Evaluates a scalar formula, independently of `Formula.evaluate`.
///
/// - Parameters:
///   - values: the graph's values.
///   - gradients: ∂loss/∂value for the gradients that the formula names.
func number(_ formula: Formula, _ values: [Precise], _ gradients: [Precise?]) -> Precise {
  func number(_ part: Formula) -> Precise { AutogradTests.number(part, values, gradients) }
  switch formula {
  case .number(let number), .constant(let number, _): return Precise(number)
  case .value(let node): return values[node]
  case .gradient(let node): return gradients[node] ?? .nan
  case .sum(let terms): return terms.reduce(0) { $0 + number($1) }
  case .product(let factors): return factors.reduce(1) { $0 * number($1) }
  case .quotient(let top, let bottom): return number(top) / number(bottom)
  case .power(let base, .number(let exponent)): return Dual(number(base)).raised(exponent).value
  case .power(let base, let exponent): return Dual(number(base)).raised(Dual(number(exponent))).value
  case .negated(let part): return -number(part)
  case .comparison(let a, let relation, let b):
    let (x, y) = (number(a), number(b))
    let holds =
      switch relation {
      case .greater: x > y
      case .less: x < y
      case .equal: x == y
      case .greaterOrEqual: x >= y
      case .lessOrEqual: x <= y
      case .notEqual: x != y
      }
    return holds ? 1 : 0
  case .only(let part, let condition, let excluded): return number(condition) == Precise(excluded) ? 0 : number(part)
  case .sign(let part): return number(part) > 0 ? 1 : number(part) < 0 ? -1 : 0
  case .call(.add, let parts), .call(.sum, let parts): return parts.reduce(0) { $0 + number($1) }
  case .call(.subtract, let parts): return number(parts[0]) - number(parts[1])
  case .call(.multiply, let parts): return number(parts[0]) * number(parts[1])
  case .call(.divide, let parts): return number(parts[0]) / number(parts[1])
  case .call(.negate, let parts): return -number(parts[0])
  case .call(.power, let parts): return AutogradTests.number(.power(parts[0], parts[1]), values, gradients)
  case .call(let operation, let arguments):
    let x = arguments.map { Dual(number($0)) }
    switch operation {
    case .exp: return x[0].exponential.value
    case .log: return x[0].logarithm.value
    case .tanh: return x[0].hyperbolicTangent.value
    case .sigmoid: return x[0].logistic.value
    case .relu: return x[0].positive.value
    case .sin: return x[0].sine.value
    case .cos: return x[0].cosine.value
    case .sqrt: return x[0].root.value
    case .abs: return x[0].magnitude.value
    case .maximum, .maximumReduction: return x.map(\.value).max() ?? .nan
    case .minimum, .minimumReduction: return x.map(\.value).min() ?? .nan
    case .sum: return x.reduce(0) { $0 + $1.value }
    case .mean: return x.reduce(0) { $0 + $1.value } / Precise(x.count)
    case .logSumExp: return x.map(\.exponential).reduce(Dual(0), +).logarithm.value
    default: return .nan
    }
  case .matrixProduct, .outerProduct, .transposed, .along, .entries, .widened, .placed, .filled, .permuted, .reshaped,
    .joined, .oneHot:
    return .nan
  }
}
