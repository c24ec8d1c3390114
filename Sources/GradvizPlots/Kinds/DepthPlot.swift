import GradvizDrawing
import GradvizFigures
import GraphvizRenderer

/// What comes back to one layer during training.
public struct LayerCurve: Sendable {
  /// The layer's name and its function.
  public var name: String
  /// The mean of |∂L/∂h| over the layer's numbers, at some steps.
  public var gradients: [(step: Int, value: Double)]
  /// Of the layer's numbers the share through which next to no gradient passes, from 0 to 1, at the same steps.
  public var closed: [(step: Int, value: Double)]

  /// A layer's measurements in the order of the steps.
  public init(name: String, gradients: [(step: Int, value: Double)], closed: [(step: Int, value: Double)]) {
    self.name = name
    self.gradients = gradients
    self.closed = closed
  }
}

extension Plot {
  /// How the gradient fares on its way through the layers, on a logarithmic scale over the steps of training, and below it
  /// which part of each layer lets none pass.
  ///
  /// - Parameters:
  ///   - layers: at most twelve, the one nearest to the inputs first.
  ///   - count: how many layers there are.
  ///   - lossName: the label of the loss.
  ///   - options: the title, language, precision and so on.
  public static func depth(
    _ layers: [LayerCurve], of count: Int? = nil, lossName: String = "L", options: PlotOptions
  ) -> Plot {
    let (words, format) = (options.words, options.format)
    let loss = NumberFormat.name(lossName)
    var note = words.depthNote(loss)
    if let count, count > layers.count { note += words.semicolon + words.someLayers(layers.count, count) }
    var plot = Plot(
      options, kind: "depth", name: words.depth, description: depthSentence(layers, loss, options), width: 830,
      height: 400 + SmallChart.pitch + 20)
    plot.header(words.depth, title: options.title, note: note)
    let labels = layers.map { layer in
      "\(layer.name) \(layer.gradients.last { $0.value.isFinite }.map { format.text($0.value) } ?? "")"
    }
    let ends = layers.map { layer in
      "\(layer.name) \(layer.closed.last.map { words.percent(($0.value * 100).rounded()) } ?? "")"
    }
    let room = min(((labels + ends).map { Plot.width($0, 12, true) }.max() ?? 0) * 1.08 + 34, 280)
    let y = Axis(layers.flatMap { $0.gradients.map(\.value) }, isLogarithmic: true, ticks: 6)
    let lastStep = max(layers.compactMap { $0.gradients.last?.step }.max() ?? 1, 1)
    let left = Chart.margin(y)
    let chart = Chart(
      left: left, top: 84, width: 830 - left - room, height: 250, x: Axis([0, Double(lastStep)], isTight: true), y: y,
      yName: words.logarithmic("|∂\(loss)/∂h|"))
    chart.add(to: &plot)
    var wanted: [Double] = []
    for (index, layer) in layers.enumerated() {
      let style = Plot.style(index)
      let points = thinned(layer.gradients, chart)
      plot.group("layer-\(index + 1)", "curve", tooltip: depthTooltip(layer, words)) { plot in
        chart.add(points, to: &plot, tint: style.tint, line: style.line)
        if points.count == 1, let only = points.first, only.y > 0 {
          plot.items.append(.circle(chart.place(only.x, only.y), radius: 3, fill: style.tint, stroke: nil))
        }
      }
      let last = points.last { $0.y.isFinite && $0.y > 0 }
      wanted.append(last.map { chart.place($0.x, $0.y).y } ?? chart.bottom)
    }
    for (index, y) in Chart.spread(wanted, gap: 16, from: chart.top, to: chart.bottom).enumerated() {
      let label = Plot.cut(labels[index], 12, true, to: (room - 20) / 1.08)
      plot.text(label, x: chart.right + 12, y: y + 4, size: 12, tint: Plot.style(index).tint, isBold: true)
    }
    let lines = layers.enumerated().map { index, layer in
      let style = Plot.style(index)
      return SmallChart.Line(
        points: thinned(layer.closed, chart), label: ends[index], tint: style.tint, line: style.line
      )
    }
    SmallChart(id: "closed", name: words.closedShare, axis: Axis([0, 1], ticks: 2), lines: lines)
      .add(0, of: 1, below: chart, words, to: &plot)
    return plot
  }

  /// As many points as the chart can show.
  private static func thinned(_ points: [(step: Int, value: Double)], _ chart: Chart) -> [(x: Double, y: Double)] {
    var series = BoundedSeries()
    for point in points { series.append(point.value, at: point.step) }
    return thinned(series, columns: Int(chart.width))
  }

  private static func depthTooltip(_ layer: LayerCurve, _ words: Words) -> String {
    let full = words.numbers(12)
    let ends = [layer.gradients.first, layer.gradients.last].map { full.text($0?.value ?? .nan) }
    return layer.name + words.colon + ends.joined(separator: " → ")
  }

  private static func depthSentence(_ layers: [LayerCurve], _ loss: String, _ options: PlotOptions) -> String {
    let (format, words) = (options.format, options.words)
    return words.depthNote(loss) + words.colon
      + layers.map { layer in
        let ends = [layer.gradients.first, layer.gradients.last].map { format.text($0?.value ?? .nan) }
        let closed = layer.closed.last.map { words.separator + words.closed(($0.value * 100).rounded()) } ?? ""
        return "\(layer.name) \(ends.joined(separator: " → "))\(closed)"
      }.joined(separator: words.semicolon)
  }
}
