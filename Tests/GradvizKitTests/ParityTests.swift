import Foundation
import GradvizKit
import GradvizTestSupport
import GraphvizRenderer
import Testing

/// A stock `dot -Tsvg` draws the same picture from the exported DOT.
@Suite("Stock dot draws the same", .enabled(if: Project.tool("dot") != nil, "stock dot is not installed"))
struct ParityTests {
  private struct Picture {
    /// The boxes of values by id.
    var boxes: [String: CGRect] = [:]
    var texts: [String: Int] = [:]
    var fills = Set<String>()
    var circles = 0
    var arrows: [String: Int] = [:]
  }

  private func ours(_ sample: String, _ stage: Stage) throws -> Picture {
    let document = SVGDocument(try Project.drawn(sample, stage))
    var picture = Picture()
    let prefix = try #require(document.elements.first { $0.name == "g" }?.attributes["id"]) + "-"
    for box in document.boxes { picture.boxes[String(box.id.dropFirst(prefix.count))] = box.frame }
    for text in document.elements where text.name == "text" { picture.texts[text.text, default: 0] += 1 }
    for element in document.elements {
      if let fill = element.attributes["fill"], fill.hasPrefix("#"), element.name != "text",
        element.name != "g"
      {
        picture.fills.insert(fill)
      }
      if element.name == "circle" || element.name == "ellipse" { picture.circles += 1 }
      if element.name == "path", element.attributes["fill"] == "none",
        let kind = element.groups.last?.classes.first(where: {
          ["forward", "gradient", "update"].contains($0)
        })
      {
        picture.arrows[kind, default: 0] += 1
      }
    }
    return picture
  }

  private func stock(_ sample: String, _ stage: Stage) throws -> Picture {
    let dot = Data(try Project.drawn(sample, stage, .dot).utf8)
    let document = SVGDocument(try ProcessResult(try #require(Project.tool("dot")), ["-Tsvg"], input: dot).text)
    var picture = Picture()
    // Graphviz draws with the y axis pointing up and shifts the drawing by its height.
    let height = try #require(
      document.elements.first?.attributes["viewBox"]?.split(separator: " ").last.flatMap { Double($0) })
    for element in document.elements {
      if element.name == "ellipse" { picture.circles += 1 }
      if element.name == "text" {
        picture.texts[
          element.text.replacing("\u{A0}", with: " ").trimmingCharacters(in: .whitespaces), default: 0] += 1
      }
      guard let fill = element.attributes["fill"],
        let group = element.groups.last(where: { !$0.classes.isEmpty })
      else { continue }
      if fill.hasPrefix("#"), element.name != "text" { picture.fills.insert(fill) }
      if element.name == "path", group.classes.contains("edge"),
        let kind = group.classes.first(where: { ["forward", "gradient", "update"].contains($0) })
      {
        picture.arrows[kind, default: 0] += 1
      }
      if element.name == "polygon", group.classes.isSuperset(of: ["node"]),
        let points = element.attributes["points"]
      {
        let numbers = points.split(whereSeparator: { " ,".contains($0) }).compactMap { Double($0) }
        let xs = stride(from: 0, to: numbers.count - 1, by: 2).map { numbers[$0] }
        let ys = stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] + height }
        guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else {
          continue
        }
        let frame = CGRect(x: left, y: top, width: right - left, height: bottom - top)
        picture.boxes[group.id] = picture.boxes[group.id].map { $0.union(frame) } ?? frame
      }
    }
    return picture
  }

  @Test(
    arguments: [
      ("minibatch", .backward), ("gradient-descent", .loss), ("attention", .backward), ("neuron", .update),
    ] as [(String, Stage)])
  func `boxes, arrows, texts and colors are the same`(sample: String, stage: Stage) throws {
    let (a, b) = (try ours(sample, stage), try stock(sample, stage))
    #expect(a.boxes.count > 5)
    for (id, frame) in a.boxes {
      let other = try #require(b.boxes[id], "\(id)")
      // It uses the machine's fonts: a cell may grow slightly around its center.
      #expect(abs(other.midX - frame.midX) < 2 && abs(other.midY - frame.midY) < 2, "\(id)")
      #expect(abs(other.width - frame.width) < 12 && abs(other.height - frame.height) < 12, "\(id)")
    }
    #expect(a.texts == b.texts)
    #expect(a.arrows == b.arrows)
    #expect(a.circles == b.circles)
    #expect(a.fills.subtracting(b.fills).isEmpty)
  }
}
