import Autograd
import GradvizGraph
import GradvizSystem

/// What a gradient is: one parameter moved a little, the forward pass once more, and the change of the loss for
/// it.
///
/// The numbers are printed so that each change is the difference of the two numbers before it, and the quotient
/// that of the two changes.
struct Nudge {
  struct Stop {
    var node: Int
    var before: String
    var after: String
    var change: String
    fileprivate var difference: WideNumber
  }

  /// The parameter, the values on its only way to the loss, and the loss.
  private(set) var stops: [Stop]
  /// The position of the parameter's number; nil for a scalar.
  let entry: Int?
  let quotient: String
  /// nil where it is the quotient as printed.
  let gradient: String?
  /// Between the quotient and the gradient.
  let relation: Relation

  /// Further values on the way are not shown.
  private static let maxBetween = 2
  /// A quotient nearer than this to the gradient, in parts of it, is as clear as any.
  private static let clear = 0.01
  private static let close = 0.05
  /// More parameters are not tried.
  private static let maxCandidates = 12
  private static let maxNodes = 2000

  private struct Candidate {
    /// The parameter, what lies between, and the loss.
    var nodes: [Int]
    var entry: Int
    var change: Double
    var before: [[Double]]
    var after: [[Double]]
    var error: Double
    /// That of the changes themselves, before they are printed.
    var quotient: Double
  }

  /// Returns nil where no quotient comes near to its gradient, as at a kink, or the graph cannot be computed again.
  init?(_ context: FigureContext) {
    // Boxes of several values cannot be computed again: then it is the program's own graph.
    let isFolded = context.graph.folding != nil
    guard let graph = isFolded ? context.text.whole?.graph : context.graph, let loss = graph.loss,
      graph.nodes.count <= Self.maxNodes
    else { return nil }
    let drawn = Dictionary(context.graph.nodes.enumerated().map { ($1.id, $0) }) { first, _ in first }
    func isDrawn(_ node: Int) -> Bool {
      drawn[graph.nodes[node].id].map { context.graph.nodes[$0].fold == nil } ?? false
    }
    let parameters = graph.nodes.indices.filter {
      graph.nodes[$0].role == .parameter && graph.nodes[$0].isLeaf && graph.nodes[$0].gradient != nil && isDrawn($0)
    }
    guard !parameters.isEmpty, isDrawn(loss), let pass = SecondPass(graph) else { return nil }
    let candidates = parameters.prefix(Self.maxCandidates).compactMap { parameter -> Candidate? in
      let way = isFolded ? [] : Self.way(from: parameter, to: loss, context)
      return Self.candidate(parameter, way, loss, pass, graph)
    }
    // Of those that are clear the one with the greatest effect.
    func rank(_ candidate: Candidate) -> (Double, Double) {
      (
        candidate.error <= Self.clear ? 0 : candidate.error,
        -(graph.nodes[candidate.nodes[0]].gradient?[candidate.entry].magnitude ?? 0)
      )
    }
    for candidate in candidates.sorted(by: { rank($0) < rank($1) }) {
      let gradient = graph.nodes[candidate.nodes[0]].gradient?[candidate.entry] ?? .nan
      let format = context.text.notation.format
      // Two digits of the changes, or more where two are too coarse, or blur how quotient and gradient differ.
      let choices = [2, 3, 4, 5].compactMap { Self.printed(candidate, digits: $0, context) }
      func ratio(_ stops: [Stop]) -> Double { (stops[stops.count - 1].difference / stops[0].difference).high }
      func isNear(_ stops: [Stop]) -> Bool { (ratio(stops) - gradient).magnitude <= Self.clear * gradient.magnitude }
      func isTold(_ stops: [Stop]) -> Bool {
        let exact = candidate.quotient
        let room = max((exact - gradient).magnitude / 4, exact.magnitude * 1e-3)
        return candidate.error < 1e-9 || (ratio(stops) - exact).magnitude <= room
      }
      let near = choices.filter(isNear)
      let fine = near.isEmpty ? Array(choices.dropFirst()) : near
      guard let printed = fine.first(where: isTold) ?? fine.first,
        (ratio(printed) - gradient).magnitude <= Self.close * gradient.magnitude
      else { continue }
      let shown = format.full.printed(ratio(printed))
      let isSame = format.printed(gradient).admits(shown.value)
      stops = printed.map { stop in
        var stop = stop
        stop.node = drawn[graph.nodes[stop.node].id] ?? stop.node
        return stop
      }
      entry = graph.nodes[candidate.nodes[0]].shape.isEmpty ? nil : candidate.entry
      quotient = shown.text
      self.gradient = isSame ? nil : format.text(gradient)
      let isEqual = (ratio(printed) - gradient).magnitude <= 1e-9 * gradient.magnitude
      relation = isSame && isEqual && candidate.error < 1e-9 ? .equal : .about
      return
    }
    return nil
  }

  /// Leaves out the values on the way that a figure does not show.
  mutating func keep(where isShown: (Int) -> Bool) {
    let ends = [stops[0].node, stops[stops.count - 1].node]
    stops.removeAll { !ends.contains($0.node) && !isShown($0.node) }
  }

  /// The scalars that every way from a parameter to the loss passes through; of many, those with names.
  private static func way(from parameter: Int, to loss: Int, _ context: FigureContext) -> [Int] {
    let graph = context.graph
    var way: [Int] = []
    var node = parameter
    while let next = graph.joint(of: node, uses: context.uses), next != loss, way.count < 100 {
      if graph.nodes[next].shape.isEmpty { way.append(next) }
      node = next
    }
    if way.count > maxBetween { way = way.filter { graph.nodes[$0].isNamed } }
    return Array(way.suffix(maxBetween))
  }

  private static func candidate(
    _ node: Int, _ way: [Int], _ loss: Int, _ pass: SecondPass, _ graph: ComputationGraph
  ) -> Candidate? {
    let others = way + [loss]
    guard let gradient = graph.nodes[node].gradient,
      let entry = gradient.indices.max(by: { gradient[$0].magnitude < gradient[$1].magnitude }),
      gradient[entry].isFinite, gradient[entry] != 0
    else { return nil }
    let value = graph.nodes[node].value
    let before = pass.values(of: others, with: value, in: node)
    // The figure's own numbers, which a graph from elsewhere may have rounded.
    guard
      zip(others, before).allSatisfy({ own, again in
        zip(graph.nodes[own].value, again).allSatisfy { ($0 - $1).magnitude <= 1e-9 * max($0.magnitude, 1e-3) }
      })
    else { return nil }
    let size = value[entry].magnitude
    guard size.isFinite, size < 1e9 else { return nil }
    var change = 0.01
    var scale = size
    while scale >= 10 { (change, scale) = (change * 10, scale / 10) }
    for _ in 0..<4 {
      var moved = value
      moved[entry] += change
      let after = pass.values(of: others, with: moved, in: node)
      let rise = after[after.count - 1][0] - before[before.count - 1][0]
      let error = (rise / change - gradient[entry]).magnitude / gradient[entry].magnitude
      if error <= close {
        return Candidate(
          nodes: [node] + others, entry: entry, change: change, before: [[value[entry]]] + before,
          after: [[moved[entry]]] + after,
          error: error, quotient: rise / change)
      }
      change /= 10
    }
    return nil
  }

  /// nil where a change does not show in the digits that a figure has.
  private static func printed(_ candidate: Candidate, digits: Int, _ context: FigureContext) -> [Stop]? {
    let nodes = candidate.nodes
    let stops = nodes.indices.compactMap { place in
      stop(
        nodes[place], candidate.before[place][0], candidate.after[place][0], digits: digits,
        context.text.notation.format)
    }
    return stops.count == nodes.count ? stops : nil
  }

  /// The unit of a rounded number's last digit; 0 for an exact one.
  private static func lastPlace(_ number: PrintedNumber) -> Double {
    number.value.exactness == .rounded ? 2 * number.tolerance.high : 0
  }

  /// Two numbers up to the same digit, as −9.23 and 1234558.70; with the digits of the format where one has none there.
  private static func alike(_ before: Double, _ after: Double, _ format: NumberFormat) -> (
    PrintedNumber, PrintedNumber
  ) {
    let (old, new) = (format.printed(before), format.printed(after))
    let last = max(lastPlace(old), lastPlace(new))
    func cut(_ number: Double, _ own: PrintedNumber) -> PrintedNumber {
      guard last > 0, lastPlace(own) > 0, lastPlace(own) < last * 0.9 else { return own }
      let digits = Int((log10(number.magnitude).rounded(.down) - log10(last)).rounded()) + 1
      return digits >= 1 ? format.with(digits).printed(number) : own
    }
    return (cut(before, old), cut(after, new))
  }

  /// A multiple of a power of ten, which has as many digits as it has such parts: −6.15×10⁸.
  private static func rounded(_ number: Double, to last: Double, _ format: NumberFormat) -> String {
    let digits = Int((number.magnitude / last).rounded())
    let count = String(digits).count
    return PrintedNumber(
      isNegative: number < 0, digits: digits, count: count, exponent: Int(log10(last).rounded()) + count - 1,
      isExact: false, isPositional: false, precision: count, mark: format.mark
    ).text
  }

  /// With so many digits that the change has `digits`, or is exact.
  private static func stop(
    _ node: Int, _ before: Double, _ after: Double, digits: Int, _ format: NumberFormat
  ) -> Stop? {
    // A unit is half of the last digit.
    let enough = 2 * pow(10, Double(digits - 1)) - 1
    guard before.isFinite, after.isFinite, before != after else { return nil }
    var format = format
    while true {
      let (old, new) = alike(before, after, format)
      let difference = new.value - old.value
      let unit = max(old.tolerance.high, new.tolerance.high)
      let isExact = (difference - WideNumber(after - before)).magnitude.high <= unit
      let last = max(lastPlace(old), lastPlace(new))
      let parts = last > 0 ? difference.high / last : 0
      // Their difference ends with the last digit that both have.
      let isWhole = parts.magnitude < 1e12 && (parts - parts.rounded()).magnitude < 1e-6
      if isExact, isWhole, difference.magnitude.high >= enough * unit || difference.high == after - before {
        let text = last > 1 ? Self.rounded(difference.high, to: last, format) : format.full.text(difference.high)
        return Stop(
          node: node, before: old.text, after: new.text, change: difference.high > 0 ? "+" + text : text,
          difference: difference)
      }
      guard format.precision < NumberFormat.maxDigits else { return nil }
      format = format.finer
    }
  }
}
