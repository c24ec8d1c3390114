import Autograd
import GradvizGraph

/// The marks of the values in the order in which the backward pass comes to them, each value's its own: 5, 6a, 6b.
///
/// The values of a step do not depend on each other: its letters go from right to left and from top to bottom, as in the
/// picture. The same value of several samples has one mark, and one that stands in another's box has none.
struct StepMarks {
  private var marks: [String?]
  /// The values in order, of those alike the first sample's.
  private var places: [Int?]
  /// Whether only their order counts.
  var areHidden = false

  init(_ graph: ComputationGraph, steps: [Int?], _ sheet: Sheet, lanes: [[Int]]) {
    marks = [String?](repeating: nil, count: graph.nodes.count)
    places = [Int?](repeating: nil, count: graph.nodes.count)
    var first = Array(graph.nodes.indices)
    for lane in lanes.dropFirst() { for (own, other) in zip(lanes[0], lane) { first[other] = own } }
    let values = graph.nodes.indices.filter { node in
      first[node] == node && steps[node] != nil && graph.nodes[node].gradient != nil
        && !BoxSizes.isPlainConstant(graph.nodes[node])
        && !(sheet.mainSpot(of: node).map { sheet.spots[$0].isTab } ?? false)
    }
    func key(_ node: Int) -> [Double] {
      guard let spot = sheet.mainSpot(of: node).map({ sheet.spots[$0] }) else { return [0, 0, 0] }
      return [-Double(spot.row), -(spot.frame.right / 8).rounded(), spot.frame.y]
    }
    var groups = OrderedTable<Int, [Int]>()
    for node in values { groups[steps[node] ?? 0, default: []].append(node) }
    var place = 0
    for (step, group) in groups.sorted(by: { $0.key < $1.key }) {
      let keyed = group.map { (node: $0, key: key($0)) }
      let order = keyed.sorted { a, b in
        a.key == b.key ? a.node < b.node : a.key.lexicographicallyPrecedes(b.key)
      }
      for (number, entry) in order.enumerated() {
        marks[entry.node] = "\(step)" + (group.count > 1 ? Self.letters(number) : "")
        places[entry.node] = place
        place += 1
      }
    }
    for node in graph.nodes.indices where first[node] != node {
      marks[node] = marks[first[node]]
      places[node] = places[first[node]]
    }
  }

  subscript(node: Int) -> String? { areHidden ? nil : marks[node] }

  /// Whether a value has a mark, shown or not.
  func has(_ node: Int) -> Bool { marks[node] != nil }

  /// The place of a value in the order of the marks.
  func place(_ node: Int) -> Int { places[node] ?? .max }

  /// `3a–4b` for the marks of several values that follow one another, `3, 5a` for others.
  func text(_ nodes: [Int]) -> String? {
    if areHidden { return nil }
    let known = Set(nodes.compactMap { places[$0] }).sorted()
    let inOrder = nodes.sorted { place($0) < place($1) }.compactMap { marks[$0] }
    guard let first = inOrder.first, let last = inOrder.last, let least = known.first, let greatest = known.last else {
      return nil
    }
    if known.count == 1 { return first }
    return known.count == 2 && greatest > least + 1 ? "\(first), \(last)" : "\(first)–\(last)"
  }

  /// From a to z, then aa, ab and so on.
  static func letters(_ number: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(97 + number % 26)))
    return number < 26 ? letter : letters(number / 26 - 1) + letter
  }
}
