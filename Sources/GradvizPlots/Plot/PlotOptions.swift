import GradvizFigures
import GradvizGraph
import GraphvizRenderer

/// The options shared by all plots of a training run.
public struct PlotOptions: Sendable {
  /// The title above the plot.
  public var title: String
  /// The prefix of the file's ids: letters, digits and hyphens.
  public var id: String
  /// The language of the words in the plot.
  public var language: ComputationGraph.Presentation.Language
  /// What stands before decimals; nil for the mark of the language.
  public var decimal: ComputationGraph.Presentation.DecimalMark?
  /// Significant digits, 1 to 12.
  public var precision: Int
  /// How the plot becomes a file.
  public var page: PageStyle

  /// Creates options; only a title is required.
  public init(
    title: String, id: String = "plot", language: ComputationGraph.Presentation.Language = .english,
    precision: Int = 4, page: PageStyle = PageStyle(),
    decimal: ComputationGraph.Presentation.DecimalMark? = nil
  ) {
    self.title = title
    self.id = id
    self.language = language
    self.precision = precision
    self.page = page
    self.decimal = decimal
  }

  package var words: Words { Words(language, decimal: decimal) }
  var format: NumberFormat { words.numbers(precision) }
}

/// The loss of one training run at each step.
public struct LossCurve: Sendable {
  /// The label at the end of the curve.
  public var name: String
  /// The loss at each step.
  public var losses: BoundedSeries
  /// The mean over an epoch, if each step uses other samples; drawn over the individual losses.
  public var means: BoundedSeries?

  /// Creates a curve from a series of any length.
  public init(name: String, losses: BoundedSeries, means: BoundedSeries? = nil) {
    self.name = name
    self.losses = losses
    self.means = means
  }

  /// Creates a curve from the loss of every step.
  ///
  /// - Parameters:
  ///   - name: the label at the end of the curve.
  ///   - losses: the loss at each step, starting with step 0.
  public init(name: String, losses: [Double]) { self.init(name: name, losses: BoundedSeries(losses)) }
}

/// A metric, such as the accuracy, during training.
public struct MetricCurve: Sendable {
  /// The metric's name, which one chart of both curves shares.
  public var name: String
  /// Whether it was measured on samples that are not trained with.
  public var isHeldOut: Bool
  /// In the order of the steps.
  public var points: [(step: Int, value: Double)]

  /// A curve of measurements.
  public init(name: String, isHeldOut: Bool = false, points: [(step: Int, value: Double)]) {
    self.name = name
    self.isHeldOut = isHeldOut
    self.points = points
  }
}

extension Plot {
  /// The tints and line styles of up to twelve curves: the style repeats what the tint says.
  static func style(_ index: Int) -> (tint: Tint, line: Drawing.Line) {
    let lines: [Drawing.Line] = [.solid, .dashed, .dotted]
    return (.laneInk(index % 4), lines[(index / 4) % 3])
  }

  /// At most two points for each of `columns` parts, the smallest and the largest value in it, and values
  /// that are not finite.
  static func thinned(_ series: BoundedSeries, columns: Int) -> [(x: Double, y: Double)] {
    let all = series.points
    guard all.count > 2 * columns, columns > 0, let last = all.last else {
      return all.map { (Double($0.step), $0.value) }
    }
    var points: [(x: Double, y: Double)] = []
    for column in 0..<columns {
      let part = all[(column * all.count / columns)..<((column + 1) * all.count / columns)]
      let finite = part.filter(\.value.isFinite)
      var kept = [
        part.first { !$0.value.isFinite }, finite.min { $0.value < $1.value },
        finite.max { $0.value < $1.value },
      ]
      .compactMap { $0 }.sorted { $0.step < $1.step }
      if kept.count > 1, kept[0] == kept[1] { kept.removeFirst() }
      points += kept.map { (Double($0.step), $0.value) }
    }
    if points.last?.x != Double(last.step) { points.append((Double(last.step), last.value)) }
    return points
  }
}
