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
    case .logSumExp where lines.areRows: lines.forEach { y[$0] = logSumExp(x + $1.start, $1.count) }
    default: lines.forEach { y[$0] = ElementRules.value(operation, of: $1.over(x), count: $1.count) }
    }
  }

  /// See ``ElementRules/value(_:of:count:)``.
  private static func logSumExp(_ x: Elements, _ count: Int) -> Double {
    let greatest = ArrayLoops.greatest(x, count)
    guard greatest.isFinite else { return greatest }
    var total = 0.0
    forEachPowers(x, count, minus: greatest) { _, power in total += power }
    return greatest + Glue.log(total)
  }

  /// Calls `body` with eˣ⁻ᵃ for each number, computed in parts that need no memory but the stack's.
  @inline(__always)
  private static func forEachPowers(_ x: Elements, _ count: Int, minus a: Double, _ body: (Int, Double) -> Void) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 64) { part in
      guard let powers = part.baseAddress else { return }
      for start in stride(from: 0, to: count, by: 64) {
        let length = min(64, count - start)
        for i in 0..<length { (powers + i).initialize(to: x[start &+ i] - a) }
        gradviz_elements(GRADVIZ_EXP, length, powers, powers)
        for i in 0..<length { body(start &+ i, powers[i]) }
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
      lines.forEach { entry, line in
        let (u, own) = (upstream[entry], target + line.start)
        forEachPowers(x + line.start, line.count, minus: y[entry]) {
          own[$0] = (gradient.isEmpty ? 0 : own[$0]) + u * $1
        }
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
