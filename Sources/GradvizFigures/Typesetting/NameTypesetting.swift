/// A name split into its letters, its indices and its sample.
///
/// `w2` is w with index 2, `W[0, 1]` is W with indices 1 and 2 as in a matrix, which count from 1, and so is `W1_2`; `ŷ`
/// has none; of a value that belongs to sample 3, `n4_3` is n₄⁽³⁾ and `x[2, 0]` is x₁⁽³⁾: a sample stands above the line,
/// as do the several of `n1…` and `x[…, 0]`.
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
    var entry: [String] = []
    if let (array, indices) = Self.entry(name) {
      name = array
      entry = indices
      if lane != nil, let place = entry.firstIndex(of: "…") { sample = entry.remove(at: place) }
    }
    if lane != nil, name.hasSuffix("…") {
      // Folded values of several samples.
      name.removeLast()
      sample = "…"
    }
    let parts = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    var base = name
    if parts.dropFirst().allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }) {
      var digits = String(parts[0].reversed().prefix { $0.isASCIIDigit }.reversed())
      // `n₁[0]` has two indices, as `n1[0]` has.
      if digits.isEmpty { digits = String(parts[0].reversed().prefix(while: Self.below.contains).reversed()) }
      if digits.count < parts[0].count {
        base = String(parts[0].dropLast(digits.count))
        let index = String(digits.map { digit in Self.below.firstIndex(of: digit).map { Character("\($0)") } ?? digit })
        indices = (index.isEmpty ? [] : [index]) + parts.dropFirst()
      }
    }
    self.base = base
    if sample == nil, let lane {
      if let place = entry.firstIndex(of: "\(lane + 1)") {
        sample = entry.remove(at: place)
      } else if let place = indices.firstIndex(of: "\(lane + 1)") {
        sample = indices.remove(at: place)
      }
    }
    indices += entry
  }

  /// The array of `W[0, 1]`, and the indices from 1; nil for other names.
  private static func entry(_ name: String) -> (array: String, indices: [String])? {
    guard name.utf8.last == UInt8(ascii: "]"), let open = name.lastIndex(of: "["), open > name.startIndex else {
      return nil
    }
    let parts = name[name.index(after: open)...].dropLast().split(separator: ",", omittingEmptySubsequences: false)
    let indices = parts.compactMap { part -> String? in
      let part = part.drop { $0 == " " }
      return part == "…" ? "…" : Int(part).flatMap { (0..<Int.max).contains($0) ? "\($0 + 1)" : nil }
    }
    return indices.count == parts.count ? (String(name[..<open]), indices) : nil
  }

  /// The name without its sample, as in a rule that holds for every sample.
  var ofEverySample: TypesetName {
    var name = self
    name.sample = nil
    return name
  }
}

/// How the names of one figure are written, no two alike.
///
/// With subscripts `n4`, `n_4` and `n₄` are all n₄. Of such names what has the subscripts already keeps them, or else the one
/// with the fewest underscores has them, and an entry of an array last; the others stand as they were written, and so does all
/// that begins like them: of `x_2_1` also `x_2_2`.
package struct TypesetNames {
  private var first: [String: String] = [:]
  private var writtenBases: Set<String> = []
  /// The names of the figure as they are written, each with the sample that it was given.
  private var known: [String: (lane: Int?, written: TypesetName)] = [:]

  /// - Parameter names: different ones, each with its sample from 0; nil for what belongs to none.
  package init(_ names: some Sequence<(name: String, lane: Int?)>) {
    let all = names.map { name, lane in (name, lane, typeset: TypesetName(name, lane: lane)) }
    let indexed = all.filter { $0.0.last?.isNumber == true || $0.0.utf8.last == UInt8(ascii: "]") }
      .map { name, _, typeset in (name, flat: typeset.flat) }
    for (name, flat) in indexed {
      guard let other = first[flat] else {
        first[flat] = name
        continue
      }
      if Self.rank(name, flat) < Self.rank(other, flat) { first[flat] = name }
    }
    for (name, flat) in indexed where first[flat] != name {
      if let base = Self.underscoredBase(name) { writtenBases.insert(base) }
    }
    for (name, lane, typeset) in all { known[name] = (lane, written(name, typeset)) }
  }

  package init(_ names: [String]) { self.init(names.lazy.map { ($0, nil) }) }

  /// What is written with subscripts already has them.
  private static func rank(_ name: String, _ flat: String) -> Int {
    name == flat ? -1 : name.count { $0 == "_" } + (name.hasSuffix("]") ? name.utf8.count : 0)
  }

  /// `x` of `x_2_1` and of `x[1, 0]`; nil where an index follows without a sign before it.
  private static func underscoredBase(_ name: String) -> String? {
    if name.hasSuffix("]"), let open = name.lastIndex(of: "[") { return String(name[...open]) }
    let base = name.prefix { $0 != "_" }
    return base.count < name.count && base.last?.isNumber == false ? String(base) : nil
  }

  subscript(name: String, lane: Int?) -> TypesetName {
    if let known = known[name], known.lane == lane { return known.written }
    return written(name, TypesetName(name, lane: lane))
  }

  /// The name with its indices, unless another one has them.
  private func written(_ name: String, _ typeset: TypesetName) -> TypesetName {
    guard typeset.base != name else { return typeset }
    if let base = Self.underscoredBase(name), writtenBases.contains(base) { return TypesetName(asWritten: name) }
    let owner = first[typeset.flat]
    return owner == nil || owner == name ? typeset : TypesetName(asWritten: name)
  }

  /// The name on one line of plain text: `w₂`, `x₁,₂`.
  package func flat(_ name: String, lane: Int? = nil) -> String { self[name, lane].flat }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
