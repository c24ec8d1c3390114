import CGraphvizShim
import GradvizDrawing

extension Graphviz {
  /// The layout by `dot` of the nodes and edges with an `id`.
  public struct Placement: Sendable {
    /// In points.
    public var width, height: Double
    /// The centers of the nodes by `id`, with the y axis pointing down.
    public var centers: [String: Point] = [:]
    /// Cubic Bézier points by `id`, from tail to head.
    public var paths: [String: [Point]] = [:]

    init(_ recording: gradviz_recording) {
      (width, height) = (recording.width, recording.height)
      let coordinates = UnsafeBufferPointer(start: recording.points, count: recording.point_count * 2)
      for place in UnsafeBufferPointer(start: recording.events, count: recording.event_count) {
        guard let id = place.text.map({ String(cString: $0) }), !id.isEmpty else { continue }
        let points = (0..<place.point_count).map { offset in
          let first = 2 * (place.first_point + offset)
          return Point(x: coordinates[first], y: coordinates[first + 1])
        }
        switch Drawing.Group(rawValue: place.group) {
        case .node: centers[id] = points.first
        case .edge: paths[id] = points
        case .graph, .cluster, nil: break
        }
      }
    }
  }

  /// Lays out a graph with the engine it names, or with `dot`; draws nothing.
  ///
  /// - Throws: ``GraphvizError`` with Graphviz' message if the text is not DOT, or the library is incomplete.
  /// - Complexity: Graphviz'; some hundred boxes take milliseconds, thousands take seconds.
  public static func layout(_ dot: String) throws(GraphvizError) -> Placement {
    try check(dot)
    return try GraphvizThread.run { () -> Swift.Result<Placement, GraphvizError> in
      GraphvizThread.withContext { context in
        var recording = gradviz_recording()
        guard gradviz_record_layout(context, dot, &recording) == 0 else {
          return .failure(GraphvizThread.error("Graphviz cannot draw this"))
        }
        return .success(Placement(recording))
      }
    }.get()
  }
}
