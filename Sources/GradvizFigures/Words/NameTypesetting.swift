/// A name split into its letters and its subscripts.
///
/// `w2` is w with index 2, `x1_2` is x with indices 1 and 2 as in a matrix, `n4_1` is the value n4 of sample
/// 1; `ŷ` has none.
struct TypesetName: Equatable {
  var base: String
  var indices: String

  /// The name on one line of plain text, with its indices as subscripts: `w₂`, `x₁,₂`.
  var flat: String {
    let digits: [Character] = ["₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"]
    return base + String(indices.map { $0.wholeNumberValue.map { digits[$0] } ?? $0 })
  }

  init(_ name: String) {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    var base = parts[0]
    var indices: [String] = []
    if parts.dropFirst().allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }) {
      let digits = String(base.reversed().prefix { $0.isASCIIDigit }.reversed())
      if digits.count < base.count {
        base.removeLast(digits.count)
        if !digits.isEmpty { indices.append(digits) }
        indices += parts.dropFirst()
        self.base = base
        self.indices = indices.joined(separator: ",")
        return
      }
    }
    self.base = name
    self.indices = ""
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
