extension Graphviz {
  /// Where `dot` puts the nodes and edges of a graph that have an `id`.
  public struct Placement: Sendable {
    public struct Point: Hashable, Sendable {
      public var x, y: Double
    }
    /// In points.
    public var width, height: Double
    /// Centres of what is drawn of each node by its `id`, y downwards.
    public var centers: [String: Point]
    /// Cubic Bézier points by `id`, from tail to head.
    public var paths: [String: [Point]]
  }

  /// Lays a graph out with the engine `dot`.
  ///
  /// - Throws: ``GraphvizError`` with Graphviz' message for text that is not DOT, or where the library is
  ///   incomplete.
  /// - Complexity: Graphviz'; some hundred boxes take milliseconds, thousands seconds.
  public static func layout(_ dot: String) throws(GraphvizError) -> Placement {
    let drawing = try record(dot, engine: "dot")
    var placement = Placement(width: drawing.width, height: drawing.height, centers: [:], paths: [:])
    var current: (group: Drawing.Group, id: String)?
    var extent = Extent()
    for event in drawing.events {
      switch event {
      case .begin(let group, let id, _, _):
        current = id.map { (group, $0) }
        extent = Extent()
      case .end:
        if let current, current.group == .node, let center = extent.center {
          placement.centers[current.id] = center
        }
        current = nil
      case .rectangle(let corner, let size, _, _):
        extent.include(corner)
        extent.include(Drawing.Point(x: corner.x + size.x, y: corner.y + size.y))
      case .polygon(let points, _), .polyline(let points, _):
        for point in points { extent.include(point) }
      case .ellipse(let center, let rim, _):
        extent.include(rim)
        extent.include(Drawing.Point(x: 2 * center.x - rim.x, y: 2 * center.y - rim.y))
      case .bezier(let points, _):
        guard let current, current.group == .edge else { break }
        placement.paths[current.id] = points.map { Placement.Point(x: $0.x, y: $0.y) }
      case .text: break
      }
    }
    return placement
  }

  /// The smallest rectangle around points.
  private struct Extent {
    private var left = Double.infinity
    private var right = -Double.infinity
    private var top = Double.infinity
    private var bottom = -Double.infinity

    mutating func include(_ point: Drawing.Point) {
      left = min(left, point.x)
      right = max(right, point.x)
      top = min(top, point.y)
      bottom = max(bottom, point.y)
    }

    /// Nil where nothing was included.
    var center: Placement.Point? {
      left <= right ? Placement.Point(x: (left + right) / 2, y: (top + bottom) / 2) : nil
    }
  }
}
