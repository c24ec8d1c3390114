import GradvizDrawing

extension LiveMarkup {
  /// The drawing with the elements of each node counted from its first shape, and the group moved there: boxes of one kind
  /// are then the same text, which is compressed to almost nothing.
  mutating func place(_ events: [Drawing.Event]) -> [Drawing.Event] {
    var result: [Drawing.Event] = []
    result.reserveCapacity(events.count)
    var depth = 0
    var id: String?
    var origin: Point?
    for event in events {
      switch event {
      case .begin(let group, let own, _, _):
        if depth > 0 {
          depth += 1
        } else if group == .node, own != nil {
          (depth, id, origin) = (1, own, nil)
        }
      case .end: depth = max(0, depth - 1)
      default:
        guard depth > 0, let id else { break }
        if origin == nil, let corner = event.corner {
          let place = Point(x: SVGWriter.rounded(corner.x), y: SVGWriter.rounded(corner.y))
          origin = place
          let known = attributesByID[id].map { $0 + " " } ?? ""
          attributesByID[id] =
            known + "transform=\"translate(\(SVGWriter.place(place.x)) \(SVGWriter.place(place.y)))\""
        }
        if let origin {
          result.append(event.moved(by: origin))
          continue
        }
      }
      result.append(event)
    }
    return result
  }
}

extension Drawing.Event {
  /// Where it begins.
  fileprivate var corner: Point? {
    switch self {
    case .rectangle(let corner, _, _, _): corner
    case .ellipse(let center, _, _): center
    case .polygon(let points, _), .polyline(let points, _), .bezier(let points, _): points.first
    case .text(let text): text.origin
    case .begin, .end: nil
    }
  }

  fileprivate func moved(by origin: Point) -> Drawing.Event {
    func moved(_ point: Point) -> Point { Point(x: point.x - origin.x, y: point.y - origin.y) }
    switch self {
    case .rectangle(let corner, let size, let radius, let ink):
      return .rectangle(moved(corner), size: size, radius: radius, ink)
    case .ellipse(let center, let rim, let ink): return .ellipse(center: moved(center), rim: moved(rim), ink)
    case .polygon(let points, let ink): return .polygon(points.map(moved), ink)
    case .polyline(let points, let ink): return .polyline(points.map(moved), ink)
    case .bezier(let points, let ink): return .bezier(points.map(moved), ink)
    case .text(var text):
      text.origin = moved(text.origin)
      return .text(text)
    case .begin, .end: return self
    }
  }
}
