import GradvizDOT
import GradvizFigures
import GradvizGraph
import GraphvizRenderer

extension FigureSet {
  /// The figure of the forward pass, the backward pass or the update as an SVG file that replays it once: it is complete
  /// at first, then empty, and fills step by step.
  ///
  /// The animation is a style sheet for screens whose readers do not ask for less motion, and takes less than five
  /// seconds; without it, as in print, the file is the complete figure.
  ///
  /// - Throws: `FigureError` for a stage with nothing to show or to replay, `GraphvizError` where Graphviz is missing.
  /// - Complexity: that of the figure, for each of up to 25 moments.
  public func animatedSVG(
    _ stage: Stage, theme: ComputationGraph.Presentation.Theme = .auto
  ) throws -> String {
    let replay = try replay(stage)
    let moments = try replay.moments.map { ReplayedLines(try $0.svg(theme: theme, joinsCells: false)) }
    let whole = ReplayedLines(try replay.whole.svg(theme: theme, joinsCells: false))
    return whole.animated(through: moments, id: theme.identifier(replay.whole.id))
  }
}

/// The lines of an SVG file with one element each, and how often each stands in its group.
private struct ReplayedLines {
  private let lines: [String]
  /// The group and the text of each shape and text; empty for other lines.
  private var keys: [String] = []
  private var counts: [String: Int] = [:]

  init(_ svg: String) {
    lines = svg.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var groups = [""]
    for line in lines {
      var key = ""
      if line.hasPrefix("<g") {
        let id = line.firstRange(of: " id=\"").map { line[$0.upperBound...].prefix { $0 != "\"" } }
        // Wires and dots are numbered in the order in which they are drawn; their place tells them apart.
        groups.append(id.map { String($0).replacing(/(edge|junction)-\d+/) { $0.output.1 } } ?? groups.last ?? "")
      } else if line == "</g>" {
        groups.removeLast()
      } else if Self.drawn.contains(where: line.hasPrefix) {
        key = (groups.last ?? "") + " " + line
        counts[key, default: 0] += 1
      }
      keys.append(key)
    }
  }

  private static let drawn = ["<path", "<rect", "<circle", "<ellipse", "<text"]

  /// The file with a class on each element that is not there at first, and the animation of these classes.
  func animated(through moments: [ReplayedLines], id: String) -> String {
    let last = moments.count - 1
    guard last > 0 else { return lines.joined(separator: "\n") }
    var result = lines
    var seen: [String: Int] = [:]
    var used: Set<Int> = []
    for (index, key) in keys.enumerated() where !key.isEmpty {
      seen[key, default: 0] += 1
      let own = seen[key] ?? 0
      // What no moment has, as title and panel, is there always.
      guard let moment = moments.firstIndex(where: { ($0.counts[key] ?? 0) >= own }), moment > 0 else { continue }
      result[index] = Self.adding("moment-\(moment)", to: lines[index])
      used.insert(moment)
    }
    guard !used.isEmpty, let place = lines.firstIndex(where: { $0.hasPrefix("<desc") }) else {
      return lines.joined(separator: "\n")
    }
    let animation = Self.animation(of: used.sorted(), last: last, id: id)
    if let style = lines.firstIndex(where: { $0.hasPrefix("<style>") }) {
      result[style] = lines[style].replacing("</style>", with: animation + "</style>")
    } else {
      result.insert("<style>\(animation)</style>", at: place + 1)
    }
    return result.joined(separator: "\n")
  }

  private static func adding(_ name: String, to element: String) -> String {
    if let place = element.firstRange(of: " class=\"") {
      return element[..<place.upperBound] + name + " " + element[place.upperBound...]
    }
    let end = element.firstIndex(of: " ") ?? element.endIndex
    return element[..<end] + " class=\"\(name)\"" + element[end...]
  }

  /// In seconds: a moment takes 0.6, more than six share the rest of what is less than five.
  private static func duration(_ count: Int) -> Double { min(4.8, 1.2 + 0.6 * Double(count)) }

  private static func animation(of moments: [Int], last: Int, id: String) -> String {
    let seconds = Coordinate.text(duration(last), decimals: 1)
    let rules = moments.map { "[id=\"\(id)\"] .moment-\($0){animation:moment-\($0)-of-\(last) \(seconds)s linear 1}" }
    let frames = moments.map { moment in
      let end = 16 + 78 * Double(moment) / Double(last)
      let begin = Coordinate.text(end - 2, decimals: 1)
      return "@keyframes moment-\(moment)-of-\(last){0%,8%{opacity:1}10%,\(begin)%{opacity:0}"
        + "\(Coordinate.text(end, decimals: 1))%,100%{opacity:1}}"
    }
    return "@media screen and (prefers-reduced-motion:no-preference){\(rules.joined())}" + frames.joined()
  }
}
