/// The loops over the elements of two operands.
extension ArrayLoops {
  static func values(
    _ operation: Tape.Operation, _ a: Elements, _ b: Elements, _ meeting: ElementMeeting, into result: Target
  ) {
    @inline(__always)
    func combine(_ rule: (Double, Double) -> Double) {
      for row in 0..<meeting.rows {
        let (left, right) = (a + row * meeting.left.row, b + row * meeting.right.row)
        let target = result + row * meeting.columns
        switch (meeting.left.column, meeting.right.column) {
        case (1, 1): for i in 0..<meeting.columns { target[i] = rule(left[i], right[i]) }
        case (1, _):
          let number = right[0]
          for i in 0..<meeting.columns { target[i] = rule(left[i], number) }
        case (_, 1):
          let number = left[0]
          for i in 0..<meeting.columns { target[i] = rule(number, right[i]) }
        default:
          for i in 0..<meeting.columns { target[i] = rule(left[0], right[0]) }
        }
      }
    }
    if let maps = meeting.maps {
      for i in 0..<(meeting.rows * meeting.columns) {
        result[i] = ElementRules.value(operation, a[maps.left[i]], b[maps.right[i]])
      }
      return
    }
    switch operation {
    case .add: combine { $0 + $1 }
    case .subtract: combine { $0 - $1 }
    case .multiply: combine { $0 * $1 }
    // Written out, since the rule's switch would stay inside the loop.
    case .divide: combine { $0 / $1 }
    case .less: combine { $0 < $1 ? 1 : 0 }
    case .lessOrEqual: combine { $0 <= $1 ? 1 : 0 }
    case .greater: combine { $0 > $1 ? 1 : 0 }
    case .greaterOrEqual: combine { $0 >= $1 ? 1 : 0 }
    case .equal: combine { $0 == $1 ? 1 : 0 }
    case .notEqual: combine { $0 != $1 ? 1 : 0 }
    case .masked: combine { $1 != 0 ? $0 : 0 }
    default: combine { ElementRules.value(operation, $0, $1) }
    }
  }

  /// Adds the passed-back gradient to that of one operand.
  ///
  /// - Parameters:
  ///   - side: the operand's row and column strides; sums over broadcast axes run row by row.
  ///   - contribution: for a row and an element of it, upstream · local derivative; and for four of them.
  @inline(__always)
  private static func pass(
    _ meeting: ElementMeeting, _ side: (row: Int, column: Int), to gradient: Gradient,
    _ fourfold: (Int, Int) -> Four, _ contribution: (Int, Int) -> Double
  ) {
    let target = gradient.0
    var isEmpty = gradient.isEmpty
    for row in 0..<meeting.rows {
      let line = target + row * side.row
      if side.column == 1 {
        add(meeting.columns, to: (line, isEmpty), { fourfold(row, $0) }, { contribution(row, $0) })
      } else {
        var total = isEmpty ? 0 : line[0]
        for i in 0..<meeting.columns { total += contribution(row, i) }
        line[0] = total
      }
      // After the first, every row visits the same elements.
      if side.row == 0 { isEmpty = false }
    }
  }

  /// Adds to the gradients of both operands; nil for one that is not needed.
  static func gradients(
    _ operation: Tape.Operation, _ upstream: Elements, _ x: Elements, _ z: Elements, _ y: Elements,
    _ meeting: ElementMeeting, left: Gradient?, right: Gradient?
  ) {
    let (l, r, columns) = (meeting.left, meeting.right, meeting.columns)
    @inline(__always) func u(_ row: Int, _ i: Int) -> Double { upstream[row * columns + i] }
    @inline(__always) func u4(_ row: Int, _ i: Int) -> Four { four(upstream, row * columns + i) }
    @inline(__always) func a(_ row: Int, _ i: Int) -> Double { x[row * l.row + i * l.column] }
    @inline(__always) func b(_ row: Int, _ i: Int) -> Double { z[row * r.row + i * r.column] }
    // Four neighbors, or four times the same number.
    @inline(__always) func a4(_ row: Int, _ i: Int) -> Four {
      l.column == 1 ? four(x, row * l.row + i) : Four(repeating: x[row * l.row])
    }
    @inline(__always) func b4(_ row: Int, _ i: Int) -> Four {
      r.column == 1 ? four(z, row * r.row + i) : Four(repeating: z[row * r.row])
    }
    switch operation {
    case .add:
      if let left { pass(meeting, l, to: left, u4) { u($0, $1) } }
      if let right { pass(meeting, r, to: right, u4) { u($0, $1) } }
    case .subtract:
      if let left { pass(meeting, l, to: left, u4) { u($0, $1) } }
      if let right { pass(meeting, r, to: right, { -u4($0, $1) }) { -u($0, $1) } }
    case .multiply:
      if let left { pass(meeting, l, to: left, { u4($0, $1) * b4($0, $1) }) { u($0, $1) * b($0, $1) } }
      if let right { pass(meeting, r, to: right, { u4($0, $1) * a4($0, $1) }) { u($0, $1) * a($0, $1) } }
    case .divide:
      if let left { pass(meeting, l, to: left, { u4($0, $1) * (1 / b4($0, $1)) }) { u($0, $1) * (1 / b($0, $1)) } }
      if let right {
        pass(meeting, r, to: right, { u4($0, $1) * (-a4($0, $1) / (b4($0, $1) * b4($0, $1))) }) {
          u($0, $1) * (-a($0, $1) / (b($0, $1) * b($0, $1)))
        }
      }
    case .masked:
      guard let left else { return }
      pass(meeting, l, to: left, { u4($0, $1) * Four.one.replacing(with: 0, where: b4($0, $1) .== 0) }) {
        u($0, $1) * (b($0, $1) != 0 ? 1 : 0)
      }
    default:
      @inline(__always) func local(_ row: Int, _ i: Int) -> (Double, Double) {
        ElementRules.derivatives(operation, a(row, i), b(row, i), result: y[row * columns + i])
      }
      @inline(__always) func four(_ row: Int, _ i: Int, _ part: (Int, Int) -> Double) -> Four {
        Four(part(row, i), part(row, i + 1), part(row, i + 2), part(row, i + 3))
      }
      @inline(__always) func toLeft(_ row: Int, _ i: Int) -> Double { u(row, i) * local(row, i).0 }
      @inline(__always) func toRight(_ row: Int, _ i: Int) -> Double { u(row, i) * local(row, i).1 }
      if let left { pass(meeting, l, to: left, { four($0, $1, toLeft) }, toLeft) }
      if let right { pass(meeting, r, to: right, { four($0, $1, toRight) }, toRight) }
    }
  }

  /// The same for more than two axes, element by element; both gradients are initialized.
  static func mappedGradients(
    _ operation: Tape.Operation, _ upstream: Elements, _ x: Elements, _ z: Elements, _ y: Elements, _ count: Int,
    _ maps: (left: [Int], right: [Int]), left: Target?, right: Target?
  ) {
    for element in 0..<count {
      let (i, j) = (maps.left[element], maps.right[element])
      let local = ElementRules.derivatives(operation, x[i], z[j], result: y[element])
      left?[i] += upstream[element] * local.0
      right?[j] += upstream[element] * local.1
    }
  }
}
