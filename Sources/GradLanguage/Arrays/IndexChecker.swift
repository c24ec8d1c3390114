import Autograd

/// Checks what stands in the brackets of an index.
struct IndexChecker {
  let scope: NameScope

  private var results: Results { Results(scope: scope) }

  func check(_ items: [IndexItem], _ operands: [Int], _ node: Int) throws(Issue) -> Fact {
    if scope.hasPoisoned(operands) { return .poisoned }
    try requireNoPair(operands[0], items, operands)
    let shape = scope[operands[0]].shape
    let taking = items.count {
      if case .newAxis = $0 { false } else if case .ellipsis = $0 { false } else { true }
    }
    var (position, newAxes, next) = ([AxisIndex](), [Int](), 1)
    var (kept, list) = (0, [Int]?.none)
    var hasEllipsis = false
    for item in items {
      let own = operands[next..<(next + item.operandCount)]
      next += item.operandCount
      let size = position.count < shape.count ? shape[position.count] : nil
      switch item {
      case .newAxis: newAxes.append(kept)
      case .ellipsis:
        guard !hasEllipsis else {
          throw Issue(scope.span(node), "an index has at most one `...`")
        }
        hasEllipsis = true
        let rest = Swift.max(0, shape.count - taking)
        position += [AxisIndex](repeating: .all, count: rest)
        kept += rest
      case .slice(let parts): position.append(try slice(parts, Array(own), size))
      case .value:
        if let mask = own.first, scope[mask].isMask {
          throw Issue(
            scope.span(mask), "a mask selects no entries", hint: "write `where(mask, x, 0)`, or `x * mask`")
        }
        if items.count == 1, let ids = own.first {
          if let rows = try RowChecker(scope: scope).rows(ids, of: operands[0], node) { return rows }
        }
        position.append(try place(own.first ?? 0, size, operands[0], shape, &list))
      }
      if case .position? = position.last, case .value = item { continue }
      if case .newAxis = item { kept += 1 } else if case .ellipsis = item {} else { kept += list.map(\.count) ?? 1 }
    }
    return try indexed(position, newAxes, list, operands, node)
  }

  private func indexed(
    _ position: [AxisIndex], _ newAxes: [Int], _ list: [Int]?, _ operands: [Int], _ node: Int
  ) throws(Issue) -> Fact {
    if newAxes.isEmpty, (list?.count ?? 1) == 1 { return try results.computed(.index(position), [operands[0]], node) }
    var shape = try results.indexShape(position, operands[0], node)
    if let list, list.count != 1,
      let at = position.firstIndex(where: { if case .positions = $0 { true } else { false } })
    {
      // The axis of the positions becomes those of their array.
      let before = position[..<at].count { if case .position = $0 { false } else { true } }
      shape.replaceSubrange(before...before, with: list)
    }
    for axis in newAxes { shape.insert(1, at: axis) }
    guard shape.count <= Shapes.maxRank else {
      throw Issue(scope.span(node), "an array has at most \(Shapes.maxRank) axes")
    }
    let result = shape
    return try results.computed(
      .composed(
        Composition(name: "index", shape: result, operands: [operands[0]], steps: 1) {
          let isWhole = position.allSatisfy { $0 == .all }
          return (isWhole ? $0[0] : $0[0].entries(position)).reshaped(to: result)
        }),
      [operands[0]], node)
  }

  /// A position, or a list of positions.
  private func place(_ operand: Int, _ size: Int?, _ indexed: Int, _ shape: [Int], _ list: inout [Int]?)
    throws(Issue) -> AxisIndex
  {
    guard let constant = scope[operand].constant else {
      throw Issue(scope.span(operand), "an index must be a constant whole number")
    }
    var places: [Int] = []
    for number in constant.numbers {
      guard let at = Int(exactly: number) else {
        throw Issue(scope.span(operand), "an index must be a constant whole number")
      }
      guard let size else { return .position(at) }
      guard at >= -size, at < size else {
        throw Issue(
          scope.span(operand),
          "index \(at) is out of range: \(scope.subject(indexed, or: "the value")) \(Shapes.phrase(shape))",
          hint: "use 0 to \(size - 1), or -1 for the last")
      }
      places.append(at < 0 ? at + size : at)
    }
    if constant.shape.isEmpty { return .position(places[0]) }
    guard list == nil else {
      throw Issue(
        scope.span(operand), "an index takes one list of positions",
        hint: "index twice: `x[[0, 2]][:, [1, 3]]`; `nll(q, y)` takes the class of each row")
    }
    list = constant.shape
    return .positions(places)
  }

  /// `a:b:c` as in Python: parts beyond the ends are cut.
  private func slice(_ parts: [Bool], _ operands: [Int], _ size: Int?) throws(Issue) -> AxisIndex {
    var rest = operands[...]
    var ends: [Int?] = []
    for isThere in parts {
      guard isThere, let operand = rest.popFirst() else {
        ends.append(nil)
        continue
      }
      guard let end = scope[operand].constant?.integer else {
        throw Issue(scope.span(operand), "the ends of a slice must be constant whole numbers")
      }
      ends.append(end)
    }
    let step = ends.count > 2 ? ends[2] ?? 1 : 1
    guard step != 0 else {
      throw Issue(scope.span(operands[operands.count - 1]), "the step of a slice cannot be 0")
    }
    if ends[0] == nil, ends[1] == nil, step == 1 { return .all }
    guard let size else { return .all }
    func place(_ end: Int?, _ otherwise: Int) -> Int {
      guard let end else { return otherwise }
      let counted = end < 0 ? (end < -size ? -1 : end + size) : end
      return step > 0 ? min(Swift.max(counted, 0), size) : min(Swift.max(counted, -1), size - 1)
    }
    let from = place(ends[0], step > 0 ? 0 : size - 1)
    let to = place(ends[1], step > 0 ? size : -1)
    let (way, stride) = step > 0 ? (to - from, step) : (from - to, step == .min ? .max : -step)
    guard way > 0 else {
      throw Issue(
        scope.span(operands[0]), "the slice is empty: the axis has positions 0 to \(size - 1)",
        hint: "the second number is excluded: `x[0:2]` is positions 0 and 1")
    }
    if step == 1 { return from == 0 && to == size ? .all : .range(from: from, to: to) }
    let count = (way - 1) / stride + 1
    return count == 1 ? .range(from: from, to: from + 1) : .stride(from: from, count: count, step: step)
  }
}

/// Checks tables whose rows are taken by their numbers.
struct RowChecker {
  let scope: NameScope

  private var results: Results { Results(scope: scope) }

  /// `E[ids]` where the numbers are an input; nil for any other index.
  func rows(_ ids: Int, of table: Int, _ node: Int) throws(Issue) -> Fact? {
    guard scope[ids].constant == nil, scope[ids].isData else { return nil }
    return try embedding(table, ids, node)
  }

  /// The rows of a table: by constant numbers an index, by those of an input a product with one-hot rows.
  func embedding(_ table: Int, _ ids: Int, _ node: Int) throws(Issue) -> Fact {
    let shape = scope[table].shape
    guard let rows = shape.first else {
      throw Issue(scope.span(table), "a table has rows, but \(scope.subject(table, or: "this")) is a scalar")
    }
    guard let data = scope.dataValue(of: ids) ?? scope[ids].constant else {
      throw Issue(
        scope.span(ids), "the numbers of rows must be constants or an input", hint: "they have no gradient")
    }
    guard let wrong = data.numbers.first(where: { Int(exactly: $0).map { $0 < 0 || $0 >= rows } ?? true }) else {
      let result = scope[ids].shape + shape.dropFirst()
      guard result.count <= Shapes.maxRank else {
        throw Issue(scope.span(node), "an array has at most \(Shapes.maxRank) axes")
      }
      if scope[ids].constant != nil {
        let places = data.numbers.map { Int($0) }
        return try results.computed(
          .composed(
            Composition(name: "embedding", shape: result, operands: [table], steps: 1) {
              $0[0].entries([.positions(places)]).reshaped(to: result)
            }),
          [table], node)
      }
      guard shape.count == 2, !scope[ids].shape.isEmpty else {
        throw Issue(scope.span(table), "rows by the numbers of an input are those of a matrix")
      }
      return try rowsByData(table, ids, rows, result, node)
    }
    throw Issue(
      scope.span(ids), "\(NumberText.plain(wrong)) is not one of the rows 0 to \(rows - 1)")
  }

  private func rowsByData(_ table: Int, _ ids: Int, _ rows: Int, _ result: [Int], _ node: Int)
    throws(Issue) -> Fact
  {
    let shapes = [scope[ids].shape + [rows], scope[table].shape]
    let others = Shapes.count(shapes[0]) ?? Int.max
    return try results.counted(
      .embedding(count: rows), operands: shapes, shape: result, others: others,
      operations: Double(others) * Double(result.last ?? 1), scope.span(node))
  }
}
