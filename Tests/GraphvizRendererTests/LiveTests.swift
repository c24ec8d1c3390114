import Testing

@testable import GraphvizRenderer

/// An element of a page says the same as a file, with places that are counted from where something begins.
@Suite("Drawings in a page")
struct LiveTests {
  private static let line = Drawing.Ink(pen: .color(0xFF))

  /// Lines, corners and heads at places with many decimals, inside a node and outside.
  private static func events(from x: Double, _ y: Double) -> [Drawing.Event] {
    func point(_ a: Double, _ b: Double) -> Drawing.Point { Drawing.Point(x: x + a, y: y + b) }
    return [
      .rectangle(point(0, 0), size: Drawing.Point(x: 20, y: 10), radius: 0, line),
      .polyline([point(3.33, 1), point(3.33, 9.96), point(17.04, 2)], line),
      .bezier(
        [
          point(0, 0), point(1, 0), point(2, 0), point(3.14, 0), point(5.77, 0), point(8.08, 2.36), point(8.08, 6.01),
          point(8.08, 8), point(8.08, 9), point(8.08, 12.2),
        ], line),
      .polygon([point(8, 12), point(10.17, 18.26), point(5.9, 18.26)], line),
      .text(Drawing.Text(content: "w", origin: point(4, 8), size: 12, width: 7, color: .color(0xFF))),
    ]
  }

  /// Every place that an outline goes through, counted from the page's corner.
  private static func places(_ data: Substring, _ origin: (Double, Double)) -> [[Double]] {
    var (x, y) = origin
    var places: [[Double]] = []
    for part in data.matches(of: /([A-Za-z])([^A-Za-z]*)/) {
      let numbers = part.output.2.split { $0 == " " || $0 == "," }.compactMap { Double($0) }
      let (start, isRelative) = ((x, y), part.output.1.first?.isLowercase == true)
      func across(_ value: Double) -> Double {
        isRelative ? start.0 + value : value + (part.output.1 == "M" ? origin.0 : 0)
      }
      func down(_ value: Double) -> Double {
        isRelative ? start.1 + value : value + (part.output.1 == "M" ? origin.1 : 0)
      }
      switch part.output.1.lowercased() {
      case "h": x = across(numbers[0])
      case "v": y = down(numbers[0])
      case "z": continue
      default:
        for place in stride(from: 0, to: numbers.count - 1, by: 2) {
          (x, y) = (across(numbers[place]), down(numbers[place + 1]))
          places.append([x, y])
        }
        continue
      }
      places.append([x, y])
    }
    return places
  }

  private static func outlines(_ svg: String) -> [[[Double]]] {
    var origin = (0.0, 0.0)
    var depth = 0
    var outlines: [[[Double]]] = []
    for match in svg.matches(of: /<g( [^>]*)?>|<\/g>|<path d="([^"]*)"/) {
      if let data = match.output.2 {
        outlines.append(places(data, origin))
      } else if match.output.0.hasPrefix("</") {
        depth -= 1
        if depth == 1 { origin = (0, 0) }
      } else {
        depth += 1
        if let moved = match.output.0.firstMatch(of: /translate\(([-\d.]+) ([-\d.]+)\)/)?.output {
          origin = (Double(moved.1) ?? .nan, Double(moved.2) ?? .nan)
        }
      }
    }
    return outlines
  }

  @Test func `outlines go through the same places as in a file`() throws {
    let events: [Drawing.Event] =
      [.begin(.graph, id: nil, classes: nil, tooltip: nil), .begin(.node, id: "a", classes: nil, tooltip: nil)]
      + Self.events(from: 101.26, 57.74) + [.end, .begin(.edge, id: "b", classes: nil, tooltip: nil)]
      + Self.events(from: 7.03, 11.98) + [.end, .end]
    let drawing = Drawing(width: 200, height: 100, events: events)
    var style = SVGStyle(id: "x", title: "", description: "")
    let file = Self.outlines(style.svg(drawing))
    style.live = LiveMarkup(root: "id=\"graph\"")
    let page = style.svg(drawing)
    #expect(page.contains("<g id=\"a\" transform=\"translate(101.3 57.7)\">"))
    #expect(page.matches(of: /translate/).count == 1)
    let element = Self.outlines(page)
    #expect(file.count == 6 && element.map(\.count) == file.map(\.count))
    for (one, other) in zip(file, element) {
      for (a, b) in zip(one, other) {
        #expect(abs(a[0] - b[0]) < 0.11 && abs(a[1] - b[1]) < 0.11, "\(a) and \(b)")
      }
    }
  }

  @Test func `boxes of one kind are the same text`() {
    var events: [Drawing.Event] = [.begin(.graph, id: nil, classes: nil, tooltip: nil)]
    for number in 0..<3 {
      events.append(.begin(.node, id: "n\(number)", classes: nil, tooltip: nil))
      events += Self.events(from: Double(number) * 333.5, 4)
      events.append(.end)
    }
    events.append(.end)
    var style = SVGStyle(id: "x", title: "", description: "")
    style.live = LiveMarkup(root: "")
    let boxes = style.svg(Drawing(width: 900, height: 100, events: events)).components(separatedBy: "<g id=\"n")
      .dropFirst()
    let contents = boxes.map { box in
      String(box.drop { $0 != ">" }).components(separatedBy: "</g>")[0]
    }
    #expect(contents.count == 3 && Set(contents).count == 1, "\(contents)")
  }
}
