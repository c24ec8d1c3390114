import GradvizGraph

/// Assigns the ids of a figure's elements: a value's box has the value's own id, and all others are chosen so
/// that no value can have them.
///
/// Elements of a value end in a reserved word (`w1_step`, `w1__lane2`), all others start with one (`edge-n1-0`,
/// `panel`). If a value's own id starts or ends like that, such as `panel`, the word `value` is put before or
/// after it, as it is for a value whose id already has that word.
enum ElementID {
  /// First words, before a hyphen, of ids that belong to no value.
  private static let beginnings: Set<Substring> = [
    "anchor", "backward", "block", "brace", "branch", "card", "chip", "column", "corner", "curve", "data", "edge",
    "forward",
    "junction", "lane",
    "legend",
    "accumulation", "loop", "loss", "neuron", "nudge", "panel", "sample", "shares", "text", "turn", "update", "value",
    "weights",
  ]
  /// Ids without a hyphen that belong to no value.
  private static let others: Set<String> = ["desc", "panel", "title"]
  /// Last words, after a hyphen, of ids that belong to a value.
  private static let endings: Set<Substring> = ["gradient", "result", "share", "update", "value"]
  /// The same after an underscore.
  private static let marks = ["_operation", "_step", "__rest"]
  /// The same with a number.
  private static let numberedMarks = ["__lane", "_use"]

  /// The id of a value's box.
  static func value(_ id: String) -> String {
    let begins = others.contains(id) || word(beforeHyphenOf: id).map(beginnings.contains) ?? false
    return (begins ? "value-" : "") + id + (ends(id) ? "-value" : "")
  }

  private static func word(beforeHyphenOf id: String) -> Substring? {
    id.firstIndex(of: "-").map { id[..<$0] }
  }

  private static func ends(_ id: String) -> Bool {
    if let hyphen = id.lastIndex(of: "-"), endings.contains(id[id.index(after: hyphen)...]) { return true }
    if marks.contains(where: id.hasSuffix) { return true }
    let stem = id.reversed().drop(while: \.isNumber).reversed()
    return stem.count < id.count && numberedMarks.contains { String(stem).hasSuffix($0) }
  }
}

extension ComputationGraph {
  /// Returns the graph with the ids used in the figure.
  func withElementIDs() -> ComputationGraph {
    var result = self
    for index in nodes.indices { result.nodes[index].id = ElementID.value(nodes[index].id) }
    return result
  }
}
