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

extension TypesetName {
  /// The name as it was typed, without subscripts.
  fileprivate init(asTyped name: String) {
    base = name
    indices = ""
  }
}

/// How the names of one figure are written, no two alike.
///
/// With subscripts `x2_1`, sample 2's first feature, and `x_2_1`, the first number of a parameter `x_2`, are both x₂,₁. Of
/// such names the one with the fewest underscores has the subscripts, the others stand as they were typed, and
/// so does all that begins like them: `x_2_2`, too.
package struct TypesetNames {
  private var first: [String: String] = [:]
  private var typedBases: Set<String> = []

  /// - Parameter names: different ones.
  package init(_ names: some Sequence<String>) {
    let indexed = names.filter { $0.last?.isNumber == true }
    for name in indexed {
      let flat = TypesetName(name).flat
      guard let other = first[flat] else {
        first[flat] = name
        continue
      }
      if Self.rank(name, flat) < Self.rank(other, flat) { first[flat] = name }
    }
    for name in indexed where first[TypesetName(name).flat] != name {
      if let base = Self.underscoredBase(name) { typedBases.insert(base) }
    }
  }

  /// What is written with subscripts already has them.
  private static func rank(_ name: String, _ flat: String) -> Int { name == flat ? -1 : name.count { $0 == "_" } }

  /// `x` of `x_2_1`; nil where an index follows without an underscore.
  private static func underscoredBase(_ name: String) -> String? {
    let base = name.prefix { $0 != "_" }
    return base.count < name.count && base.last?.isNumber == false ? String(base) : nil
  }

  subscript(name: String) -> TypesetName {
    let typeset = TypesetName(name)
    guard !typeset.indices.isEmpty else { return typeset }
    if let base = Self.underscoredBase(name), typedBases.contains(base) { return TypesetName(asTyped: name) }
    let owner = first[typeset.flat]
    return owner == nil || owner == name ? typeset : TypesetName(asTyped: name)
  }

  /// The name on one line of plain text: `w₂`, `x₁,₂`.
  package func flat(_ name: String) -> String { self[name].flat }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
