import GradvizFigures
import GraphvizRenderer

/// The frame of a plot: axes, grid, ticks and names, and the mapping of values to positions.
struct Chart {
  var left: Double
  var top: Double
  var width: Double
  var height: Double
  var x: Axis
  var y: Axis
  var xName = ""
  var yName = ""
  /// Whether both names are those of values.
  var hasVariables = false

  var right: Double { left + width }
  var bottom: Double { top + height }

  func place(_ horizontal: Double, _ vertical: Double) -> Plot.Point {
    Plot.Point(x: left + x.part(horizontal) * width, y: bottom - y.part(vertical) * height)
  }

  func contains(_ point: Plot.Point, margin: Double = 0.5) -> Bool {
    point.x >= left - margin && point.x <= right + margin && point.y >= top - margin
      && point.y <= bottom + margin
  }

  /// Adds grid, ticks and names; `isFilled` omits the grid, for plots that fill the frame.
  func add(to plot: inout Plot, isFilled: Bool = false) {
    if !isFilled {
      for tick in y.ticks {
        let at = place(x.low, tick).y
        plot.line([.init(x: left, y: at), .init(x: right, y: at)], .grid(2), width: 0.8)
      }
      for tick in x.ticks {
        let at = place(tick, y.low).x
        plot.line([.init(x: at, y: top), .init(x: at, y: bottom)], .grid(1), width: 0.8)
      }
    }
    addAxes(to: &plot)
  }

  func addAxes(to plot: inout Plot) {
    plot.line(
      [.init(x: left, y: top), .init(x: left, y: bottom), .init(x: right, y: bottom)], .line, width: 1.1)
    var lastEnd = -Double.infinity
    for tick in x.ticks {
      let at = place(tick, y.low).x
      let label = x.label(tick, plot.mark)
      let half = Plot.width(label, 11) * 0.54
      plot.line([.init(x: at, y: bottom), .init(x: at, y: bottom + 4)], .line)
      guard at - half > lastEnd + 6 else { continue }
      plot.text(label, x: at, y: bottom + 17, size: 11, tint: .muted, anchor: .middle)
      lastEnd = at + half
    }
    for tick in y.ticks {
      let at = place(x.low, tick).y
      plot.line([.init(x: left - 4, y: at), .init(x: left, y: at)], .line)
      plot.text(y.label(tick, plot.mark), x: left - 8, y: at + 4, size: 11, tint: .muted, anchor: .end)
    }
    if !xName.isEmpty {
      if hasVariables {
        plot.name(xName, x: right, y: bottom + 35, isAtEnd: true)
      } else {
        plot.text(xName, x: right, y: bottom + 35, size: 12, isBold: true, anchor: .end)
      }
    }
    if !yName.isEmpty {
      if hasVariables {
        plot.name(yName, x: left - 8, y: top - 12)
      } else {
        plot.text(yName, x: left - 8, y: top - 12, size: 12, isBold: true)
      }
    }
  }

  /// Adds a curve through `points`, interrupted where they are not finite and clipped to the frame.
  func add(
    _ points: [(x: Double, y: Double)], to plot: inout Plot, tint: Tint, width: Double = 1.8,
    line: Drawing.Line = .solid
  ) {
    var run: [Plot.Point] = []
    var last: Plot.Point?
    func flush(_ plot: inout Plot) {
      plot.line(run, tint, width: width, line: line)
      run = []
    }
    for point in points {
      guard point.x.isFinite, point.y.isFinite, !y.isLogarithmic || point.y > 0 else {
        flush(&plot)
        last = nil
        continue
      }
      let place = place(point.x, point.y)
      if let before = last, let cut = Self.clipped(before, place, top, bottom) {
        if run.last != cut.0 {
          flush(&plot)
          run = [cut.0]
        }
        run.append(cut.1)
      } else if last == nil, contains(place) {
        run = [place]
      }
      last = place
    }
    flush(&plot)
  }

  /// The part of a segment between two heights; nil if there is none.
  static func clipped(_ a: Plot.Point, _ b: Plot.Point, _ top: Double, _ bottom: Double) -> (
    Plot.Point, Plot.Point
  )? {
    func at(_ y: Double) -> Plot.Point {
      let part = b.y == a.y ? 0 : (y - a.y) / (b.y - a.y)
      return .init(x: a.x + (b.x - a.x) * part, y: y)
    }
    var (start, end) = (a, b)
    for (limit, isOut) in [
      (top, { (p: Plot.Point) in p.y < top }), (bottom, { (p: Plot.Point) in p.y > bottom }),
    ] {
      switch (isOut(start), isOut(end)) {
      case (true, true): return nil
      case (true, false): start = at(limit)
      case (false, true): end = at(limit)
      case (false, false): break
      }
    }
    return (start, end)
  }

  /// The space needed by the labels of the vertical axis.
  static func margin(_ axis: Axis) -> Double {
    (axis.ticks.map { Plot.width(axis.label($0), 11) }.max() ?? 0) * 1.07 + 16 + 14
  }

  /// Moves the labels at the ends of curves apart, so that they do not overlap.
  ///
  /// - Returns: the height of each label, in the given order.
  static func spread(_ wanted: [Double], gap: Double, from top: Double, to bottom: Double) -> [Double] {
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    var places = wanted
    var last = top - gap
    for index in order {
      places[index] = max(wanted[index], last + gap)
      last = places[index]
    }
    // Labels pushed below the bottom move back up.
    var next = bottom + gap
    for index in order.reversed() {
      places[index] = min(places[index], next - gap)
      next = places[index]
    }
    return places
  }
}
