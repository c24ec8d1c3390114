/// What figures show of recovered boxes.
extension Recovery {
  /// Numbers of boxes by rows; of several boxes one after the other.
  package func ordered(_ nodes: [Int]) -> [Int] {
    func key(_ node: Int) -> (Int, Int32, Int32, Int) {
      let place = places[node]
      return (place.row < 0 ? Int.max : boxOf[node], place.row, place.column, node)
    }
    return nodes.sorted { key($0) < key($1) }
  }

  /// Where numbers of one box stand in an array, and the array's shape; places in it may be empty, as those of a causal
  /// attention are.
  package struct Layout {
    package var shape: [Int]
    package var places: [Int]
    package var count: Int { shape.reduce(1, *) }
    /// Numbers in their places, with 0 in the empty ones.
    package func placed(_ numbers: [Double]) -> [Double] {
      var result = [Double](repeating: 0, count: count)
      for (number, place) in zip(numbers, places) { result[place] = number }
      return result
    }
    /// The empty places.
    package var blanks: Set<Int> { Set(0..<count).subtracting(places) }
  }

  /// How numbers of one box, in order, stand in an array; nil if they are not of one.
  package func layout(of nodes: [Int]) -> Layout? {
    guard let box = nodes.first.map({ boxOf[$0] }), box >= 0,
      nodes.allSatisfy({ boxOf[$0] == box && places[$0].row >= 0 })
    else { return nil }
    let rows = nodes.map { places[$0].row }.uniqueSorted()
    let columns = nodes.map { places[$0].column }.uniqueSorted()
    let shape = [rows.count, columns.count]
    let isTable = rows.count > 1 && columns.count > 1 && 2 * nodes.count > rows.count * columns.count
    guard isTable else { return nodes.count > 1 ? Layout(shape: [nodes.count], places: Array(nodes.indices)) : nil }
    var rowOf: [Int32: Int] = [:]
    var columnOf: [Int32: Int] = [:]
    for (place, row) in rows.enumerated() { rowOf[row] = place }
    for (place, column) in columns.enumerated() { columnOf[column] = place }
    return Layout(
      shape: shape,
      places: nodes.map { (rowOf[places[$0].row] ?? 0) * columns.count + (columnOf[places[$0].column] ?? 0) })
  }

  /// The box that all computed numbers are in.
  package func box(of nodes: [Int]) -> Box? {
    guard let box = nodes.first.map({ boxOf[$0] }), box >= 0, nodes.allSatisfy({ boxOf[$0] == box }) else { return nil }
    return boxes[box]
  }
}

extension [Int32] {
  fileprivate func uniqueSorted() -> [Int32] {
    let sorted = self.sorted()
    return sorted.indices.filter { $0 == 0 || sorted[$0] != sorted[$0 - 1] }.map { sorted[$0] }
  }
}
