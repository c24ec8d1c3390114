import CGraphvizShim
import GradvizDOT
import GradvizDrawing

/// A drawing as a list of events in order, recorded from Graphviz or built for a plot.
///
/// Coordinates are in points, with the y axis pointing down from the top left.
package struct Drawing: Sendable {
  package typealias Point = GradvizDrawing.Point

  package enum Group: Int32, Sendable { case graph, cluster, node, edge }
  package enum Line: Int32, Sendable {
    case none, dashed, dotted, solid

    /// The lengths of dashes and gaps in points.
    ///
    /// Dots are very short dashes with round ends.
    package var dashes: [Double] {
      switch self {
      case .dashed: [5, 3]
      case .dotted: [0.1, 3.6]
      case .none, .solid: []
      }
    }
  }

  /// How a shape is painted: its outline in `pen`, its area in `fill`.
  package struct Ink: Sendable {
    package var pen: Paint
    package var fill: Paint?
    package var width: Double
    package var line: Line

    package init(pen: Paint, fill: Paint? = nil, width: Double = 1, line: Line = .solid) {
      self.pen = pen
      self.fill = fill
      self.width = width
      self.line = line
    }

    package var isStroked: Bool { line != .none && width > 0 && pen.isVisible }
  }

  /// The paint of an area or a line.
  package enum Paint: Hashable, Sendable {
    /// A tint, by its name among a style's tones.
    case tint(String)
    /// `0xRRGGBBAA`
    case color(UInt32)

    /// A fully transparent color draws nothing.
    package var isVisible: Bool {
      switch self {
      case .tint: true
      case .color(let bits): bits & 0xFF > 0
      }
    }
  }

  package struct Text: Sendable {
    package var content: String
    /// On the baseline, at the end that `anchor` names.
    package var origin: Point
    package var size: Double
    /// The reserved width, whatever the reader's font.
    package var width: Double
    package var color: Paint
    package var isBold: Bool
    package var isItalic: Bool
    /// Whether its letters are those of variables and their indices.
    package var isSerif: Bool
    package var isSubscript: Bool
    package var isSuperscript: Bool
    /// `start`, `middle` or `end`.
    package var anchor: String

    package init(
      content: String, origin: Point, size: Double, width: Double, color: Paint, isBold: Bool = false,
      isItalic: Bool = false, isSerif: Bool = false, isSubscript: Bool = false, isSuperscript: Bool = false,
      anchor: String = "start"
    ) {
      // Plain data: a parameter for each member, half of them with a default.
      self.content = content
      self.origin = origin
      self.size = size
      self.width = width
      self.color = color
      self.isBold = isBold
      self.isItalic = isItalic
      self.isSerif = isSerif
      self.isSubscript = isSubscript
      self.isSuperscript = isSuperscript
      self.anchor = anchor
    }

    /// The baseline of the letters; Graphviz leaves the shift of subscripts and superscripts to the renderer.
    package var baseline: Double { origin.y + (isSubscript ? 0.28 * size : isSuperscript ? -0.5 * size : 0) }

    /// Whether a viewer would drop some of its spaces: those at the ends, and all but one in a row.
    var hasSpacesToKeep: Bool {
      let (bytes, space) = (content.utf8, UInt8(ascii: " "))
      return bytes.first == space || bytes.last == space
        || zip(bytes, bytes.dropFirst()).contains { $0 == space && $1 == space }
    }
  }

  package enum Event: Sendable {
    case begin(Group, id: String?, classes: String?, tooltip: String?)
    case end
    /// `radius` is the extent of the rounded corners along the sides.
    case rectangle(Point, size: Point, radius: Double, Ink)
    case polygon([Point], Ink)
    case polyline([Point], Ink)
    case ellipse(center: Point, rim: Point, Ink)
    case bezier([Point], Ink)
    case text(Text)
  }

  package var width: Double
  package var height: Double
  package var events: [Event]

  package init(width: Double, height: Double, events: [Event]) {
    self.width = width
    self.height = height
    self.events = events
  }

  /// Converts a recording of a text that names `tints`.
  init(_ recording: gradviz_recording, tints: [String]) {
    width = recording.width
    height = recording.height
    let all = UnsafeBufferPointer(start: recording.events, count: recording.event_count)
    let coordinates = UnsafeBufferPointer(start: recording.points, count: recording.point_count * 2)
    events = Self.textsInside(Self.clustersInOrder(all.compactMap { Self.event($0, coordinates, tints) }))
  }

  /// The texts of a box are nodes of their own behind it, so that each has its place: here they join the box's group,
  /// which has its name.
  private static func textsInside(_ events: [Event]) -> [Event] {
    var result: [Event] = []
    result.reserveCapacity(events.count)
    for event in events {
      if case .begin(.node, _, Attribute.inside?, _) = event, case .end? = result.last {
        // The end of the text's own group is now that of the box.
        result.removeLast()
      } else {
        result.append(event)
      }
    }
    return result
  }

  /// Graphviz draws clusters in the order of their addresses in memory, which differs between processes;
  /// here, they are sorted by id.
  private static func clustersInOrder(_ events: [Event]) -> [Event] {
    var result: [Event] = []
    var clusters: [(id: String, events: [Event])] = []
    var isInCluster = false
    func flush() {
      result += clusters.sorted { $0.id < $1.id }.flatMap(\.events)
      clusters = []
    }
    for event in events {
      if case .begin(.cluster, let id, _, _) = event {
        clusters.append((id ?? "", [event]))
        isInCluster = true
      } else if isInCluster {
        clusters[clusters.count - 1].events.append(event)
        if case .end = event { isInCluster = false }
      } else {
        flush()
        result.append(event)
      }
    }
    flush()
    return result
  }

  private static func event(
    _ event: gradviz_event, _ coordinates: UnsafeBufferPointer<Double>, _ tints: [String]
  ) -> Event? {
    let points = (0..<event.point_count).map { offset in
      let place = 2 * (event.first_point + offset)
      return Point(x: coordinates[place], y: coordinates[place + 1])
    }
    func string(_ text: UnsafePointer<CChar>?) -> String? { text.map { String(cString: $0) } }
    func paint(_ tint: UInt16, _ color: UInt32) -> Paint {
      tint > 0 ? .tint(tints[Int(tint) - 1]) : .color(color)
    }
    let pen = paint(event.pen_tint, event.pen)
    let ink = Ink(
      pen: pen, fill: event.filled == 0 ? nil : paint(event.fill_tint, event.fill), width: event.pen_width,
      line: Line(rawValue: event.line) ?? .solid)
    switch gradviz_event_kind(rawValue: UInt32(event.kind)) {
    case gradviz_begin_group:
      return .begin(
        Group(rawValue: event.group) ?? .node, id: string(event.text), classes: string(event.classes),
        tooltip: string(event.tooltip))
    case gradviz_end_group: return .end
    case gradviz_rectangle:
      guard points.count == 2 else { return nil }
      let size = Point(x: points[1].x - points[0].x, y: points[1].y - points[0].y)
      return .rectangle(points[0], size: size, radius: event.radius, ink)
    case gradviz_polygon: return .polygon(points, ink)
    case gradviz_polyline: return .polyline(points, ink)
    case gradviz_ellipse: return points.count == 2 ? .ellipse(center: points[0], rim: points[1], ink) : nil
    case gradviz_bezier: return .bezier(points, ink)
    case gradviz_text:
      guard let content = string(event.text), let origin = points.first else { return nil }
      return .text(
        Text(
          content: content, origin: origin, size: event.size, width: event.width,
          color: pen, isBold: event.flags & 1 != 0, isItalic: event.flags & 2 != 0,
          isSerif: event.flags & 32 != 0, isSubscript: event.flags & 8 != 0, isSuperscript: event.flags & 4 != 0,
          anchor: event.justified == CChar(UInt8(ascii: "l"))
            ? "start" : event.justified == CChar(UInt8(ascii: "r")) ? "end" : "middle"))
    default: return nil
    }
  }
}
