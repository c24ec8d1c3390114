import Autograd
import GradLanguage
import GradvizFigures
import GradvizPlots

extension Program {
  /// Plots the loss as a function of one number of the program around its current value.
  ///
  /// - Parameters:
  ///   - name: the number of a parameter or an input, such as `b` or `W[0, 1]`; `W1_2`, its id in a scalar
  ///     graph, is the same.
  ///   - recording: one of this program, whose numbers are the plot's; nil for the program's own.
  ///   - options: the title, language, precision and so on.
  /// - Throws: `InputError` for an unknown name, or without a loss.
  public func derivativePlot(
    of name: String, in recording: Recording? = nil, options: PlotOptions
  ) throws(InputError) -> Plot {
    let recording = recording ?? record()
    guard let loss = recording.loss else {
      throw InputError("the program has no `loss`, so there is no derivative")
    }
    let elements = recording.tape.elements(of: [.parameter, .input])
    guard let element = elements.first(where: { $0.isCalled(name) }) else {
      let known = elements.prefix(12).map(\.name).joined(separator: ", ")
      let more = elements.count > 12 ? " and \(elements.count - 12) more" : ""
      throw InputError("unknown parameter or input `\(name)`; expected one of \(known)\(more)")
    }
    recording.tape.backward(from: loss)
    let (here, slope, value) = (element.value, element.gradient, loss.data)
    func lossAt(_ place: Double) -> Double {
      element.value = place
      recording.tape.replay()
      return loss.data
    }
    // As in the course article: h = 1, 0.1, 0.01.
    let secants = [1, 0.1, 0.01].map { (h: $0, y: lossAt(here + $0)) }
    let curve = (0...240).map { index -> (x: Double, y: Double) in
      let place = here - 1.3 + 2.8 * Double(index) / 240
      return (place, lossAt(place))
    }
    let kind = Self.kind(of: slope, at: (here, value), lossAt)
    element.value = here
    recording.tape.replay()
    return .derivative(
      of: lossName ?? "L", by: element.name, curve: curve, at: (here, value), slope: slope, kind: kind,
      secants: secants, options: options)
  }

  /// Compares a gradient with the slopes on both sides, with steps that shrink.
  private static func kind(
    of slope: Double, at point: (x: Double, y: Double), _ loss: (Double) -> Double
  ) -> Plot.Slope {
    let steps = [1e-3, 1e-5, 1e-7].map { $0 * max(1, point.x.magnitude) }
    let sides = steps.map { h in
      [(point.y - loss(point.x - h)) / h, (loss(point.x + h) - point.y) / h].filter(\.isFinite)
    }
    /// Whether a distance goes to 0, but for what rounding of the loss may add.
    func vanishes(_ distance: ([Double]) -> Double) -> Bool {
      let all = sides.map(distance)
      return (1...2).contains { all[$0] <= 0.2 * all[$0 - 1] + 16 * point.y.ulp / steps[$0] + 1e-6 * slope.magnitude }
    }
    guard slope.isFinite, !vanishes({ $0.reduce(0) { max($0, abs($1 - slope)) } }) else { return .tangent }
    if vanishes({ ($0.max() ?? 0) - ($0.min() ?? 0) }) { return .other }
    // A slope that grows as the step shrinks is a jump's.
    let greatest = sides.map { $0.map(\.magnitude).max() ?? 0 }
    return greatest[1] > 10 * greatest[0] ? .jump : .kink
  }
}
