import GradvizTestSupport
import Testing

@testable import GradLanguage

/// The table has French for every message of the language.
@Suite struct FrenchTableTests {
  /// What the holes of a message can be.
  private static let parts = [
    "3", "has 2 entries", "x", "a size", "x is 4×3, w has 2 entries", "x is 4×3", "`f(x)`", "optimizer", "row",
    "the file is empty",
  ]

  /// Literals that are parts of a message, with such a message.
  private static let composed = [
    "is ": "is 4×3", "expected ": "expected `axis` and `keepdims`", " and ": "expected `axis` and `keepdims`",
    "does what training does in training, and what evaluation does there":
      "`dropout` does what training does in training, and what evaluation does there",
    "of {} axes is along axis {} in PyTorch, and along the last one here":
      "`F.softmax` of 3 axes is along axis 0 in PyTorch, and along the last one here",
    "is along axis 1 in PyTorch, and along the last one here":
      "`F.cosine_similarity` is along axis 1 in PyTorch, and along the last one here",
    "has the classes along axis 1 in PyTorch, and along the last one here":
      "`F.nll_loss` has the classes along axis 1 in PyTorch, and along the last one here",
    "is an approximation in JAX": "`jax.nn.gelu` is an approximation in JAX",
    "has another slope in Keras": "`keras.ops.leaky_relu` has another slope in Keras",
    "takes the target first, and gives a number for each row":
      "`keras.losses.mse` takes the target first, and gives a number for each row",
    "of an order is a norm of the matrix as a map": "`np.linalg.norm` of an order is a norm of the matrix as a map",
    "of more than two axes pairs every matrix with every other":
      "`np.dot` of more than two axes pairs every matrix with every other",
    "as a method takes the values first": "`where` as a method takes the values first",
    "{} does not match `{}` on line ": "`]` does not match `(` on line 1",
    "{} takes {} {}, not {}": "`f(a, b)` takes 2 arguments, not 1",
    "{} {}, which does not make {}": "x has 6 entries, which does not make 4×2",
    "{} {} and takes ": "x is a scalar and takes no index", "no index": "x is a scalar and takes no index",
    "at most {} {}, not {}": "`a[0]` is 4×3 and takes at most 2 indices, not 3",
    "samples × channels × length":
      "`conv1d` takes samples × channels × length and a weight of outputs × channels × width",
    "samples × channels × rows × columns":
      "`conv2d` takes samples × channels × rows × columns and a weight of outputs × channels × height × width",
    "height × width":
      "`conv2d` takes samples × channels × rows × columns and a weight of outputs × channels × height × width",
    "`{}` takes {} and a weight of outputs × channels × {}":
      "`conv1d` takes samples × channels × length and a weight of outputs × channels × width",
    " for each of {} groups": "the weight has 2 channels for each of 2 groups, the first operand 3",
    "the weight has {} channels{}, the first operand {}": "the weight has 2 channels, the first operand 3",
    "the weight of the state {}, but is width × {}": "the weight of the state is 2×3, but is width × 3 · width",
    ", or is {}×{}": "`h0` must have 3 entries, or is 2×3, but this is 3×2",
    "`{}` must have {} entries{}, but this {}": "`h0` must have 3 entries, but this is 3×2",
    "{} {} {} arguments": "`max` takes 1 or 2 arguments, not 0",
    "`{}` takes {}, not {}": "`csv` takes 2 to 4 arguments, not 0",
    "{} {} takes only numbers": "a param takes only numbers",
    "{}, but `{}` is computed or learned (line {})":
      "an input takes only numbers, but `a` is computed or learned (line 1)",
    "one of ": "one of uniform, normal", "expected one of ": "expected one of `a`, `b`",
    " (in `{}`, called on line {})": "unknown name `q` (in `f`, called on line 2 of page.md)",
    "the logarithms of probabilities": "`nll` takes the logarithms of probabilities, one row per sample",
    "`{}` takes {}, one row per sample": "`cross_entropy` takes scores, one row per sample",
    "takes targets from 0 to 1": "`bce` takes targets from 0 to 1, not −2",
    "takes probabilities from 0 to 1": "`bce` takes probabilities from 0 to 1, not 1.5",
    "`{}` {}, not {}": "`bce` takes probabilities from 0 to 1, not 1.5", "in step {}, it is ": "in step 2, it is -1",
    "`{}` must be {} ": "`eps` must be 0 or more", "or more": "`eps` must be 0 or more",
    "to {}": "`momentum` must be 0 to 1", ", as in `{} {}`": "one of adam, sgd, as in `optimizer sgd(rate: 0.1)`",
    " points": "the width of a figure is 400 to 20000 points", "{} is {} to {}{}": "the scale of a figure is 0.1 to 20",
    " or `{}`": "expected `LR` or `TB`", "the sizes do not match": "a is 2×3, b is 2×2×2: the sizes do not match",
    "sizes {} and {} do not match": "`a + b`: a is 4×3, b has 2 entries: sizes 3 and 2 do not match",
    ", or {}": "use a relative path, such as `data/points.csv`, or run with `--allow-data-outside`",
    "line {}": "`d.csv`: line 2: a quoted field is not closed",
    "{}: {} in column {}": "`d.csv`: line 2: `x` in column `a` is not a number",
    "{} is not a number": "`d.csv`: line 2: `x` in column `a` is not a number",
    "{} is too large": "`d.csv`: line 2: `1e999` in column 0 is too large",
    "{}: the cell in column {} is empty": "`d.csv`: line 3: the cell in column `x` is empty",
    "line {} has {} {}, but the {} has {}": "`d.csv`: line 3 has 1 field, but the header has 2",
    "line {} has more than {} fields": "`d.csv`: line 1 has more than 100000 fields",
    "index {} is out of range: {} {}": "index 2 is out of range: w has 2 entries",
    "axis {} is out of range: {} {}": "axis 2 is out of range: w is 1×1",
    "axis {} is out of range: the result has {} {}": "axis 2 is out of range: the result has 1 axis",
    "a metric must be a scalar, but `{}` {}": "a metric must be a scalar, but `a` has 6 entries",
    "the loss must be a scalar, but `{}` {}": "the loss must be a scalar, but `L` is 2×2",
    "`stack` takes arrays of one shape: this {}, the first {}":
      "`stack` takes arrays of one shape: this is a scalar, the first has 1 entry",
    "with {} of the {} samples: {}":
      "with 2 of the 6 samples: `x + c`: x is 2×2, c is 6×2: sizes 2 and 6 do not match",
    "{} cannot be read: {}": "`no.csv` cannot be read: no such file",
    "{} has no header, so there is no column {}": "`d.csv` has no header, so there is no column `a`",
    "{} has no column {}": "`d.csv` has no column `a`", "{} has two columns {}": "`d.csv` has two columns `a`",
  ]

  /// Literals that are not messages about a program.
  private static let others: Set<String> = [
    // Any long text that a terminal shows.
    "… and {} more lines",
    // Code in backquotes.
    "sgd(rate: 0.1)", "step(size: 30, gamma: 0.1)", "rate …", "steps …", "batch …", "optimizer sgd(momentum: …)",
    "optimizer sgd(weight_decay: …)", "holdout …", "precision …",
  ]

  /// Whether the holes of a literal can be filled so that the table has French for it.
  private func isTranslated(_ pieces: ArraySlice<Substring>, after start: String) -> Bool {
    guard let piece = pieces.first else { return false }
    guard pieces.count > 1 else {
      return FrenchMessages.translation(of: start + piece).map { EnglishWords.left(in: $0).isEmpty } ?? false
    }
    return Self.parts.contains { isTranslated(pieces.dropFirst(), after: start + piece + $0) }
  }

  @Test func `every message of the sources is in the table`() throws {
    let literals = try MessageSource.literals()
    #expect(literals.count > 1000)
    var (seen, used): (Set<String>, Set<String>) = ([], [])
    for literal in literals where seen.insert(literal.text).inserted {
      let written = literal.text.replacing(String(MessageSource.hole), with: "{}")
      used.insert(written)
      if Self.others.contains(written) { continue }
      if let whole = Self.composed[written] {
        for piece in literal.text.split(separator: MessageSource.hole) {
          #expect(whole.contains(piece), "\(literal) is not part of \(whole)")
        }
        let french = FrenchMessages.translation(of: whole)
        #expect(french.map { EnglishWords.left(in: $0) } == [], "\(whole) → \(french ?? "nothing")")
        continue
      }
      let pieces = literal.text.split(separator: MessageSource.hole, omittingEmptySubsequences: false)
      #expect(isTranslated(pieces[...], after: ""), "\(literal)")
    }
    #expect(Set(Self.composed.keys).union(Self.others).subtracting(used).isEmpty, "they are written no longer")
  }

  @Test func `both languages have the same holes`() {
    #expect(FrenchMessages.entries.count > 400)
    for (english, french) in FrenchMessages.entries {
      let template = MessageTemplate(english, french)
      #expect(template.frenchHoles.sorted() == Array(template.holes.indices), "\(english) → \(french)")
      #expect(EnglishWords.left(in: french).isEmpty, "\(english) → \(french)")
      #expect(!french.contains("'"), "\(french)")
    }
  }

  @Test func `the table names no entry twice`() {
    let tables = [
      FrenchMessages.phrases, FrenchMessages.syntax, FrenchMessages.names, FrenchMessages.calls, FrenchMessages.arrays,
      FrenchMessages.layers, FrenchMessages.losses, FrenchMessages.settings, FrenchMessages.dataFiles,
      FrenchMessages.foreignWords, FrenchMessages.runs,
    ]
    var known: Set<String> = []
    for table in tables {
      for (english, _) in table { #expect(known.insert(english).inserted, "\(english)") }
    }
  }
}
