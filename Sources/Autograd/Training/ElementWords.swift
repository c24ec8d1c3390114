/// Words without brackets for the numbers of a tape's arrays, as ids need them: `w2`, `W1_2` for `W[0, 1]`; in a batch,
/// `y3` and `x3_1`, feature 1 of sample 3.
///
/// Indices are those of the matrix, from 1. Underscores separate them from a digit at the end of the name, and from the name
/// where an element would otherwise be called like another value: beside a `w1`, the elements of `w` are `w_1`
/// and `w_2`.
struct ElementWords {
  private struct Entry {
    var node: Int
    var name: String
    var shape: [Int]
  }

  private var separators: [Int: String] = [:]

  init(_ tape: Tape) {
    let entries = tape.labels.keys.sorted().compactMap { node in
      tape.labels[node]?.name.map { Entry(node: node, name: $0, shape: tape.shape(of: node)) }
    }.sorted { ($0.name.utf8.count, $0.node) > ($1.name.utf8.count, $1.node) }
    // The names that may be an element's, by each array's name that they begin with.
    var arrays = Set<String>()
    for entry in entries where !entry.shape.isEmpty { arrays.insert(entry.name) }
    var rivals: [String: [Entry]] = [:]
    for entry in entries where entry.name.last.map(Self.isOfIndex) == true || !entry.shape.isEmpty {
      var prefix = Substring(entry.name)
      while let last = prefix.last, Self.isOfIndex(last) {
        prefix.removeLast()
        if arrays.contains(String(prefix)) { rivals[String(prefix), default: []].append(entry) }
      }
    }
    // From the longest name on, since what elements of those are called is known then.
    for entry in entries where !entry.shape.isEmpty {
      var separator = Self.separator(entry.name)
      let others = rivals[entry.name] ?? []
      while others.contains(where: { isElement($0, of: entry, separator) }) { separator += "_" }
      separators[entry.node] = separator
    }
  }

  /// The word for an element of a labelled array; the array's own name for a number.
  func word(_ node: Int, _ name: String, _ shape: [Int], _ position: Int) -> String {
    guard !shape.isEmpty else { return name }
    return name + (separators[node] ?? Self.separator(name)) + Self.indices(shape, position)
  }

  private static func indices(_ shape: [Int], _ position: Int) -> String {
    var indices: [Int] = []
    var rest = position
    for size in shape.reversed() {
      indices.insert(rest % size + 1, at: 0)
      rest /= size
    }
    return indices.map(String.init).joined(separator: "_")
  }

  private static func separator(_ name: String) -> String { name.last?.isNumber == true ? "_" : "" }

  /// Whether an element of the array is called like the other value or, of an array, like its first element: if any
  /// of them is, that one is.
  private func isElement(_ other: Entry, of array: Entry, _ separator: String) -> Bool {
    [other.name, word(other.node, other.name, other.shape, 0)].contains { isElement($0, of: array, separator) }
  }

  private func isElement(_ name: String, of array: Entry, _ separator: String) -> Bool {
    let rest = name.dropFirst(array.name.count)
    guard rest.hasPrefix(separator) else { return false }
    let indices = rest.dropFirst(separator.count).split(separator: "_", omittingEmptySubsequences: false)
    guard indices.count == array.shape.count else { return false }
    return zip(indices, array.shape).allSatisfy { text, size in
      text.first != "0" && Int(text).map { (1...max(size, 1)).contains($0) } ?? false
    }
  }

  private static func isOfIndex(_ character: Character) -> Bool {
    character == "_" || ("0"..."9").contains(character)
  }
}
