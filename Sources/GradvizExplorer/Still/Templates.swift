import Autograd

/// How operations and their derivatives are written, for the page and its script: the formula, then the derivative by
/// operand, the last for all further ones.
///
/// `{0}` is the first operand, `{*}` all with commas, `{+}` all with plus signs, `{k}` the operand itself, `{n}` how many
/// they are, `{y}` the result.
enum Templates {
  static func of(_ operation: Tape.Operation) -> [String]? {
    switch operation {
    case .add: ["{0} + {1}", "1"]
    case .subtract: ["{0} − {1}", "1", "−1"]
    case .multiply: ["{0} · {1}", "{1}", "{0}"]
    case .divide: ["{0} / {1}", "1 / {1}", "−{0} / {1}²"]
    case .power: ["{0} ^ {1}", "{1} · {0} ^ ({1} − 1)", "{y} · log({0})"]
    // Equal operands share the gradient.
    case .maximum: ["max({*})", "[{0} > {1}] + [{0} = {1}]/2", "[{1} > {0}] + [{1} = {0}]/2"]
    case .minimum: ["min({*})", "[{0} < {1}] + [{0} = {1}]/2", "[{1} < {0}] + [{1} = {0}]/2"]
    case .maximumReduction: ["max({*})", "[{k} = {y}] / Σ[· = {y}]"]
    case .minimumReduction: ["min({*})", "[{k} = {y}] / Σ[· = {y}]"]
    case .less: ["[{0} < {1}]", "0"]
    case .lessOrEqual: ["[{0} ≤ {1}]", "0"]
    case .greater: ["[{0} > {1}]", "0"]
    case .greaterOrEqual: ["[{0} ≥ {1}]", "0"]
    case .equal: ["[{0} = {1}]", "0"]
    case .notEqual: ["[{0} ≠ {1}]", "0"]
    case .masked: ["{0} where {1}", "{1}", "0"]
    case .sum: ["{+}", "1"]
    case .mean: ["({+}) / {n}", "1 / {n}"]
    case .logSumExp: ["log Σ exp({*})", "exp({k} − {y})"]
    default: ofFunction(operation)
    }
  }

  private static func ofFunction(_ operation: Tape.Operation) -> [String]? {
    switch operation {
    case .negate: ["−{0}", "−1"]
    case .exp: ["exp({0})", "{y}"]
    case .log, .clampedLog: ["log({0})", "1 / {0}"]
    case .tanh: ["tanh({0})", "1 − {y}²"]
    case .sigmoid: ["σ({0})", "{y} · (1 − {y})"]
    case .relu: ["relu({0})", "[{0} > 0]"]
    case .sin: ["sin({0})", "cos({0})"]
    case .cos: ["cos({0})", "−sin({0})"]
    case .sqrt: ["√{0}", "1 / (2 · {y})"]
    case .abs: ["|{0}|", "sign({0})"]
    case .tan: ["tan({0})", "1 + {y}²"]
    case .asin: ["asin({0})", "1 / √(1 − {0}²)"]
    case .acos: ["acos({0})", "−1 / √(1 − {0}²)"]
    case .atan: ["atan({0})", "1 / (1 + {0}²)"]
    case .sinh: ["sinh({0})", "cosh({0})"]
    case .cosh: ["cosh({0})", "sinh({0})"]
    case .log1p: ["log1p({0})", "1 / (1 + {0})"]
    case .expm1: ["expm1({0})", "1 + {y}"]
    case .log2: ["log2({0})", "1 / ({0} · log(2))"]
    case .log10: ["log10({0})", "1 / ({0} · log(10))"]
    case .erf: ["erf({0})", "2 · exp(−{0}²) / √π"]
    case .sign: ["sign({0})", "0"]
    case .floor: ["⌊{0}⌋", "0"]
    case .ceil: ["⌈{0}⌉", "0"]
    case .round: ["round({0})", "0"]
    case .stopGradient: ["stop({0})", "0"]
    default: nil
    }
  }
}
