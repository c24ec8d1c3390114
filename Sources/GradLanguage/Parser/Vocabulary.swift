import GradvizGraph

/// The vocabulary of the language.
enum Vocabulary {
  /// The words that can start a line, besides the name of a value.
  enum Keyword: String, CaseIterable {
    case title, caption, rate, precision, gradients, direction, lang, level, stage, parameters, theme, width,
      formulas, samples, scale, dpi, background, closeups, decimal
    case input, target, param, predict, loss, layer, metric
    case def, optimizer, schedule, steps, batch, holdout

    /// Whether a value may have the name as well: a line that goes on with `=` defines it.
    ///
    /// Programs had these names before the settings came.
    var isName: Bool {
      switch self {
      case .samples, .scale, .dpi, .background, .closeups, .decimal: true
      default: false
      }
    }

    /// The keyword that a word is in every place.
    init?(reserved word: String) {
      guard let keyword = Keyword(rawValue: word), !keyword.isName else { return nil }
      self = keyword
    }

    /// Whether a name and `=` follow.
    var declares: Bool {
      switch self {
      case .input, .target, .param, .predict, .loss, .layer, .metric: true
      default: false
      }
    }
  }

  /// The functions that can be called.
  enum Function: String, CaseIterable {
    case exp, log, tanh, sigmoid, relu, sin, cos, sqrt, abs
    case max, min, sum, mean, logsumexp, softmax, transpose
    case zeros, ones, random, csv
    case oneHot = "one_hot"
    case standardize
    case mse, mae, huber, hinge, bce
    case bceWithLogits = "bce_with_logits"
    case crossEntropy = "cross_entropy"
    case argmax, accuracy, dense
    case tan, asin, acos, atan, sinh, cosh, log1p, expm1, log2, log10, erf, sign, floor, ceil, round
    case softplus, silu, gelu, elu, hardtanh
    case logSigmoid = "log_sigmoid"
    case leakyReLU = "leaky_relu"
    case logSoftmax = "log_softmax"
    case stopGradient = "stop_gradient"
    case `where`, clip
    case concat, stack, reshape, tile, pad, flip, cumsum, prod, norm, tril, triu, arange, linspace, eye, full
    case `repeat`
    case variance = "var"
    case deviation = "std"
    case embedding, matmul, pow, square, squeeze, unsqueeze
    case conv1d, conv2d, attention, rnn, gru, lstm
    case maxPool = "max_pool"
    case averagePool = "avg_pool"
    case layerNorm = "layer_norm"
    case batchNorm = "batch_norm"
    case rmsNorm = "rms_norm"
    case smoothL1 = "smooth_l1"
    case klDivergence = "kl_div"
    case cosineSimilarity = "cosine_similarity"
    case focal, dropout, nll, characters

    /// Whether a value may have the name as well: the functions that came later, since programs had these names before.
    var isName: Bool {
      switch self {
      case .exp, .log, .tanh, .sigmoid, .relu, .sin, .cos, .sqrt, .abs, .max, .min, .sum, .mean, .logsumexp, .softmax,
        .transpose, .zeros, .ones, .random, .csv, .oneHot, .standardize, .mse, .mae, .huber, .hinge, .bce,
        .bceWithLogits, .crossEntropy, .argmax, .accuracy, .dense:
        false
      default: true
      }
    }

    /// The function that a word is in every place.
    init?(reserved word: String) {
      guard let function = Function(rawValue: word), !function.isName else { return nil }
      self = function
    }
  }

  static let stages = Stage.allCases.map(\.rawValue) + ["all"]

  /// π, unless a declaration of the same name shadows it.
  static let constants: [String: Double] = ["pi": .pi]

  static let keywordNames = Keyword.allCases.map(\.rawValue)
  static let functionNames = Function.allCases.map(\.rawValue)
}

/// Finds the intended word for a misspelled one.
package enum Spelling {
  /// "did you mean `tanh`?" for the nearest candidate, if there is one.
  package static func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
    nearest(to: word, among: candidates).map { "did you mean `\($0)`?" }
  }

  /// The candidate with the fewest edits; of several, one with the same letters, then the first of the alphabet.
  static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let letters = Array(word.lowercased())
    guard letters.count <= 64 else { return nil }
    let limit = max(1, letters.count / 3)
    let sorted = letters.sorted()
    var best: (distance: Int, others: Int, word: String)?
    for candidate in candidates where candidate != word {
      let other = Array(candidate.lowercased())
      guard abs(other.count - letters.count) <= limit else { continue }
      let distance = distance(letters, other)
      guard distance <= limit, distance < letters.count else { continue }
      let others = other.sorted() == sorted ? 0 : 1
      if let found = best, found <= (distance, others, candidate) { continue }
      best = (distance, others, candidate)
    }
    return best?.word
  }

  /// The number of insertions, deletions, replacements and swaps of neighbors (optimal string alignment).
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
