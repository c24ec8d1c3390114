import Foundation
import GradvizDrawing
import GradvizFigures
import GradvizKit
import GradvizTestSupport
import GraphvizRenderer
import Testing

@Suite("Every sample, every stage")
struct GalleryTests {
  @Test(arguments: Project.samples)
  func `every sample has all five figures`(sample: String) throws {
    #expect(try FigureSet(Project.graph(sample)).stages == Stage.defaults)
  }

  @Test(arguments: Project.samples)
  func `an SVG is well formed, self-contained and accessible`(sample: String) throws {
    for stage in Stage.defaults {
      let text = try Project.drawn(sample, stage)
      let document = SVGDocument(text)
      #expect(document.error == nil)
      let root = try #require(document.elements.first)
      #expect(root.name == "svg")
      #expect(root.attributes["role"] == "img")
      let title = try #require(document.elements.first { $0.name == "title" })
      let description = try #require(document.elements.first { $0.name == "desc" })
      #expect(
        root.attributes["aria-labelledby"]
          == "\(title.attributes["id"] ?? "") \(description.attributes["id"] ?? "")")
      #expect(!title.text.isEmpty && description.text.hasSuffix("."))
      let ids = document.elements.compactMap { $0.attributes["id"] }
      #expect(Set(ids).count == ids.count, "ids are unique")
      let names = Set(document.elements.map(\.name))
      #expect(
        names.isSubset(of: [
          "svg", "title", "desc", "style", "g", "rect", "circle", "ellipse", "path", "text",
        ]))
      #expect(
        !text.contains("href") && !text.contains("url(") && !text.contains("transparent")
          && !text.contains(/[", ]-0"/))
    }
  }

  @Test(arguments: Project.samples)
  func `boxes do not overlap and lie on the sheet`(sample: String) throws {
    for stage in Stage.defaults {
      let document = SVGDocument(try Project.drawn(sample, stage))
      let root = try #require(document.elements.first)
      let sheet = CGRect(x: 0, y: 0, width: root.number("width") ?? 0, height: root.number("height") ?? 0)
      let boxes = document.boxes
      for (index, box) in boxes.enumerated() {
        #expect(sheet.contains(box.frame), "\(box.id) in \(sample) \(stage)")
        for other in boxes[(index + 1)...] {
          #expect(
            !box.frame.insetBy(dx: 0.6, dy: 0.6).intersects(other.frame),
            "\(box.id) and \(other.id) in \(sample) \(stage)")
        }
      }
      for element in document.texts {
        let (x, y) = (element.number("x") ?? -1, element.number("y") ?? -1)
        let width = element.number("textLength") ?? 0
        let left = element.attributes["text-anchor"] == "middle" ? x - width / 2 : x
        // In a value's box: inside it, with the measured width.
        if let group = element.groups.last, let box = boxes.first(where: { $0.id == group.id }) {
          let length = TextMetrics.width(
            of: element.text, size: element.number("font-size") ?? 0,
            bold: element.attributes["font-weight"] != nil)
          let start = element.attributes["text-anchor"] == "middle" ? x - length / 2 : x
          #expect(
            start >= box.frame.minX - 0.1 && start + length <= box.frame.maxX + 0.1 && y > box.frame.minY
              && y < box.frame.maxY,
            "`\(element.text)` in \(box.id), \(sample) \(stage)")
        }
        #expect(
          left >= 0 && left + width <= sheet.width && y > 0 && y < sheet.height,
          "`\(element.text)` in \(sample) \(stage)")
      }
    }
  }

  @Test(arguments: Project.samples)
  func `boxes keep their places through the stages`(sample: String) throws {
    func places(_ stage: Stage) throws -> [String: CGPoint] {
      let boxes = SVGDocument(try Project.drawn(sample, stage)).boxes
      return Dictionary(
        boxes.map { (String($0.id.split(separator: "-").last ?? ""), $0.frame.origin) },
        uniquingKeysWith: { first, _ in first })
    }
    let forward = try places(.forward)
    #expect(!forward.isEmpty)
    for stage in [Stage.loss, .backward, .update] {
      for (id, place) in try places(stage) { #expect(forward[id] == place, "\(id) in \(sample) \(stage)") }
    }
  }

  @Test(arguments: ["minibatch", "gradient-descent", "logistic", "polynomial"])
  func `lanes are alike to the pixel`(sample: String) throws {
    let graph = try Project.graph(sample)
    let document = SVGDocument(try FigureSet(graph, options: .init(samples: .rows)).figure(.backward).svg())
    var lanes: [[CGPoint]] = Array(repeating: [], count: graph.laneCount)
    let boxes = Dictionary(document.boxes.map { ($0.id, $0.frame) }, uniquingKeysWith: { first, _ in first })
    let prefix = try #require(document.boxes.first?.id.components(separatedBy: "-backward-").first)
    for node in graph.nodes {
      guard let lane = node.lane, let frame = boxes["\(prefix)-backward-\(node.id)"] else { continue }
      lanes[lane].append(frame.origin)
    }
    try #require(lanes[0].count > 4)
    for lane in lanes.dropFirst() {
      try #require(lane.count == lanes[0].count)
      let shift = lane[0].y - lanes[0][0].y
      for (a, b) in zip(lanes[0], lane) { #expect(abs(b.x - a.x) < 0.011 && abs(b.y - a.y - shift) < 0.011) }
    }
  }

  @Test(.enabled(if: Project.tool("dot") != nil, "stock dot is not installed"), arguments: Project.samples)
  func `stock dot draws every DOT file without a word`(sample: String) throws {
    let dot = try #require(Project.tool("dot"))
    for stage in Stage.defaults {
      let result = try ProcessResult(dot, ["-Tsvg"], input: Data(Project.drawn(sample, stage, .dot).utf8))
      #expect(result.status == 0)
      #expect(result.errors == "", "\(sample) \(stage)")
      #expect(SVGDocument(result.text).error == nil)
    }
  }

  @Test(
    .enabled(if: Project.tool("rsvg-convert") != nil, "librsvg is not installed"), arguments: Project.samples)
  func `librsvg draws a picture that is not blank`(sample: String) throws {
    let tool = try #require(Project.tool("rsvg-convert"))
    for stage in Stage.defaults {
      let result = try ProcessResult(
        tool, ["--width", "800", "--keep-aspect-ratio"], input: Data(Project.drawn(sample, stage).utf8))
      #expect(result.status == 0)
      #expect(result.output.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      // A blank page of this size compresses to a few hundred bytes.
      #expect(result.output.count > 8000, "\(sample) \(stage)")
    }
  }
}
