import Autograd
import GradvizGraph

/// What operations and values are called.
extension Words {
  /// An operation in words, for tooltips; functions keep the names that they have in a program.
  func operation(_ operation: Tape.Operation) -> String {
    switch operation {
    case .maximum, .maximumReduction: "max"
    case .minimum, .minimumReduction: "min"
    case .add: word("add", "addition")
    case .subtract: word("subtract", "soustraction")
    case .multiply: word("multiply", "multiplication")
    case .divide: word("divide", "division")
    case .negate: word("negate", "opposé")
    case .power: word("power", "puissance")
    case .sum: word("sum", "somme")
    case .mean: word("mean", "moyenne")
    case .abs: word("abs", "valeur absolue")
    case .sign: word("sign", "signe")
    case .floor: word("floor", "partie entière")
    case .ceil: word("ceil", "partie entière par excès")
    case .round: word("round", "arrondi")
    case .logSumExp: word("log of the sum of exponentials", "log de la somme des exponentielles")
    case .matrixMultiply: word("matrix product", "produit matriciel")
    case .transpose: word("transpose", "transposée")
    case .index: word("index", "entrée")
    case .clampedLog: word("log, at least −100", "log, au moins −100")
    case .less: word("less", "inférieur")
    case .lessOrEqual: word("less or equal", "inférieur ou égal")
    case .greater: word("greater", "supérieur")
    case .greaterOrEqual: word("greater or equal", "supérieur ou égal")
    case .equal: word("equal", "égal")
    case .notEqual: word("not equal", "différent")
    case .masked: word("where the mask is not 0", "où le masque n’est pas 0")
    case .stopGradient: word("no gradient passes", "aucun gradient ne passe")
    case .reshape: word("in another shape", "sous une autre forme")
    case .concat: word("one after another", "bout à bout")
    case .exp, .log, .tanh, .sigmoid, .relu, .sin, .cos, .sqrt, .tan, .asin, .acos, .atan, .sinh, .cosh, .log1p,
      .expm1, .log2, .log10, .erf, .softmax:
      operation.rawValue
    }
  }

  /// The name of a box of several values of one role.
  func role(_ role: Role) -> String {
    switch role {
    case .input: word("input", "entrée")
    case .target: word("target", "cible")
    case .parameter: word("parameter", "paramètre")
    case .prediction: word("prediction", "prédiction")
    case .loss: word("loss", "perte")
    case .constant: word("constant", "constante")
    case .intermediate: word("intermediate", "intermédiaire")
    }
  }
}
