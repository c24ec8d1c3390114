import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizPlots
import GradvizTestSupport
import Testing

/// Texts with a special meaning in DOT, HTML-like labels, SVG, Markdown, JSON, CSS or a terminal.
enum Hostile {
  static let texts = [
    "\"", "\"\"\"", "'", "\\", "a\\", "\\N", "\\G\\n\\l\\r\\E", "\\\"", "\\\\\"];evil[", "%", "%s%n%3",
    "<", ">", "<script>alert(1)</script>", "</title><script>alert(1)</script>", "<B>", "<TABLE>",
    "<IMG SRC=\"/etc/passwd\"/>",
    "&", "&amp;", "&lt;script&gt;", "&#60;script&#62;", "&copy;", "&bogus;", "|", "a|b", "{", "}", "{a|<p>b}",
    "]]>", "<![CDATA[", "-->", "<!--", "<?xml version=\"1.0\"?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
    "' onload='alert(1)", "\" onload=\"alert(1)", "x\" href=\"javascript:alert(1)", "javascript:alert(1)",
    "file:///etc/passwd",
    "url(http://example.org/x)", "@import 'http://example.org/x.css';", "}*{fill:url(#x)",
    "image=\"/etc/passwd\"", "shapefile",
    "subgraph", "digraph {", "node", "# comment", "// comment", "/* comment */", "; rm", "$(id)", "`id`",
    "#{x}",
    "![x](http://example.org/x.png)", "[x](javascript:alert(1))", "**bold** _it_", "| a | b |", "~~~", "```",
    "\u{0}", "a\u{0}b", "\u{1}", "\u{7}", "\u{8}", "\u{1B}[31mred", "\u{1B}]0;title\u{7}",
    "\u{1B}[2J\u{1B}[H", "\u{9B}31m", "\u{7F}", "\u{85}",
    "line\nend", "line\r\nend", "\ttab", "\u{2028}", "\u{2029}", "\u{202E}gnp.exe", "\u{2066}a\u{2069}",
    "\u{200F}", "\u{200E}", "\u{061C}",
    "\u{FEFF}", "\u{FFFE}", "\u{FFFF}", "\u{FFFD}", "\u{1FFFE}", "\u{E0041}", "\u{AD}", "\u{200B}",
    "\u{200D}",
    "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}", "\u{301}", "ŷ₁ ∂", "損失", "مرحبا", "שלום",
    "🙂", "👩‍👩‍👧‍👦", "🇫🇷",
    " ", "  two  ", "", "__proto__", "constructor", "NaN", "Infinity", "null", "w", "W1_2", "1", "-1",
    "1e999", "../../etc/passwd",
  ]

  /// Those that can name a value: part of them is visible.
  static let names = texts.filter { text in
    text.unicodeScalars.contains { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator, .unassigned: false
      default: true
      }
    }
  }

  /// The text as a figure shows it: without forbidden characters, and with line breaks as spaces.
  static func shown(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D, 0x2028, 0x2029: result.append(" ")
      case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFFE,
        0xFFFF:
        break
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Scalars that a terminal interprets, except line breaks, or that reorder text.
  static func obeyed(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter { scalar in
      scalar != "\n"
        && (scalar.properties.generalCategory == .control
          || scalar.properties.generalCategory == .lineSeparator
          || scalar.properties.generalCategory == .paragraphSeparator || scalar.properties.isBidiControl)
    }
  }

  /// A string of a `.grad` file.
  static func literal(_ text: String) -> String? {
    if text.contains(where: { $0.isNewline && $0 != "\u{2028}" && $0 != "\u{2029}" && $0 != "\u{85}" }) {
      return nil
    }
    return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  static func json(_ value: Any) throws -> String {
    String(
      decoding: try JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed]), as: UTF8.self
    )
  }

  /// A scalar graph whose values, title, caption, scopes and rule are hostile.
  static func graph(names: [String], title: String, caption: String) throws -> String {
    var nodes: [[String: Any]] = []
    for (index, name) in names.enumerated() {
      nodes.append([
        "id": "x\(index)", "name": name, "role": index % 2 == 0 ? "parameter" : "input", "value": [0.5],
        "gradient": [1], "updated": [0.4],
      ])
    }
    let leaves = nodes.count
    for (index, name) in names.enumerated() {
      nodes.append([
        "id": "y\(index)", "name": name + "′", "operation": "tanh", "operands": ["x\(index)"],
        "value": [0.46], "gradient": [1],
        "localDerivatives": [0.7], "scope": name.isEmpty ? "s" : name,
      ])
    }
    nodes.append([
      "id": "loss", "name": "L", "operation": "sum", "operands": (0..<leaves).map { "y\($0)" }, "value": [1],
      "gradient": [1],
      "localDerivatives": [Double](repeating: 1, count: leaves),
    ])
    return try json(
      [
        "version": 1, "level": "scalar", "loss": "loss", "learningRate": 0.1, "lossAfterUpdate": 0.9,
        "nodes": nodes,
        "updateRule": ["w ← w − lr·g", title.isEmpty ? "x" : String(title.prefix(20))],
        "presentation": ["title": title, "caption": caption],
      ] as [String: Any])
  }
}

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

@Suite("Hostile input")
struct HostileInputTests {
  /// The problems of all files made from a graph.
  private func complaints(_ graph: ComputationGraph, dot: Bool = true) throws -> [String] {
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
  private func silence(_ text: String) throws -> [String] {
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

  @Test func `names, scopes, title and rule of a graph are text in every figure`() throws {
    let names = Hostile.names
    // Names that differ only in characters that no file may contain are still two names.
    for start in stride(from: 0, to: names.count, by: 12) {
      let some = Array(names[start..<min(start + 12, names.count)])
      let json = try Hostile.graph(names: some, title: some[0], caption: some[1 % some.count])
      let graph = try ComputationGraph.load(text: json, path: "graph.json").graph
      #expect(graph.nodes.prefix(some.count).map(\.name) == some)
      let wrong = try complaints(graph, dot: start % 24 == 0)
      #expect(wrong == [], "\(some)")
      // Through our own format and back.
      #expect(try ComputationGraph.decodeJSON(graph.encodeJSON()) == graph)
    }
  }

  @Test func `a name of which nothing is shown is refused`() throws {
    for text in Hostile.texts where !Hostile.names.contains(text) {
      let json = try Hostile.graph(names: ["a", text], title: "", caption: "")
      let error = #expect(throws: InputError.self) { try ComputationGraph.load(text: json, path: "g.json") }
      #expect(
        error?.description.prefixMatch(of: /g\.json:\d+:\d+: error: nodes\[1\]\.name: the name\s/) != nil,
        "\(text.debugDescription)")
    }
  }

  @Test func `names of a graph that is placed without dot are text as well`() throws {
    let names = Hostile.names
    let many = names + (0..<200).map { "\(names[$0 % names.count]) \($0)" }
    let graph = try ComputationGraph.load(
      text: try Hostile.graph(names: many, title: "]]>\u{202E}<script>", caption: "&amp; \\N"),
      path: "graph.json"
    ).graph
    #expect(graph.nodes.count > FigureSet.maxBoxesAtOnce)
    let wrong = try complaints(graph)
    #expect(wrong == [])
    let figures = try FigureSet(graph, options: .init(collapse: Collapse.none))
    let svg = SVGDocument(String(decoding: try figures.figure(.forward).data(.svg), as: UTF8.self))
    let tooltips = Set(svg.elements.filter { $0.name == "title" }.map(\.text))
    for name in ["&amp;", "&lt;script&gt;", "\\N", "\\", "]]>"] {
      #expect(tooltips.contains { $0.hasPrefix(name) }, "\(name)")
    }
  }

  @Test func `title and caption of a program are shown as they are`() throws {
    var seen = 0
    for text in Hostile.texts {
      guard let literal = Hostile.literal(text) else { continue }
      let program = "title \(literal)\ncaption \(literal)\nparam w = 2\nloss L = w * w\nrate 0.1\n"
      let graph = try ComputationGraph.load(text: program, path: "program.grad").graph
      #expect(graph.presentation.title == text && graph.presentation.caption == text)
      let figures = try FigureSet(graph)
      let svg = String(decoding: try figures.figure(.loss).data(.svg), as: UTF8.self)
      #expect(SVGAudit.complaints(svg) == [], "\(text.debugDescription)")
      let document = SVGDocument(svg)
      let shown = Hostile.shown(text)
      #expect(
        document.elements.first { $0.name == "title" }?.text.hasPrefix(shown) == true,
        "\(text.debugDescription)")
      // A text of only spaces draws nothing.
      if shown.contains(where: { !$0.isWhitespace }) {
        let bare = shown.trimmingCharacters(in: .whitespaces)
        #expect(
          document.texts.count { $0.text.trimmingCharacters(in: .whitespaces) == bare } >= 2, "\(text.debugDescription)"
        )
      }
      if seen % 8 == 0 {
        #expect(try silence(figures.figure(.loss).dot.text) == [], "\(text.debugDescription)")
      }
      seen += 1
    }
    #expect(seen > 80)
  }

  @Test func `plots carry no more than figures do`() throws {
    for text in ["<script>&]]>\u{1B}[31m\u{202E}", "\" onload=\"x", "\\N%s{|}"] {
      let literal = try #require(Hostile.literal(text))
      let program = try Project.programText(
        "title \(literal)\ninput x = [[0.0], [1.0]]\ntarget y = [0, 1]\nparam w = [1.0]\nparam b = 0.0\nloss L = mse(x @ w + b, y)\nrate 0.1\nsteps 3"
      )
      let training = try ProgramTraining(program)
      while try training.next() != nil {}
      try training.finish()
      let options = PlotOptions(title: text, id: "plot")
      let plots = [
        training.descentPlot(options: options),
        training.parameterPlot(options: options),
        training.fitPlot(options: options),
        try training.landscapePlot(["w1", "b"], others: [], options: options),
        try program.derivativePlot(of: "w1", options: options),
      ].compactMap { $0 }
      #expect(plots.count >= 4)
      for plot in plots {
        #expect(SVGAudit.complaints(plot.svg(theme: .auto)) == [], "\(text.debugDescription)")
      }
    }
  }

  @Test func `PDF and PNG are drawn from any text`() throws {
    let names = Hostile.names
    let graph = try ComputationGraph.load(
      text: try Hostile.graph(names: names, title: names.joined(separator: " "), caption: "\u{0}"),
      path: "graph.json"
    ).graph
    let figure = try FigureSet(graph, options: .init(collapse: Collapse.none))
      .figure(.backward)
    let pdf = String(decoding: try figure.data(.pdf), as: UTF8.self)
    #expect(pdf.hasPrefix("%PDF"))
    for word in ["/JavaScript", "/URI", "/Launch", "/OpenAction", "/EmbeddedFile"] {
      #expect(!pdf.contains(word), "\(word)")
    }
    #expect(try figure.data(.png).prefix(4) == [0x89, 0x50, 0x4E, 0x47])
  }

  // MARK: The terminal

  /// Programs, data and graphs that are rejected with a message that contains the text.
  private func refusals(_ text: String, in folder: TemporaryFolder) throws -> [[String]] {
    let literal = Hostile.literal(text) ?? "\"\""
    _ = try folder.write("\(text),b\n\(text),1\n", to: "data.csv")
    let field = text.replacing("\"", with: "\"\"")
    _ = try folder.write("\"\(field)\",b\n\"\(field)\",1\n", to: "quoted.csv")
    let quoted = try Hostile.json(text)
    let node = { (fields: String) in
      "{\"version\":1,\"level\":\"scalar\",\"nodes\":[{\"id\":\"a\",\"value\":[1],\(fields)}]}"
    }
    return [
      ["draw", try folder.write("param w = \(text)\nloss L = w\n", to: "a.grad")],
      ["draw", try folder.write("\(text) = 1\n", to: "b.grad")],
      ["draw", try folder.write("input x = csv(\(literal))\n", to: "c.grad")],
      ["draw", try folder.write("input x = csv(\"data.csv\")\n", to: "d.grad")],
      ["draw", try folder.write("input x = csv(\"quoted.csv\", columns: [nothing])\n", to: "e.grad")],
      [
        "train",
        try folder.write("param w = 1\nloss L = w * w\ntitle \(text) title \(literal)\n", to: "f.grad"),
      ],
      ["check", try folder.write("level \(text)\n", to: "g.grad")],
      ["draw", try folder.write(node("\"role\":\(quoted)"), to: "a.json")],
      ["draw", try folder.write(node("\"operands\":[\(quoted)]"), to: "b.json")],
      ["draw", try folder.write(node("\"loss\":1,\"operation\":\(quoted)"), to: "c.json")],
      ["draw", try folder.write("{\"version\":1,\"level\":\(quoted),\"nodes\":[]}", to: "d.json")],
      [
        "draw",
        try folder.write(
          "{\"version\":1,\"level\":\"scalar\",\"loss\":\(quoted),\"nodes\":[{\"id\":\"a\",\"value\":[1]}]}",
          to: "e.json"),
      ],
      ["draw", text.contains("\0") || text.isEmpty ? "nothing" : folder.file(text).path + "!"],
      ["draw", "--stage", text.replacing("\0", with: "")],
      ["train", "--compare", text.replacing("\0", with: ""), "x.grad"],
    ]
  }

  @Test func `no message makes a terminal do anything`() throws {
    let folder = try TemporaryFolder()
    for text in [
      "\u{1B}[31mred", "\u{1B}]0;t\u{7}\u{9B}2J", "\u{202E}gnp\u{2066}", "a\u{0}b\u{8}\u{7F}",
      "\r\u{85}\u{2028}x", "<&\"\\%s",
    ] {
      for arguments in try refusals(text, in: folder) {
        let result = try ProcessResult(Project.gradviz, arguments, in: folder.url)
        #expect(result.status == 1 || result.status == 2, "\(arguments) \(result.errors)")
        #expect(!result.errors.isEmpty)
        #expect(
          Hostile.obeyed(result.errors + result.text) == [], "\(arguments) \(result.errors.debugDescription)")
      }
    }
  }

  @Test func `what is said when all is well is text, too`() throws {
    let folder = try TemporaryFolder()
    let name = "a\u{1B}[31m\u{202E}\nb"
    let file = try folder.write(
      "param w = 2\ninput x = [[1.0], [2.0]]\nloss L = sum((x * w)**2)\nmetric size = mean(x)\nrate 0.01\nsteps 5\n",
      to: "\(name).grad")
    for arguments in [
      ["draw", file, "-o", folder.file("\(name)/").path], ["train", file, "-o", folder.file(name).path],
      ["check", file],
    ] {
      let result = try ProcessResult(Project.gradviz, arguments, in: folder.url)
      #expect(result.status == 0, "\(result.errors)")
      // Tabs separate the columns of a check that is read by another program.
      let text = arguments[0] == "check" ? result.text.replacing("\t", with: " ") : result.text
      #expect(Hostile.obeyed(result.errors + text) == [], "\(arguments)")
    }
    // A graph whose parameter's name is an escape sequence, compared with a program.
    let program = try folder.write("param w = 2\nloss L = w * w\n", to: "p.grad")
    let graph = try folder.write(
      "{\"version\":1,\"level\":\"scalar\",\"nodes\":[{\"id\":\"w\",\"name\":\"\\u001b[2Jw\",\"value\":[1],\"gradient\":[1]}]}",
      to: "\u{1B}[31m.json")
    let result = try ProcessResult(Project.gradviz, ["check", program, "--against", graph])
    #expect(result.status == 1 && Hostile.obeyed(result.errors + result.text) == [])
  }

  // MARK: Bytes

  @Test func `bytes that are not UTF-8 are rejected with their line`() throws {
    let folder = try TemporaryFolder()
    for (bytes, line) in [
      ([0xFF, 0xFE, 0x00], 1), ([0x61, 0x0A, 0xC3, 0x28], 2), ([0xED, 0xA0, 0x80], 1),
      ([0xF5, 0x80, 0x80, 0x80], 1), ([0xC0, 0x80], 1),
    ]
      as [([UInt8], Int)]
    {
      try Data(bytes).write(to: folder.file("x.grad"))
      let result = try ProcessResult(Project.gradviz, ["draw", "x.grad"], in: folder.url)
      #expect(
        result.status == 1 && result.errors == "x.grad: error: this is not UTF-8 text (line \(line))\n",
        "\(result.errors)")
      try Data(bytes).write(to: folder.file("x.csv"))
      let program = try folder.write("input x = csv(\"x.csv\")\n", to: "csv.grad")
      let data = try ProcessResult(Project.gradviz, ["draw", program], in: folder.url)
      #expect(
        data.status == 1 && data.errors.contains("`x.csv` cannot be read: it is not UTF-8 text"),
        "\(data.errors)")
    }
  }

  @Test func `a megabyte of name is refused, of title drawn`() throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "x", count: 1_000_000)
    for (text, message) in [
      ("\(long) = 1\n", "a name has at most 256 bytes"),
      ("title \"\(long)\"\nparam w = 1\n", "a title can have at most 100000 bytes"),
      (
        "{\"version\":1,\"level\":\"scalar\",\"nodes\":[{\"id\":\"a\",\"name\":\"\(long)\",\"value\":[1]}]}",
        "nodes[0].name: expected at most 256 bytes"
      ),
      (
        "{\"version\":1,\"level\":\"scalar\",\"nodes\":[{\"id\":\"\(long)\",\"value\":[1]}]}",
        "nodes[0].id: expected a letter or `_`"
      ),
      ("{\"version\":1,\"level\":\"\(long)\",\"nodes\":[]}", "level: `\(long.prefix(60))…` is not one of"),
      ("input x = csv(\"\(long)\")\n", "data files must be in the program's folder or below it"),
    ] {
      let result = try ProcessResult(Project.gradviz, ["draw", folder.write(text, to: "x.grad")])
      #expect(result.status == 1 && result.errors.contains(message), "\(result.errors.prefix(300))")
      #expect(result.errors.utf8.count < 2000)
    }
    let title = String(repeating: "é<&\\ ", count: 14_000)
    let graph = try ComputationGraph.load(
      text: "title \(Hostile.literal(title) ?? "")\nparam w = 2\nloss L = w * w\n", path: "x.grad"
    ).graph
    #expect(try complaints(graph) == [])
  }

  // MARK: What is read

  @Test func `a program reads the data it names and nothing else`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("secret\n314159265\n", to: "secret.csv")
    try FileManager.default.createDirectory(at: folder.file("inside"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("inside/link.csv").path, withDestinationPath: "../secret.csv")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("inside/up").path, withDestinationPath: "..")
    for path in [
      "../secret.csv", "/etc/passwd", "link.csv", "up/secret.csv", "~/secret.csv", "file:///etc/passwd",
      "http://example.org/x.csv", "./../secret.csv", "a/../../secret.csv",
    ] {
      let program = try folder.write("input x = csv(\"\(path)\")\n", to: "inside/p.grad")
      let result = try ProcessResult(Project.gradviz, ["draw", program])
      #expect(result.status == 1 && !result.errors.contains("314159265"), "\(path): \(result.errors)")
    }
  }
}
