import CAutograd

/// The loops of reductions and of softmax over lines.
///
/// Where the numbers of a line are neighbors, they run without steps.
enum LineLoops {
  typealias Elements = ArrayLoops.Elements
  typealias Target = ArrayLoops.Target

  static func values(_ operation: Tape.Operation, _ x: Elements, _ lines: Lines, into y: Target) {
    switch operation {
    case .sum where lines.areRows: lines.forEach { y[$0] = ArrayLoops.sum(x + $1.start, $1.count) }
    case .mean where lines.areRows:
      lines.forEach { y[$0] = ArrayLoops.sum(x + $1.start, $1.count) / Double($1.count) }
    case .logSumExp where lines.areRows: logSumExp(x, lines, into: y)
    default: lines.forEach { y[$0] = ElementRules.value(operation, of: $1.over(x), count: $1.count) }
    }
  }

  /// See ``ElementRules/value(_:of:count:)``.
  private static func logSumExp(_ x: Elements, _ lines: Lines, into y: Target) {
    lines.forEach { y[$0] = ArrayLoops.greatest(x + $1.start, $1.count) }
    var total = 0.0
    forEachPowers(x, lines, minus: y) { row, start, powers in
      total = start == 0 ? 0 : total
      for power in powers { total += power }
      let isComplete = start + powers.count == lines.count
      if isComplete, y[row].isFinite { y[row] += Glue.log(total) }
    }
  }

  /// Calls `body` with eˣ⁻ᵃ of parts of rows, with the row, the place in it and the powers; `a` is a number for each row.
  ///
  /// Many short rows are computed at once, long ones in parts; the stack has memory for them.
  @inline(__always)
  private static func forEachPowers(
    _ x: Elements, _ lines: Lines, minus a: Elements, _ body: (Int, Int, UnsafeBufferPointer<Double>) -> Void
  ) {
    let (rows, width, most) = (lines.lineCount, lines.count, 128)
    guard width > 0 else { return }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: most) { memory in
      guard let powers = memory.baseAddress else { return }
      let (together, length) = (max(1, most / width), min(width, most))
      for first in stride(from: 0, to: rows, by: together) {
        let group = first..<min(first + together, rows)
        for start in stride(from: 0, to: width, by: length) {
          let part = min(length, width - start)
          for row in group {
            let (from, to) = (x + (row * width + start), powers + (row - first) * part)
            for i in 0..<part { (to + i).initialize(to: from[i] - a[row]) }
          }
          gradviz_elements(GRADVIZ_EXP, group.count * part, powers, powers)
          for row in group { body(row, start, UnsafeBufferPointer(start: powers + (row - first) * part, count: part)) }
        }
      }
    }
  }

  static func gradients(
    _ operation: Tape.Operation, _ upstream: Elements, _ x: Elements, _ y: Elements, _ lines: Lines,
    to gradient: ArrayLoops.Gradient
  ) {
    let target = gradient.0
    switch operation {
    case .sum where lines.areRows, .mean where lines.areRows:
      lines.forEach { entry, line in
        let share = upstream[entry] * (operation == .mean ? 1 / Double(line.count) : 1)
        ArrayLoops.add(line.count, to: (target + line.start, gradient.isEmpty)) { _ in share }
      }
    case .logSumExp where lines.areRows:
      forEachPowers(x, lines, minus: y) { row, start, powers in
        let (u, own) = (upstream[row], target + (row * lines.count + start))
        for i in powers.indices { own[i] = (gradient.isEmpty ? 0 : own[i]) + u * powers[i] }
      }
    default:
      lines.forEach { entry, line in
        let u = upstream[entry]
        ElementRules.forEachDerivative(operation, of: line.over(x), count: line.count, result: y[entry]) {
          let place = line.place($0)
          target[place] = (gradient.isEmpty ? 0 : target[place]) + u * $1
        }
      }
    }
  }

  /// eˣ / Σ eˣ of each line.
  static func softmax(_ x: Elements, _ lines: Lines, into y: Target) {
    guard lines.areRows else { return lines.forEach { ElementRules.softmax(x, $1, into: y) } }
    var count = 0
    lines.forEach { _, line in
      let (from, to) = (x + line.start, y + line.start)
      let greatest = ArrayLoops.greatest(from, line.count)
      for i in 0..<line.count { to[i] = from[i] - greatest }
      count = line.start + line.count
    }
    gradviz_elements(GRADVIZ_EXP, count, y, y)
    lines.forEach { _, line in
      let own = y + line.start
      let total = ArrayLoops.sum(own, line.count)
      for i in 0..<line.count { own[i] /= total }
    }
  }

  static func softmaxGradients(_ upstream: Elements, _ y: Elements, _ lines: Lines, to gradient: ArrayLoops.Gradient) {
    let target = gradient.0
    lines.forEach { _, line in
      var total = 0.0
      for position in 0..<line.count {
        let place = line.place(position)
        total += upstream[place] * y[place]
      }
      for position in 0..<line.count {
        let place = line.place(position)
        target[place] = (gradient.isEmpty ? 0 : target[place]) + y[place] * (upstream[place] - total)
      }
    }
  }
}
