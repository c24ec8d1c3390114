import Testing

@testable import GradLanguage

/// Every argument of every function, given what it does not take: the message says what is wrong and what would be right.
@Suite struct ArgumentTests {
  static let declarations = """
    param x = [[0.5, 0.25, 2], [0.75, 0.125, -1]]
    param v = [0.5, -1.25, 2]
    param E = [[1, 2], [3, 4], [5, 6]]
    param image = [[[[1, 2, 3], [3, 4, 7], [5, 6, 8]]]]
    param W = [[[[1, 2], [3, 4]]]]
    param U = [[1, 2], [3, 4]]
    param G = [[1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8]]
    target y = [[1, 0, 0], [0, 1, 0]]

    """

  enum Kind: Sendable {
    case axis, whole(least: Int), count, size, number, positive, notNegative, share, flag, word, seed
  }

  /// Calls with `_` in place of one argument, and what that argument is.
  static let table: [(call: String, kind: Kind)] = [
    ("sum(x, axis=_)", .axis), ("mean(x, _)", .axis), ("max(x, axis=_)", .axis), ("logsumexp(x, axis=_)", .axis),
    ("prod(x, axis=_)", .axis), ("var(x, axis=_)", .axis), ("norm(x, axis=_)", .axis), ("softmax(x, axis=_)", .axis),
    ("log_softmax(x, axis=_)", .axis), ("cumsum(x, axis=_)", .axis), ("flip(x, axis=_)", .axis),
    ("squeeze(x, _)", .axis), ("unsqueeze(x, _)", .axis), ("transpose(x, _, 0)", .axis), ("concat([x, x], _)", .axis),
    ("stack([x, x], axis=_)", .axis), ("repeat(x, 2, axis=_)", .axis), ("cosine_similarity(x, y, axis=_)", .axis),
    ("sum(x, keepdims=_)", .flag), ("var(x, unbiased=_)", .flag), ("attention(E, E, E, is_causal=_)", .flag),
    ("dropout(x, training=_)", .flag),
    ("var(x, correction=_)", .number), ("std(x, axis=0, correction=_)", .number), ("elu(x, alpha=_)", .number),
    ("elu(x, _)", .number), ("leaky_relu(x, negative_slope=_)", .number), ("hardtanh(x, min_val=_)", .number),
    ("clip(x, min=_)", .number), ("clip(x, -5, _)", .number), ("pad(x, 1, value=_)", .number),
    ("full([2], _)", .number), ("focal(x, y, alpha=_)", .number),
    ("huber(x, y, delta=_)", .positive), ("smooth_l1(x, y, beta=_)", .positive), ("focal(x, y, gamma=_)", .notNegative),
    ("layer_norm(x, eps=_)", .notNegative), ("batch_norm(x, eps=_)", .notNegative),
    ("rms_norm(x, eps=_)", .notNegative),
    ("batch_norm(x, momentum=_)", .share), ("dropout(x, _)", .share), ("dropout(x, p=_)", .share),
    ("cross_entropy(x, y, label_smoothing=_)", .share),
    ("conv2d(image, W, stride=_)", .whole(least: 1)), ("conv2d(image, W, padding=_)", .whole(least: 0)),
    ("conv2d(image, W, dilation=_)", .whole(least: 1)), ("conv2d(image, W, groups=_)", .whole(least: 1)),
    ("max_pool(image, _)", .whole(least: 1)), ("avg_pool(image, 2, stride=_)", .whole(least: 1)),
    ("attention(E, E, E, heads=_)", .whole(least: 1)), ("tril(x, _)", .whole(least: .min)),
    ("triu(x, diagonal=_)", .whole(least: .min)), ("pad(x, _)", .whole(least: 0)),
    ("repeat(v, _)", .count), ("tile(x, _)", .count), ("linspace(0, 1, _)", .count),
    ("zeros(_)", .size), ("ones(2, _)", .size), ("random(_, seed: 1)", .size), ("randn(2, _)", .size),
    ("eye(_)", .size),
    ("full(_, 1)", .size), ("one_hot([0, 1], _)", .size), ("reshape(x, _)", .whole(least: 1)),
    ("random(2, seed=_)", .seed), ("dropout(x, seed=_)", .seed), ("nll(x, [0, 1], ignore_index=_)", .seed),
    ("gelu(x, approximate=_)", .word), ("attention(E, E, E, mask=_)", .word), ("pad(x, 1, mode=_)", .word),
    ("random(2, seed: 1, scheme=_)", .word),
  ]

  static let layers: [(line: String, kind: Kind)] = [
    ("layer h = dense(x, _)", .size), ("layer h = dense(x, 2, seed=_)", .seed), ("layer h = dense(x, 2, _)", .word),
    ("layer h = dense(x, 2, scheme=_)", .word), ("layer h = conv2d(image, _, 2)", .size),
    ("layer h = conv2d(image, 2, _)", .whole(least: 1)), ("layer h = conv2d(image, 2, 2, padding=_)", .whole(least: 0)),
    ("layer h = conv2d(image, 2, 2, activation=_)", .word), ("layer h = rnn(x, _)", .size),
    ("layer h = lstm(x, 2, seed=_)", .seed), ("layer h = embedding([0, 1], _, 3)", .size),
    ("layer h = embedding([0, 1], 3, _)", .size), ("layer h = layer_norm(x, eps=_)", .notNegative),
  ]

  /// What is wrong for each kind, with a word that the message must have.
  static func wrong(_ kind: Kind) -> [(String, [String])] {
    let noNumber: [(String, [String])] = [
      ("True", ["constant", "whole", "cannot be used"]), ("\"a\"", ["constant", "whole", "text"]),
      ("v", ["constant", "whole"]),
    ]
    let tooLarge = ("1e300", ["too large", "at most", "more than", "out of range", "is not one"])
    switch kind {
    case .axis: return noNumber + [("7", ["out of range"]), ("-7", ["out of range"]), ("0.5", ["whole"]), tooLarge]
    case .whole(let least):
      let low = least == .min ? [] : [("\(least - 1)", ["at least \(least)", "does not make"])]
      return noNumber + low + [("0.5", ["whole"]), tooLarge]
    case .count: return noNumber + [("0", ["at least 1"]), ("-3", ["at least 1"]), ("0.5", ["whole"]), tooLarge]
    case .size: return noNumber + [("0", ["at least 1"]), ("-3", ["at least 1"]), ("0.5", ["whole"]), tooLarge]
    case .number: return noNumber
    case .positive: return noNumber + [("0", ["positive"]), ("-1", ["positive"])]
    case .notNegative: return noNumber + [("-1", ["at least 0"])]
    case .share: return noNumber + [("-0.5", ["at least 0", "from 0 to 1"]), ("1.5", ["below 1", "from 0 to 1"])]
    case .flag: return [("3", ["`True` or `False`"]), ("\"a\"", ["`True` or `False`"]), ("v", ["`True` or `False`"])]
    case .word:
      return [
        ("3", ["is `", "is \"", "expected the name", "one number"]),
        ("\"qq\"", ["is `", "is \"", "unknown", "one number"]),
      ]
    case .seed: return noNumber + [("0.5", ["whole"]), ("1e300", ["too large"])]
    }
  }

  private func said(_ line: String) -> [String] { messages(Self.declarations + line) }

  @Test(arguments: table.map(\.call) + layers.map(\.line))
  func `a wrong argument is named`(call: String) throws {
    let kind = try #require(
      (Self.table.map { ($0.call, $0.kind) } + Self.layers.map { ($0.line, $0.kind) })
        .first { $0.0 == call }?.1)
    for (value, words) in Self.wrong(kind) {
      let text =
        (call.hasPrefix("layer ") ? "" : "a = ")
        + call.replacing("_)", with: "\(value))")
        .replacing("_,", with: "\(value),")
      let found = said(text)
      #expect(found.count == 1 && words.contains { found[0].contains($0) }, "\(text): \(found)")
    }
  }

  /// Without operands, with too many, with an unknown label, and with a label twice.
  @Test(arguments: Vocabulary.Function.allCases)
  func `a call that no function takes says how it is written`(function: Vocabulary.Function) throws {
    let name = function.rawValue
    let isMetric = function == .argmax || function == .accuracy
    let start = function == .dense ? "layer a = " : isMetric ? "metric a = " : "a = "
    // Some take any number of operands, or sizes and axes.
    let takesMany: [Vocabulary.Function] = [.concat, .stack, .tile, .transpose, .reshape, .flip]
    for arguments in ["", "x, x, x, x, x, x, x, x, x"] where arguments.isEmpty || !takesMany.contains(function) {
      let found = said("\(start)\(name)(\(arguments))")
      #expect(found.count == 1, "\(name)(\(arguments)): \(found)")
      #expect(found.first?.contains("`\(name)") == true || found.first?.contains("size") == true, "\(name): \(found)")
    }
    let unknown = said("\(start)\(name)(x, zzz=1)")
    #expect(unknown.count == 1 && unknown[0].contains("`\(name)` has no argument `zzz`"), "\(unknown)")
    #expect(unknown.first?.contains("; ") == true, "\(name) says no right spelling: \(unknown)")
    for label in function.labels {
      let twice = said("\(start)\(name)(x, \(label)=1, \(label)=1)")
      #expect(twice.count == 1 && twice[0].contains("`\(label)` is given twice"), "\(twice)")
    }
  }

  /// What is said to be right is accepted.
  @Test(arguments: Vocabulary.Function.allCases)
  func `the way a function is written is accepted`(function: Vocabulary.Function) throws {
    let names = """
      param x = [[[0.5, 0.25], [0.75, 0.125]]]
      param a = [[1, 2], [3, 4]]
      param b = [[1, 2], [3, 4]]
      param ŷ = [0.5, 0.25]
      param p = [0.5, 0.25]
      param z = [[1, 2], [3, 4]]
      param q = [[-1, -2], [-3, -4]]
      target y = [0, 1]
      mask = a > 2
      classes = [0, 2]
      ids = [0, 1]
      param E = [[1, 2], [3, 4]]

      """
    let own: [Vocabulary.Function: String] = [
      .conv1d: "param x = ones(1, 1, 4)\nparam W = ones(1, 1, 2)\nparam b = [1]\n",
      .conv2d: "param x = ones(1, 1, 4, 4)\nparam W = ones(1, 1, 2, 2)\nparam b = [1]\n",
      .maxPool: "param x = ones(1, 1, 4, 4)\n", .averagePool: "param x = ones(1, 1, 4, 4)\n",
      .attention: "param q = ones(3, 4)\nparam k = ones(3, 4)\nparam v = ones(3, 4)\n",
      .layerNorm: "param x = ones(3, 4)\nparam g = ones(4)\nparam b = zeros(4)\n",
      .batchNorm: "param x = ones(3, 4)\nparam g = ones(4)\nparam b = zeros(4)\n",
      .rmsNorm: "param x = ones(3, 4)\nparam g = ones(4)\n",
      .rnn: "param x = ones(3, 2)\nparam W = ones(2, 2)\nparam U = ones(2, 2)\nparam b = ones(2)\nparam h = ones(2)\n",
      .gru: "param x = ones(3, 2)\nparam W = ones(2, 6)\nparam U = ones(2, 6)\nparam b = ones(6)\nparam h = ones(2)\n",
      .lstm: "param x = ones(3, 2)\nparam W = ones(2, 8)\nparam U = ones(2, 8)\nparam b = ones(8)\nparam h = ones(2)\n"
        + "param c = ones(2)\n",
      .hinge: "param ŷ = [1, 2]\ntarget y = [1, -1]\n", .klDivergence: "param q = [-1, -2]\nparam p = [0.5, 0.5]\n",
      .focal: "param z = [1, 2]\ntarget y = [0, 1]\n", .bceWithLogits: "param z = [1, 2]\ntarget y = [0, 1]\n",
      .standardize: "x = [[1, 2], [3, 5]]\n", .dense: "input x = ones(2, 3)\n",
      .pad: "param x = ones(2, 2)\n", .tril: "param x = ones(2, 2)\n", .triu: "param x = ones(2, 2)\n",
      .reshape: "param x = ones(2, 2)\n", .tile: "param x = ones(2, 2)\n",
    ]
    let isMetric = function == .argmax || function == .accuracy
    let start = function == .dense ? "layer r = " : isMetric ? "metric r = mean(" : "r = "
    let data = ["data/iris.csv": "a,b\n" + String(repeating: "1,2\n", count: 60), "data/names.txt": "ab\nca\n"]
    for usage in function.usage.components(separatedBy: "` or `") {
      let text = (own[function] ?? names) + start + usage + (isMetric ? ")" : "")
      #expect(messages(text, data: data) == [], "\(text)")
    }
  }
}
