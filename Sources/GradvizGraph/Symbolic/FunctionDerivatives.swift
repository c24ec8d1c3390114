import Autograd

/// The derivatives of the functions that networks need less often.
extension DerivativeRule {
  var otherFactor: Formula {
    let (x, y) = (operand(0), result)
    let one = Formula.number(1)
    let square = Formula.raised(x, .number(2))
    switch graph.nodes[index].operation {
    case .tan: return one + .raised(y, .number(2))
    case .asin: return one / .call(.sqrt, [one - square])
    case .acos: return .negative(one / .call(.sqrt, [one - square]))
    case .atan: return one / (one + square)
    case .sinh: return .call(.cosh, [x])
    case .cosh: return .call(.sinh, [x])
    case .log1p: return one / (one + x)
    case .expm1: return one + y
    case .log2: return one / (x * .call(.log, [.number(2)]))
    case .log10: return one / (x * .call(.log, [.number(10)]))
    case .erf:
      return .quotient(.number(2) * .call(.exp, [.negative(square)]), .constant(Double.pi.squareRoot(), "√π"))
    // Comparisons, steps and what stops a gradient.
    default: return .number(0)
    }
  }

  /// 1 where a mask is not 0: the mask itself where a comparison gives it.
  var kept: Formula {
    let mask = graph.nodes[graph.nodes[index].operands[1]]
    let name = Symbolic.leafFormula(mask, graph.nodes[index].operands[1])
    if mask.value.allSatisfy({ $0 == 0 || $0 == 1 }) { return name }
    return .comparison(name, .notEqual, .number(0))
  }
}
