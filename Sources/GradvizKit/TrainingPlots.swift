import Autograd
import GradLanguage
import GradvizFigures
import GradvizPlots

/// The plots of a training run, as far as they apply to the program.
extension ProgramTraining {
  private var lossName: String { program.lossName ?? "L" }

  /// Plots the loss over the steps, the loss on held-out samples, and the losses with other optimizers.
  public func descentPlot(others: [TrainingComparison] = [], options: PlotOptions) -> Plot {
    var own = curve(name: others.isEmpty ? NumberFormat.name(lossName) : plan.optimizer.name)
    own.losses.append(finalLoss ?? .nan, at: step)
    return .descent(
      [own] + others.map(\.curve), heldOut: heldOut, rates: rates, metrics: others.isEmpty ? metrics : [],
      lossName: lossName, options: options)
  }

  /// The losses so far, under a name.
  func curve(name: String) -> LossCurve { LossCurve(name: name, losses: losses, means: means) }

  /// Plots the parameters' paths; returns nil before the first step.
  public func parameterPlot(options: PlotOptions) -> Plot? {
    guard step > 0 else { return nil }
    return .parameterPaths(
      zip(elements, paths).map { .init(name: $0.name, parameter: $0.parameter, values: $1) },
      sizes: Plot.sizes(elements.map(\.parameter)), options: options)
  }

  // MARK: The landscape

  /// Plots the loss over two parameters, with their path during training; the others keep their current
  /// values.
  ///
  /// - Parameters:
  ///   - names: the names of two elements, such as `w1` and `b`; nil if there are only two.
  ///   - others: further training runs from the same start, whose paths are drawn as well.
  ///   - options: the title, language, precision and so on.
  /// - Throws: `InputError` for unknown names.
  public func landscapePlot(
    _ names: [String]? = nil, others: [TrainingComparison] = [], options: PlotOptions
  ) throws(InputError) -> Plot? {
    let chosen: [Int]
    if let names {
      chosen = try landscapeElements(names)
    } else {
      guard elements.count == 2 else { return nil }
      chosen = [0, 1]
    }
    func chosenPath(_ training: ProgramTraining) -> [(x: Double, y: Double)] {
      training.trail.map { (x: $0[chosen[0]], y: $0[chosen[1]]) }
    }
    let path = chosenPath(self)
    let otherPaths = others.map { (name: $0.name, path: chosenPath($0.training)) }
    let seen = path + otherPaths.flatMap(\.path)
    let horizontal = Self.view(seen.map(\.x))
    let vertical = Self.view(seen.map(\.y))
    let (columns, rows) = (120, 80)
    let (a, b) = (elements[chosen[0]], elements[chosen[1]])
    let before = (a.value, b.value)
    var values: [Double] = []
    for row in 0...rows {
      b.value = vertical.lowerBound + (vertical.upperBound - vertical.lowerBound) * Double(row) / Double(rows)
      for column in 0...columns {
        a.value =
          horizontal.lowerBound + (horizontal.upperBound - horizontal.lowerBound) * Double(column)
          / Double(columns)
        recording.tape.replay()
        values.append(loss.data)
      }
    }
    (a.value, b.value) = before
    recording.tape.replay()
    return .landscape(
      Field(columns: columns, rows: rows, values: values), horizontal: horizontal, vertical: vertical,
      names: (a.name, b.name, lossName), path: path, run: plan.optimizer.name, momentum: carriedOn, others: otherPaths,
      options: options)
  }

  /// How much of its last step each step carries on; nil where a step is not that sum: at a learning rate that
  /// changes, with dampening, Nesterov's look ahead, or another optimizer.
  private var carriedOn: Double? {
    guard case .sgd(let momentum, 0, 0, false) = plan.optimizer.method, momentum > 0,
      rates.points.allSatisfy({ $0.value == rates.first?.value })
    else { return nil }
    return momentum
  }

  /// Checks whether a landscape of these parameters can be drawn, which does not require training.
  ///
  /// - Throws: `InputError` if it cannot.
  public func requireLandscape(_ names: [String]) throws(InputError) { _ = try landscapeElements(names) }

  private func landscapeElements(_ names: [String]) throws(InputError) -> [Int] {
    var chosen: [Int] = []
    for name in names {
      guard let index = elements.firstIndex(where: { $0.isCalled(name) }) else {
        throw InputError(
          "unknown parameter `\(name)`; expected one of \(elements.prefix(12).map(\.name).joined(separator: ", "))"
        )
      }
      chosen.append(index)
    }
    guard elements.count <= 16 else {
      throw InputError("a landscape needs a program whose parameters hold at most 16 numbers")
    }
    guard chosen.count == 2, chosen[0] != chosen[1] else {
      throw InputError("a landscape takes two parameters")
    }
    return chosen
  }

  /// The range of the path, extended by a third of its extent.
  private static func view(_ values: [Double]) -> ClosedRange<Double> {
    let finite = values.filter { $0.isFinite && $0.magnitude < 1e6 }
    let (low, high) = (finite.min() ?? -1, finite.max() ?? 1)
    let room = max((high - low) * 0.35, max(abs(low), abs(high)) * 0.05, 0.1)
    return (low - room)...(high + room)
  }
}
