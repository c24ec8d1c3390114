import GradvizGraph

/// The ids of what a figure draws: a value's is its own, all others are made so that no value can have them.
///
/// What belongs to a value ends in a word of the figure's (`w1_step`, `w1__lane2`), everything else begins
/// with one (`edge-3`, `panel`). A value whose own id begins or ends like that, as one called `panel`, gets
/// the word `value` before or behind it; what begins or ends so is no other value's, since that gets the
/// word as well.
enum ElementID {
  /// First words of ids that belong to no value, before a hyphen.
  private static let beginnings: Set<Substring> = [
    "anchor", "backward", "branch", "card", "chip", "corner", "data", "edge", "forward", "junction", "lane",
    "legend",
    "loop", "loss", "neuron", "panel", "text", "turn", "update", "value",
  ]
  /// Ids without a hyphen that belong to no value.
  private static let others: Set<String> = ["desc", "panel", "title"]
  /// Last words of ids that belong to a value, behind a hyphen.
  private static let endings: Set<Substring> = ["gradient", "result", "share", "update", "value"]
  /// The same behind an underscore.
  private static let marks = ["_operation", "_step", "__rest"]
  /// The same with a number.
  private static let numberedMarks = ["__lane", "_use"]

  /// The id of a value's box, from the value's own.
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
  /// The graph with ids of values as they are drawn.
  func withElementIDs() -> ComputationGraph {
    var result = self
    for index in nodes.indices { result.nodes[index].id = ElementID.value(nodes[index].id) }
    return result
  }
}
