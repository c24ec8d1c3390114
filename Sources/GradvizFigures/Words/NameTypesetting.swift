/// A name split into its letters, its indices and its sample.
///
/// `w2` is w with index 2, `W1_2` is W with indices 1 and 2 as in a matrix, `ŷ` has none; of a value that belongs to
/// sample 3, `n4_3` is n₄⁽³⁾ and `x3_1` is x₁⁽³⁾: a sample stands above the line, as do the several of `x1…`.
struct TypesetName: Equatable {
  var base: String
  var indices: [String] = []
  /// The sample that the value belongs to, from 1.
  var sample: String?

  /// The name on one line of plain text, with small digits: `w₂`, `x₁⁽³⁾`.
  var flat: String { base + scripts }

  /// What is below and above the line.
  var scripts: String {
    let below = indices.joined(separator: ",").map { $0.wholeNumberValue.map { Self.below[$0] } ?? $0 }
    let above = (sample ?? "").map { $0.wholeNumberValue.map { Self.above[$0] } ?? $0 }
    return String(below) + (above.isEmpty ? "" : "⁽\(String(above))⁾")
  }

  private static let below: [Character] = Array("₀₁₂₃₄₅₆₇₈₉")
  private static let above: [Character] = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")

  /// A name that is shown as it is.
  init(asWritten name: String) { base = name }

  /// - Parameter lane: the sample that the value belongs to, from 0; nil if it belongs to none.
  init(_ name: String, lane: Int? = nil) {
    var name = name
    if lane != nil, name.hasSuffix("…") {
      // Folded values of several samples.
      name.removeLast()
      sample = "…"
    }
    let parts = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    var base = name
    if parts.dropFirst().allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }) {
      let digits = String(parts[0].reversed().prefix { $0.isASCIIDigit }.reversed())
      if digits.count < parts[0].count {
        base = String(parts[0].dropLast(digits.count))
        indices = (digits.isEmpty ? [] : [digits]) + parts.dropFirst()
      }
    }
    self.base = base
    if sample == nil, let lane, let place = indices.firstIndex(of: "\(lane + 1)") { sample = indices.remove(at: place) }
  }

  /// The name without its sample, as in a rule that holds for every sample.
  var ofEverySample: TypesetName {
    var name = self
    name.sample = nil
    return name
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
