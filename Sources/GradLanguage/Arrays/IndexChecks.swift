import Autograd

/// Checks what stands in the brackets of an index.
extension Checker {
  mutating func checkIndex(_ items: [IndexItem], _ operands: [Int], _ node: Int) throws(Issue) -> Fact {
    if operands.contains(where: { facts[$0].category == .poisoned }) { return .poisoned }
    try requireNoPair(operands[0], items, operands)
    let shape = facts[operands[0]].shape
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
          throw Issue(tree.nodes[node].span, "an index has at most one `...`")
        }
        hasEllipsis = true
        let rest = Swift.max(0, shape.count - taking)
        position += [AxisIndex](repeating: .all, count: rest)
        kept += rest
      case .slice(let parts): position.append(try slice(parts, Array(own), size))
      case .value:
        if let mask = own.first, facts[mask].isMask {
          throw Issue(
            tree.nodes[mask].span, "a mask selects no entries", hint: "write `where(mask, x, 0)`, or `x * mask`")
        }
        if let ids = try rowsOfTable(own.first ?? 0, items.count, operands[0], node) { return ids }
        position.append(try place(own.first ?? 0, size, operands[0], shape, &list))
      }
      if case .position? = position.last, case .value = item { continue }
      if case .newAxis = item { kept += 1 } else if case .ellipsis = item {} else { kept += list.map(\.count) ?? 1 }
    }
    return try indexed(position, newAxes, list, operands, node)
  }

  private mutating func indexed(
    _ position: [AxisIndex], _ newAxes: [Int], _ list: [Int]?, _ operands: [Int], _ node: Int
  ) throws(Issue) -> Fact {
    if newAxes.isEmpty, (list?.count ?? 1) == 1 { return try computed(.index(position), [operands[0]], node) }
    var shape = try indexShape(position, operands, facts[operands[0]].shape, node)
    if let list, list.count != 1,
      let at = position.firstIndex(where: { if case .positions = $0 { true } else { false } })
    {
      // The axis of the positions becomes those of their array.
      let before = position[..<at].count { if case .position = $0 { false } else { true } }
      shape.replaceSubrange(before...before, with: list)
    }
    for axis in newAxes { shape.insert(1, at: axis) }
    guard shape.count <= Shapes.maxRank else {
      throw Issue(tree.nodes[node].span, "an array has at most \(Shapes.maxRank) axes")
    }
    let result = shape
    return try computed(
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
    guard let constant = facts[operand].constant else {
      throw Issue(tree.nodes[operand].span, "an index must be a constant whole number")
    }
    var places: [Int] = []
    for number in constant.numbers {
      guard let at = Int(exactly: number) else {
        throw Issue(tree.nodes[operand].span, "an index must be a constant whole number")
      }
      guard let size else { return .position(at) }
      guard at >= -size, at < size else {
        throw Issue(
          tree.nodes[operand].span,
          "index \(at) is out of range: \(subject(indexed, or: "the value")) \(Shapes.phrase(shape))",
          hint: "use 0 to \(size - 1), or -1 for the last")
      }
      places.append(at < 0 ? at + size : at)
    }
    if constant.shape.isEmpty { return .position(places[0]) }
    guard list == nil else {
      throw Issue(
        tree.nodes[operand].span, "an index takes one list of positions",
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
      guard let end = facts[operand].constant?.integer else {
        throw Issue(tree.nodes[operand].span, "the ends of a slice must be constant whole numbers")
      }
      ends.append(end)
    }
    let step = ends.count > 2 ? ends[2] ?? 1 : 1
    guard step != 0 else {
      throw Issue(tree.nodes[operands[operands.count - 1]].span, "the step of a slice cannot be 0")
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
        tree.nodes[operands[0]].span, "the slice is empty: the axis has positions 0 to \(size - 1)",
        hint: "the second number is excluded: `x[0:2]` is positions 0 and 1")
    }
    if step == 1 { return from == 0 && to == size ? .all : .range(from: from, to: to) }
    let count = (way - 1) / stride + 1
    return count == 1 ? .range(from: from, to: from + 1) : .stride(from: from, count: count, step: step)
  }

  func indexShape(_ position: [AxisIndex], _ operands: [Int], _ shape: [Int], _ node: Int) throws(Issue) -> [Int] {
    guard let result = Shapes.index(shape, position) else {
      throw Issue(
        tree.nodes[node].span,
        "\(subject(operands[0], or: "the value")) \(Shapes.phrase(shape)) and takes "
          + (shape.isEmpty
            ? "no index"
            : "at most \(shape.count) \(shape.count == 1 ? "index" : "indices"), not \(position.count)"))
    }
    return result
  }

  // MARK: Tables

  /// `E[ids]` where the numbers are an input; nil for any other index.
  private mutating func rowsOfTable(_ ids: Int, _ count: Int, _ table: Int, _ node: Int) throws(Issue) -> Fact? {
    guard count == 1, facts[ids].constant == nil, facts[ids].isData else { return nil }
    return try embedding(table, ids, node)
  }

  /// The rows of a table: by constant numbers an index, by those of an input a product with one-hot rows.
  mutating func embedding(_ table: Int, _ ids: Int, _ node: Int) throws(Issue) -> Fact {
    let shape = facts[table].shape
    guard let rows = shape.first else {
      throw Issue(tree.nodes[table].span, "a table has rows, but \(subject(table, or: "this")) is a scalar")
    }
    guard let data = dataValue(of: ids) ?? facts[ids].constant else {
      throw Issue(
        tree.nodes[ids].span, "the numbers of rows must be constants or an input", hint: "they have no gradient")
    }
    guard let wrong = data.numbers.first(where: { Int(exactly: $0).map { $0 < 0 || $0 >= rows } ?? true }) else {
      let result = facts[ids].shape + shape.dropFirst()
      guard result.count <= Shapes.maxRank else {
        throw Issue(tree.nodes[node].span, "an array has at most \(Shapes.maxRank) axes")
      }
      if facts[ids].constant != nil {
        let places = data.numbers.map { Int($0) }
        return try computed(
          .composed(
            Composition(name: "embedding", shape: result, operands: [table], steps: 1) {
              $0[0].entries([.positions(places)]).reshaped(to: result)
            }),
          [table], node)
      }
      guard shape.count == 2, !facts[ids].shape.isEmpty else {
        throw Issue(tree.nodes[table].span, "rows by the numbers of an input are those of a matrix")
      }
      return try rowsByData(table, ids, rows, result, node)
    }
    throw Issue(
      tree.nodes[ids].span, "\(NumberText.plain(wrong)) is not one of the rows 0 to \(rows - 1)")
  }

  private mutating func rowsByData(_ table: Int, _ ids: Int, _ rows: Int, _ result: [Int], _ node: Int)
    throws(Issue) -> Fact
  {
    let computation = Computation.embedding(count: rows)
    let span = tree.nodes[node].span
    let shapes = [facts[ids].shape + [rows], facts[table].shape]
    let others = Shapes.count(shapes[0]) ?? Int.max
    try requireSize(result, others: others, span)
    totalElements += others
    try countOperations(Double(others) * Double(result.last ?? 1), span)
    scalarCount += computation.scalarCount(operands: shapes, result: result)
    return Fact(shape: result, computation: computation)
  }
}
