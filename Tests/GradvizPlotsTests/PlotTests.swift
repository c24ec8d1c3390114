import Foundation
import GradvizDrawing
import GradvizFigures
import Testing

@testable import GradvizPlots

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Plots")
struct PlotTests {
  private static let options = PlotOptions(title: "A title", id: "t")

  /// Plots of ordinary and of hostile data.
  static let plots: [(name: String, plot: Plot)] = {
    let falling = (0..<200).map { 5 * pow(0.97, Double($0)) }
    let curves: [(String, [Double])] = [
      ("falling", falling), ("constant", Array(repeating: 3, count: 50)), ("one", [2]), ("none", []),
      ("nan", [3, 2, .nan]), ("infinite", [1, 1e300, .infinity]), ("negative", [-1, -5, -2]),
      ("long", (0..<100_000).map { Double($0 % 97) }), ("tiny", [1e-300, 1e-310]),
      ("huge", [1.7e308, -1.7e308]),
    ]
    var plots = curves.map { name, losses in
      (
        "descent \(name)",
        Plot.descent(
          [LossCurve(name: "L", losses: losses)], rates: BoundedSeries(losses.map { _ in 0.1 }),
          options: options)
      )
    }
    plots += curves.map { name, values in
      let points = values.enumerated().map { (step: $0, value: $1) }
      let layers = (1...3).map { LayerCurve(name: "h\($0)", gradients: points, closed: points.map { ($0.step, 0.5) }) }
      return ("depth \(name)", Plot.depth(layers, of: 12, options: options))
    }
    plots.append(
      (
        "descent, three curves that end together",
        .descent(
          ["sgd", "momentum", "adam"].map { LossCurve(name: $0, losses: falling) },
          heldOut: [(0, 5), (100, 1)],
          rates: BoundedSeries((0..<200).map { 1 - Double($0) / 400 }), options: options)
      ))
    plots += curves.map { name, values in
      (
        "parameters \(name)",
        .parameterPaths(
          (1...20).map { .init(name: "w\($0)", parameter: "w", values: BoundedSeries(values.map { $0 + 1 })) },
          options: options)
      )
    }
    plots.append(
      (
        "parameters with names",
        .parameterPaths(
          (1...12).map { number in
            .init(
              name: "hidden.w\(number)", parameter: "hidden.w",
              values: BoundedSeries(falling.map { $0 * Double(number) }))
          }, options: options)
      ))
    plots.append(
      (
        "parameters of twenty layers",
        .parameterPaths(
          (1...40).map { number in
            .init(
              name: "layer\(number / 2).w\(number % 2 + 1)", parameter: "layer\(number / 2).w",
              values: BoundedSeries(falling.map { $0 * Double(number) }))
          }, options: options)
      ))
    plots.append(
      (
        "descent in batches, with metrics",
        .descent(
          [LossCurve(name: "L", losses: BoundedSeries(falling), means: BoundedSeries(falling.map { $0 * 0.9 }))],
          heldOut: [(0, 5), (100, 1)], rates: BoundedSeries((0..<200).map { 1 - Double($0) / 400 }),
          metrics: [
            MetricCurve(name: "accuracy", isHeldOut: true, points: [(0, 0.3), (100, 0.9)]),
            MetricCurve(name: "accuracy", points: [(0, 0.31), (100, 0.91)]),
            MetricCurve(name: "error", points: [(0, 12), (50, .nan), (100, 3)]),
          ], options: options)
      ))
    let field = Field(columns: 6, rows: 5, values: (0..<42).map { Double($0 % 7) - 3 })
    var opposite = field
    opposite.values = field.values.map { -$0 }
    plots.append(
      (
        "decision",
        .decisionRegion(
          (0..<30).map {
            ClassifiedPoint(
              x: Double($0) / 10, y: Double($0 % 5), classIndex: $0 % 2, predicted: $0 % 3 == 0 ? 1 : 0)
          }, scores: [opposite, field], confidence: .distance(ofTargets: 1), horizontal: 0...3, vertical: 0...4,
          names: ("x1", "x2"),
          options: options)
      ))
    var gaps = field
    gaps.values[5] = .nan
    gaps.values[20] = .infinity
    plots.append(
      (
        "decision among three classes, with gaps",
        .decisionRegion(
          [
            ClassifiedPoint(x: .nan, y: 1, classIndex: 2, predicted: 0),
            ClassifiedPoint(x: 1, y: 1, classIndex: 2, predicted: 2),
          ],
          scores: [opposite, gaps, field], horizontal: 0...3, vertical: 0...4, names: ("x1", "x2"),
          classNames: ["one", "two"], options: options)
      ))
    let line = (0...50).map { (x: Double($0), y: Double($0) * 0.5) }
    plots.append(
      (
        "fit",
        .fittedCurve(
          [(1, 2), (20, 9), (45, .nan), (50, 26)], curve: line, names: ("x", "y", "ŷ"), options: options)
      ))
    plots.append(
      ("fit of nothing", .fittedCurve([], curve: [], names: ("x", "y", "ŷ"), options: options)))
    for (name, slope) in [("", 6.0), (" that is not finite", Double.nan)] {
      plots.append(
        (
          "derivative\(name)",
          .derivative(
            of: "L", by: "w1", curve: (0...60).map { (x: Double($0) / 10, y: pow(Double($0) / 10, 2)) },
            at: (3, 9),
            slope: slope, secants: [(1, 16), (0.1, 9.61), (0.01, 9.0601)], options: options)
        ))
    }
    var broken = field
    broken.values[3] = .nan
    broken.values[4] = .infinity
    for (name, own) in [("", field), (" with gaps", broken)] {
      plots.append(
        (
          "landscape\(name)",
          .landscape(
            own, horizontal: -1...1, vertical: -2...2, names: ("w", "b", "L"),
            path: [(-0.8, 1.5), (0, 0.5), (0.5, -1)], run: "momentum", momentum: 0.9,
            others: [("sgd", [(-0.8, 1.5), (-0.5, 0)])],
            options: options)
        ))
    }
    return plots
  }()

  private struct Text {
    var content: String
    var left, right, top, bottom: Double
  }

  private func texts(_ plot: Plot) -> [Text] {
    plot.items.compactMap { item in
      guard case .text(let content, let at, let size, _, let typeface, let anchor) = item else { return nil }
      let width = TextMetrics.width(of: content, size: size, typeface: typeface)
      let left = anchor == .start ? at.x : anchor == .middle ? at.x - width / 2 : at.x - width
      return Text(
        content: content, left: left, right: left + width, top: at.y - size * 0.72, bottom: at.y + size * 0.2)
    }
  }

  @Test(arguments: plots.map(\.name))
  func `texts stay on the sheet and off each other`(_ name: String) throws {
    let plot = try #require(Self.plots.first { $0.name == name }).plot
    let texts = texts(plot)
    for (index, text) in texts.enumerated() {
      #expect(
        text.left >= 0 && text.right <= plot.width && text.top >= 0 && text.bottom <= plot.height, "\(text)")
      for other in texts[(index + 1)...] {
        let overlaps =
          text.left < other.right && other.left < text.right && text.top < other.bottom
          && other.top < text.bottom
        #expect(!overlaps, "`\(text.content)` and `\(other.content)`")
      }
    }
  }

  @Test(arguments: plots.map(\.name))
  func `everything is drawn on the sheet, with numbers`(_ name: String) throws {
    let plot = try #require(Self.plots.first { $0.name == name }).plot
    for item in plot.items {
      let points: [Plot.Point]
      switch item {
      case .line(let own, _), .area(let own, _, _): points = own
      case .rectangle(let corner, let size, _, _):
        points = [corner, Plot.Point(x: corner.x + size.x, y: corner.y + size.y)]
      case .circle(let center, _, _, _): points = [center]
      case .text(_, let at, _, _, _, _): points = [at]
      case .begin, .end: points = []
      }
      for point in points {
        #expect(
          point.x >= -1 && point.x <= plot.width + 1 && point.y >= -1 && point.y <= plot.height + 1,
          "\(point)")
      }
    }
    let svg = plot.svg()
    #expect(!svg.contains("nan") && !svg.contains("inf\"") && svg.utf8.count < 250_000)
    #expect(
      svg.contains("role=\"img\"") && svg.contains("<desc") && svg.contains("prefers-color-scheme:dark"))
    #expect(svg == plot.svg())
    #expect(!plot.svg(theme: .dark).contains("@media") && plot.svg(theme: .print) != plot.svg(theme: .light))
  }

  @Test func `a falling loss is shown on a logarithmic scale, a flat one is not`() {
    let steep = Plot.descent([LossCurve(name: "L", losses: [100, 10, 1, 0.1])], options: Self.options)
    let flat = Plot.descent([LossCurve(name: "L", losses: [3, 2, 1])], options: Self.options)
    func ticks(_ plot: Plot) -> Set<String> { Set(texts(plot).map(\.content)) }
    #expect(ticks(steep).isSuperset(of: ["0.1", "1", "10", "100"]))
    #expect(ticks(flat).isSuperset(of: ["1", "2", "3"]) && !ticks(flat).contains("0.1"))
  }

  @Test func `thinning keeps what stands out`() {
    var values = (0..<50_000).map { _ in 1.0 }
    values[12_345] = 9
    values[40_000] = -7
    values[49_999] = .nan
    let series = BoundedSeries(values)
    #expect(series.points.count <= 8192 && series.count == 50_000)
    let points = Plot.thinned(series, columns: 300)
    #expect(points.count <= 3 * 300 + 2)
    #expect(
      points.contains { $0.x == 12_345 && $0.y == 9 } && points.contains { $0.x == 40_000 && $0.y == -7 })
    #expect(points.contains { $0.x == 49_999 && $0.y.isNaN })
    #expect(zip(points, points.dropFirst()).allSatisfy { $0.x < $1.x })
  }

  @Test func `a long curve is as fine at its begin as at its end`() {
    let series = BoundedSeries((0..<10_000).map { exp(-Double($0) / 300) })
    let steps = series.points.map(\.step)
    #expect(steps.count > 4000)
    let gaps = zip(steps, steps.dropFirst()).map { $1 - $0 }
    #expect((gaps.max() ?? 0) <= 4)
    var short = BoundedSeries(capacity: 2048)
    for step in 0..<10_001 { short.append(Double(step * step), at: step) }
    let places = short.points.map(\.step)
    #expect(places.count <= 2048 && places.first == 0 && places.last == 10_000)
    #expect((zip(places, places.dropFirst()).map { $1 - $0 }.max() ?? 0) <= 16)
  }

  @Test func `a chart counts its parameter's numbers, not those that are kept`() {
    let paths = (1...100).map {
      Plot.ParameterPath(name: "W[\($0)]", parameter: "W", values: BoundedSeries([0, Double($0)]))
    }
    let whole = texts(.parameterPaths(paths, options: Self.options)).map(\.content)
    #expect(whole.contains("W, the 64 of 100 that moved most"))
    let part = texts(.parameterPaths(paths, sizes: [("W", 500), ("b", 20)], options: Self.options)).map(\.content)
    #expect(part.contains("W, of its first 100 of 500 the 64 that moved most"))
    #expect(part.contains { $0.hasSuffix("the first 1 of 2") })
  }

  @Test func `words are French where asked for`() {
    let options = PlotOptions(title: "Titre", language: .french)
    let plot = Plot.descent([LossCurve(name: "L", losses: [2, 1])], options: options)
    #expect(
      texts(plot).contains { $0.content == "Descente" } && texts(plot).contains { $0.content == "itération" })
  }

  @Test func `a plot is painted as PNG and PDF`() throws {
    let plot = Plot.descent([LossCurve(name: "L", losses: [3, 2, 1])], options: Self.options)
    #expect(try plot.png().starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(try plot.pdf().starts(with: Array("%PDF".utf8)))
    #expect(try plot.png(theme: .dark) != plot.png())
  }

  @Test func `growth has the exponent of its points`() throws {
    let square = GrowthSeries(
      name: "a square", points: (1...6).map { (pow(10, Double($0)), 3 * pow(100, Double($0))) })
    let fit = try #require(square.fit)
    #expect(abs(fit.power - 2) < 1e-9 && abs(fit.factor - 3) < 1e-6)
    let bad = GrowthSeries(name: "one", points: [(10, 1), (-1, 2), (20, .nan)])
    #expect(bad.fit == nil && bad.points.count == 1)
    let svg = Plot.growth(
      [square, bad], xName: "operations", yName: "seconds", options: PlotOptions(title: "Engine")
    ).svg()
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse())
    #expect(svg.contains("a square ∝ n^2") && svg.contains("one –"))
  }
}
