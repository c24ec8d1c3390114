import Autograd
import Figures
import GraphvizRenderer

/// What all plots of one training have in common.
public struct PlotOptions: Sendable {
  /// Stands over the plot.
  public var title: String
  /// Begins the ids of the file: letters, digits and hyphens.
  public var id: String
  public var language: ComputationGraph.Presentation.Language
  /// Significant digits, 1 to 12.
  public var precision: Int

  public init(
    title: String, id: String = "plot", language: ComputationGraph.Presentation.Language = .english,
    precision: Int = 4
  ) {
    self.title = title
    self.id = id
    self.language = language
    self.precision = precision
  }

  var words: PlotWords { PlotWords(language: language) }
  var format: NumberFormat { NumberFormat(precision: precision) }
}

/// One training as it is drawn: a loss for each step.
public struct LossCurve: Sendable {
  public var name: String
  /// By step, from 0 on.
  public var losses: [Double]
  /// The steps of an epoch where each step sees other samples: their mean is drawn over the single losses.
  public var epoch: Int

  public init(name: String, losses: [Double], epoch: Int = 1) {
    self.name = name
    self.losses = losses
    self.epoch = epoch
  }

  /// The mean of the losses of an epoch up to each step.
  var smoothed: [Double] {
    var sum = 0.0
    var result: [Double] = []
    for index in losses.indices {
      sum += losses[index]
      if index >= epoch { sum -= losses[index - epoch] }
      result.append(sum / Double(Swift.min(index + 1, epoch)))
    }
    return result
  }
}

extension Plot {
  /// The tints and lines that tell up to twelve curves apart: the line repeats what the tint says.
  static func style(_ index: Int) -> (tint: Tint, line: Drawing.Line) {
    let lines: [Drawing.Line] = [.solid, .dashed, .dotted]
    return (.laneInk(index % 4), lines[(index / 4) % 3])
  }

  /// At most two points for each of `columns` parts, the least and the greatest of what lies there.
  static func thinned(_ values: [Double], columns: Int) -> [(x: Double, y: Double)] {
    guard values.count > 2 * columns, columns > 0 else {
      return values.enumerated().map { (Double($0.offset), $0.element) }
    }
    var points: [(x: Double, y: Double)] = [(0, values[0])]
    for column in 0..<columns {
      let range = (column * values.count / columns)..<((column + 1) * values.count / columns)
      var kept = Set<Int>()
      if let bad = range.first(where: { !values[$0].isFinite }) { kept.insert(bad) }
      if let least = range.filter({ values[$0].isFinite }).min(by: { values[$0] < values[$1] }) {
        kept.insert(least)
      }
      if let greatest = range.filter({ values[$0].isFinite }).max(by: { values[$0] < values[$1] }) {
        kept.insert(greatest)
      }
      points += kept.sorted().filter { $0 > 0 }.map { (Double($0), values[$0]) }
    }
    let last = values.count - 1
    if points.last?.x != Double(last) { points.append((Double(last), values[last])) }
    return points
  }
}
