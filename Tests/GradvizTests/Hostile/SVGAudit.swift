import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport

/// The contents allowed in an SVG file: an allow-list, since a list of dangerous contents is never complete.
struct SVGAudit {
  private static let elements: Set = [
    "svg", "title", "desc", "style", "g", "rect", "path", "circle", "ellipse", "text",
  ]
  private static let attributes: Set = [
    "xmlns", "width", "height", "viewBox", "role", "aria-labelledby", "font-family", "id", "class", "x", "y",
    "rx", "ry", "r", "cx", "cy", "d",
    "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin",
    "text-anchor", "font-size",
    "font-weight", "font-style", "textLength", "lengthAdjust", "xml:space",
  ]

  /// The problems of a file.
  static func complaints(_ svg: String) -> [String] {
    let document = SVGDocument(svg)
    if let error = document.error { return ["not XML: \(error)"] }
    var complaints: [String] = []
    for element in document.elements {
      if !elements.contains(element.name) { complaints.append("element \(element.name)") }
      for (name, value) in element.attributes {
        if !attributes.contains(name) { complaints.append("attribute \(name)") }
        if name != "xmlns", value.contains(":") || value.contains("(") {
          complaints.append("\(name)=\(value)")
        }
      }
      if element.name == "style" {
        let rule =
          #/@media \(prefers-color-scheme:dark\)\{(\.[fs]-[a-z0-9-]+\{(fill|stroke):#[0-9a-f]{6}\})*\}/#
          .ignoresCase()
        if element.text.wholeMatch(of: rule) == nil { complaints.append("style \(element.text)") }
      }
    }
    for instruction in ["<?", "<!"] where svg.contains(instruction) { complaints.append(instruction) }
    let reordering = svg.unicodeScalars.filter {
      $0.properties.isBidiControl || $0.properties.generalCategory == .control && $0 != "\n"
    }
    if !reordering.isEmpty { complaints.append("\(reordering)") }
    return complaints
  }
}

extension HostileInputTests {
  /// The problems of all files made from a graph.
  func complaints(_ graph: ComputationGraph, dot: Bool = true) throws -> [String] {
    let figures = try FigureSet(graph, options: .init(collapse: Collapse.none))
    var complaints: [String] = []
    for stage in figures.stages {
      let figure = try figures.figure(stage)
      complaints += SVGAudit.complaints(String(decoding: try figure.data(.svg), as: UTF8.self)).map {
        "\(stage): \($0)"
      }
      guard dot else { continue }
      for text in [figure.dot.text, figure.dotWithoutPositions.text] {
        complaints += try silence(text).map { "\(stage): \($0)" }
      }
    }
    return complaints
  }

  /// The messages of stock dot about a DOT text.
  func silence(_ text: String) throws -> [String] {
    guard let dot = Project.tool("dot") else { return [] }
    let result = try ProcessResult(dot, ["-Tsvg"], input: Data(text.utf8))
    var complaints = result.errors.isEmpty ? [] : ["dot says \(result.errors.prefix(200))"]
    if result.status != 0 { complaints.append("dot ends with \(result.status)") }
    let document = SVGDocument(result.text)
    if let error = document.error { complaints.append("dot's file: \(error)") }
    complaints += document.elements.filter { ["script", "image", "foreignObject", "use"].contains($0.name) }
      .map { "dot draws \($0.name)" }
    return complaints
  }
}
