/// An array of rank 0 to 2, in plain loops over rows and columns, independent of the engine.
struct DualArray {
  var rank: Int
  /// 1 if the rank has no such axis; a vector is one row.
  var rows: Int
  var columns: Int
  var entries: [Dual]

  init(rank: Int, rows: Int, columns: Int, _ entry: (Int, Int) -> Dual) {
    self.rank = rank
    self.rows = rows
    self.columns = columns
    entries = []
    for row in 0..<rows { for column in 0..<columns { entries.append(entry(row, column)) } }
  }

  var shape: [Int] { rank == 0 ? [] : rank == 1 ? [columns] : [rows, columns] }

  /// An entry, repeated along an axis of size 1.
  func entry(_ row: Int, _ column: Int) -> Dual {
    entries[(rows == 1 ? 0 : row) * columns + (columns == 1 ? 0 : column)]
  }

  func map(_ body: (Dual) -> Dual) -> DualArray {
    var result = self
    for index in result.entries.indices { result.entries[index] = body(result.entries[index]) }
    return result
  }

  static func zip(_ a: DualArray, _ b: DualArray, _ body: (Dual, Dual) -> Dual) -> DualArray {
    DualArray(
      rank: Swift.max(a.rank, b.rank), rows: Swift.max(a.rows, b.rows),
      columns: Swift.max(a.columns, b.columns)
    ) {
      body(a.entry($0, $1), b.entry($0, $1))
    }
  }

  /// For two matrices, or a matrix and a vector.
  static func product(_ a: DualArray, _ b: DualArray) -> DualArray {
    if b.rank == 1 {
      return DualArray(rank: 1, rows: 1, columns: a.rows) { _, row in
        (0..<a.columns).reduce(Dual(0)) { $0 + a.entry(row, $1) * b.entry(0, $1) }
      }
    }
    return DualArray(rank: 2, rows: a.rows, columns: b.columns) { row, column in
      (0..<a.columns).reduce(Dual(0)) { $0 + a.entry(row, $1) * b.entry($1, column) }
    }
  }

  var transposed: DualArray { DualArray(rank: rank, rows: columns, columns: rows) { entry($1, $0) } }

  /// Along an axis of a matrix, or over everything if `axis` is nil.
  func reduced(axis: Int?, _ body: ([Dual]) -> Dual) -> DualArray {
    switch axis {
    case nil: DualArray(rank: 0, rows: 1, columns: 1) { _, _ in body(entries) }
    case 0:
      DualArray(rank: 1, rows: 1, columns: columns) { _, column in body((0..<rows).map { entry($0, column) })
      }
    default:
      DualArray(rank: 1, rows: 1, columns: rows) { _, row in body((0..<columns).map { entry(row, $0) }) }
    }
  }

  /// Along an axis of a matrix.
  func softmax(axis: Int) -> DualArray {
    let exponentials = map(\.exponential)
    let totals = exponentials.reduced(axis: axis) { $0.reduce(Dual(0), +) }
    return DualArray(rank: 2, rows: rows, columns: columns) { row, column in
      exponentials.entry(row, column) / totals.entry(0, axis == 0 ? column : row)
    }
  }

  func row(_ row: Int) -> DualArray { DualArray(rank: 1, rows: 1, columns: columns) { entry(row, $1) } }
}
