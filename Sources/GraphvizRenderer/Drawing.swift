import CGraphvizShim
import DOT

/// A drawing as plain data, its events in order: what Graphviz drew, or what is drawn without it. Coordinates
/// are points, y downwards from the top left.
public struct Drawing: Sendable {
  public struct Point: Sendable, Equatable {
    public var x, y: Double

    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  public enum Group: Int32, Sendable { case graph, cluster, node, edge }
  public enum Line: Int32, Sendable {
    case none, dashed, dotted, solid

    /// Lengths of dash and gap in points. Dots are dashes of next to no length with round ends.
    var dashes: [Double] {
      switch self {
      case .dashed: [5, 3]
      case .dotted: [0.1, 3.6]
      case .none, .solid: []
      }
    }
  }

  /// How a shape is painted: its outline in `pen`, its area in `fill`.
  public struct Ink: Sendable {
    public var pen: RGBA
    public var fill: RGBA?
    public var width: Double
    public var line: Line

    public init(pen: RGBA, fill: RGBA? = nil, width: Double = 1, line: Line = .solid) {
      self.pen = pen
      self.fill = fill
      self.width = width
      self.line = line
    }

    var isStroked: Bool { line != .none && width > 0 }
  }

  public struct RGBA: Sendable, Equatable {
    /// `0xRRGGBBAA`
    public var bits: UInt32

    /// An opaque colour from `#rrggbb`; black where it is none.
    public init(hex: String) { bits = (UInt32(hex.dropFirst(), radix: 16) ?? 0) << 8 | 0xFF }

    init(_ bits: UInt32) { self.bits = bits }

    public init(_ color: Color) {
      bits = UInt32(color.red) << 24 | UInt32(color.green) << 16 | UInt32(color.blue) << 8 | 0xFF
    }

    var hex: String { Color(bits >> 8).hex }
    /// 0 to 255; 0 draws nothing.
    var alpha: Int { Int(bits & 0xFF) }
  }

  public struct Text: Sendable {
    public var content: String
    /// On the base line, at the end that `anchor` names.
    public var origin: Point
    public var size: Double
    /// The room it takes, whichever font the reader has.
    public var width: Double
    public var color: RGBA
    public var isBold: Bool
    public var isItalic: Bool
    public var isSubscript: Bool
    public var isSuperscript: Bool
    /// `start`, `middle` or `end`.
    public var anchor: String

    public init(
      content: String, origin: Point, size: Double, width: Double, color: RGBA, isBold: Bool = false,
      isItalic: Bool = false, isSubscript: Bool = false, isSuperscript: Bool = false, anchor: String = "start"
    ) {
      self.content = content
      self.origin = origin
      self.size = size
      self.width = width
      self.color = color
      self.isBold = isBold
      self.isItalic = isItalic
      self.isSubscript = isSubscript
      self.isSuperscript = isSuperscript
      self.anchor = anchor
    }

    /// Where the letters stand; Graphviz leaves the shift of small print to whoever draws it.
    var baseline: Double { origin.y + (isSubscript ? 0.28 * size : isSuperscript ? -0.5 * size : 0) }
  }

  public enum Event: Sendable {
    case begin(Group, id: String?, classes: String?, tooltip: String?)
    case end
    case polygon([Point], Ink)
    case polyline([Point], Ink)
    case ellipse(center: Point, rim: Point, Ink)
    case bezier([Point], Ink)
    case text(Text)
  }

  public var width: Double
  public var height: Double
  public var events: [Event]

  public init(width: Double, height: Double, events: [Event]) {
    self.width = width
    self.height = height
    self.events = events
  }

  init(_ recording: gradviz_recording) {
    width = recording.width
    height = recording.height
    let all = UnsafeBufferPointer(start: recording.events, count: recording.event_count)
    let coordinates = UnsafeBufferPointer(start: recording.points, count: recording.point_count * 2)
    events = Self.clustersInOrder(all.compactMap { Self.event($0, coordinates) })
  }

  /// Graphviz draws clusters in the order of addresses in memory, which is another in every process; here
  /// they stand in the order of their ids.
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
    _ event: gradviz_event, _ coordinates: UnsafeBufferPointer<Double>
  ) -> Event? {
    let points = (0..<event.point_count).map { offset in
      let place = 2 * (event.first_point + offset)
      return Point(x: coordinates[place], y: coordinates[place + 1])
    }
    func string(_ text: UnsafePointer<CChar>?) -> String? { text.map { String(cString: $0) } }
    let ink = Ink(
      pen: RGBA(event.pen), fill: event.filled == 0 ? nil : RGBA(event.fill), width: event.pen_width,
      line: Line(rawValue: event.line) ?? .solid)
    switch gradviz_event_kind(rawValue: UInt32(event.kind)) {
    case gradviz_begin_group:
      return .begin(
        Group(rawValue: event.group) ?? .node, id: string(event.text), classes: string(event.classes),
        tooltip: string(event.tooltip))
    case gradviz_end_group: return .end
    case gradviz_polygon: return .polygon(points, ink)
    case gradviz_polyline: return .polyline(points, ink)
    case gradviz_ellipse: return points.count == 2 ? .ellipse(center: points[0], rim: points[1], ink) : nil
    case gradviz_bezier: return .bezier(points, ink)
    case gradviz_text:
      guard let content = string(event.text), let origin = points.first else { return nil }
      return .text(
        Text(
          content: content, origin: origin, size: event.size, width: event.width,
          color: RGBA(event.pen), isBold: event.flags & 1 != 0, isItalic: event.flags & 2 != 0,
          isSubscript: event.flags & 8 != 0, isSuperscript: event.flags & 4 != 0,
          anchor: event.justified == CChar(UInt8(ascii: "l"))
            ? "start" : event.justified == CChar(UInt8(ascii: "r")) ? "end" : "middle"))
    default: return nil
    }
  }
}
