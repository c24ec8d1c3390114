import Foundation
import GradvizFigures
import GradvizGraph
import GradvizPlots
import GradvizTestSupport
import Testing

@testable import GradvizKit

/// A picture for TikZ has all that the SVG has, in the same place, and LaTeX sets it.
@Suite("TikZ")
struct TikZTests {
  /// A drawing read back: its shapes with their places and colors, and the letters of its texts in their order.
  private struct Picture {
    var boxes = Set<String>()
    var circles: [String] = []
    var paths: [String] = []
    var letters = ""
    var texts: [(x: ClosedRange<Double>, y: Double)] = []
  }

  // MARK: SVG

  private static func svg(_ text: String) throws -> Picture {
    let document = SVGDocument(text)
    try #require(document.error == nil)
    var picture = Picture()
    for element in document.elements {
      func number(_ name: String) -> String { element.attributes[name] ?? "" }
      switch element.name {
      case "rect": picture.boxes.insert(["x", "y", "width", "height"].map(number).joined(separator: ","))
      case "circle": picture.circles.append(["cx", "cy", "r", "r"].map(number).joined(separator: ","))
      case "ellipse": picture.circles.append(["cx", "cy", "rx", "ry"].map(number).joined(separator: ","))
      case "path":
        picture.paths.append(
          "\(paint(element.attributes["fill"])) \(paint(element.attributes["stroke"])) " + points(number("d")))
      case "text":
        picture.letters += Self.letters(element.text)
        let (x, y) = (element.number("x") ?? 0, element.number("y") ?? 0)
        if element.attributes["text-anchor"] == nil { picture.texts.append((x...x, y)) }
      default: break
      }
    }
    return picture
  }

  private static func paint(_ color: String?) -> String { color.map { $0 == "none" ? "-" : $0.uppercased() } ?? "-" }

  /// The points of a path, those of its horizontal and vertical lines in full.
  private static func points(_ path: String) -> String {
    var points: [(String, String)] = []
    for match in path.matches(of: /([MLHVCz])([^MLHVCz]*)/) {
      let numbers = match.2.split { $0 == "," || $0 == " " }.map(String.init)
      let last = points.last ?? ("", "")
      switch match.1 {
      case "H": points.append((numbers[0], last.1))
      case "V": points.append((last.0, numbers[0]))
      case "z": points.append(("cycle", ""))
      default: points += stride(from: 0, to: numbers.count, by: 2).map { (numbers[$0], numbers[$0 + 1]) }
      }
    }
    return points.map { "\($0),\($1)" }.joined(separator: " ")
  }

  /// Its letters and digits without accents and places.
  private static func letters(_ text: String) -> String {
    let plain = text.decomposedStringWithCompatibilityMapping
    return String(plain.unicodeScalars.filter { $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0) })
  }

  // MARK: TikZ

  /// A place, an anchor, a size, a width, a color and what is written.
  nonisolated(unsafe) private static let text =
    /\\gradvizText\{(.*?),(.*?)\}\{(.*?)\}\{.*?\}\{(.*?)\}\{.*?\}\{(.*)\}/

  private static func tikz(_ text: String) throws -> Picture {
    var picture = Picture()
    var colors: [Substring: String] = [:]
    for match in text.matches(of: /\\definecolor\{(.+?)\}\{HTML\}\{([0-9A-F]{6})\}/) { colors[match.1] = "#\(match.2)" }
    for line in text.split(separator: "\n") {
      if let match = line.wholeMatch(of: /\\path\[(.*?)\](\(.*);/), match.1 != "use as bounding box" {
        let options = match.1
        func color(_ key: String) throws -> String {
          guard let word = options.split(separator: ",").first(where: { $0.hasPrefix("\(key)=") }) else { return "-" }
          return try #require(colors[word.dropFirst(key.count + 1)], "\(line)")
        }
        let place = match.2
        if let box = place.wholeMatch(of: /\((.*?)\) rectangle \+\+\((.*?)\)/) {
          picture.boxes.insert("\(box.1),\(box.2)")
        } else if let circle = place.wholeMatch(of: /\((.*?)\) ellipse \[x radius=(.*?),y radius=(.*?)\]/) {
          picture.circles.append("\(circle.1),\(circle.2),\(circle.3)")
        } else {
          let points = place.replacing("cycle", with: "(cycle,)").matches(of: /\((.*?)\)/).map { String($0.1) }
          picture.paths.append("\(try color("fill")) \(try color("draw")) " + points.joined(separator: " "))
        }
      } else if let match = line.wholeMatch(of: Self.text) {
        let numbers = [match.1, match.2, match.4].compactMap { Double($0) }
        try #require(numbers.count == 3)
        let (x, y, width) = (numbers[0], numbers[1], numbers[2])
        picture.letters += letters(read(match.5))
        let before = match.3 == "base" ? width / 2 : match.3 == "base east" ? width : 0
        picture.texts.append(((x - before - 0.1)...(x - before + width + 0.1), y))
      }
    }
    return picture
  }

  /// What LaTeX shows, without accents: the names of functions and the letters of words.
  private static func read(_ content: some StringProtocol) -> String {
    String(content).replacing(/\\(tanh|sin|cos|log|exp|max|min)(?![A-Za-z])/) { String($0.1) }
      .replacing("\\top", with: "T").replacing("\\Vert", with: "").replacing(/\\[A-Za-z]+/, with: " ")
  }

  private static func compare(
    _ figure: Figure, _ theme: ComputationGraph.Presentation.Theme, _ name: String
  ) throws {
    let svg = try svg(figure.svg(theme: theme, joinsCells: false))
    let tikz = try tikz(figure.tikz(theme: theme))
    try compare(svg, tikz, name)
    #expect(svg.boxes.count > 10 && svg.paths.count > 5, "\(name)")
  }

  private static func compare(_ svg: Picture, _ tikz: Picture, _ name: String) throws {
    #expect(svg.boxes == tikz.boxes, "\(name): \(svg.boxes.symmetricDifference(tikz.boxes).sorted().prefix(4))")
    #expect(svg.circles.sorted() == tikz.circles.sorted(), "\(name)")
    let paths = (svg.paths.sorted(), tikz.paths.sorted())
    #expect(paths.0 == paths.1, "\(name): \(Set(paths.0).symmetricDifference(paths.1).sorted().prefix(4))")
    if svg.letters != tikz.letters {
      let start = max(svg.letters.commonPrefix(with: tikz.letters).count - 8, 0)
      let parts = [svg.letters, tikz.letters].map { $0.dropFirst(start).prefix(40) }
      Issue.record("\(name): \(parts[0]), not \(parts[1])")
    }
    for text in svg.texts {
      let isThere = tikz.texts.contains { $0.x.contains(text.x.lowerBound) && abs($0.y - text.y) < 8 }
      #expect(isThere, "\(name): nothing is written at \(text.x.lowerBound), \(text.y)")
    }
  }

  // MARK: Tests

  @Test(arguments: Project.samples)
  func `every box, wire and letter of the SVG is in the picture`(sample: String) throws {
    let figures = try FigureSet(Project.graph(sample))
    let stage = figures.stages.contains(.backward) ? Stage.backward : .forward
    try Self.compare(figures.figure(stage), .light, "\(sample) \(stage)")
  }

  @Test(arguments: [ComputationGraph.Presentation.Theme.light, .dark, .print])
  func `a theme's colors are those of the SVG, in French as well`(_ theme: ComputationGraph.Presentation.Theme) throws {
    for sample in ["neuron", "two-samples", "mlp"] {
      let figures = try FigureSet(Project.graph(sample), options: FigureOptions(language: .french))
      for stage in figures.stages { try Self.compare(figures.figure(stage), theme, "\(sample) \(stage)") }
    }
  }

  @Test func `a plot is a picture as well`() throws {
    let plot = try Project.programText("input x = 2\nparam w = 0.5\nloss L = (tanh(w * x) - 1)**2\n")
      .derivativePlot(of: "w", options: PlotOptions(title: "Slope"))
    let (svg, tikz) = (try Self.svg(plot.svg(theme: .light)), try Self.tikz(plot.tikz(theme: .light)))
    #expect(svg.paths.count > 5 && svg.texts.count > 5)
    try Self.compare(svg, tikz, "derivative")
  }

  private static let hostile = """
    title "50 % of $1 & #2 {a}_b^c ~ \\\\input{x}"
    input the_grade = 2
    param θ = 0.5
    param ŵ = 3
    param v_2_1 = 1
    h = relu(θ * the_grade) + max(ŵ, 1)
    loss L = h * v_2_1 + exp(θ) / 1e9
    """

  @Test(
    .enabled(
      if: Project.tool("pdflatex") != nil && Project.tool("pdfinfo") != nil, "pdflatex or pdfinfo is not installed"))
  func `LaTeX sets every picture on a page of its size`() throws {
    let folder = try TemporaryFolder()
    var sizes: [(Double, Double)] = []
    var pages = ""
    func add(_ figure: Figure, _ theme: ComputationGraph.Presentation.Theme) throws {
      sizes.append((figure.size.width, figure.size.height))
      let name = "figure-\(sizes.count)"
      _ = try folder.write(figure.tikz(theme: theme), to: "\(name).tex")
      pages += "\\begin{preview}\\input{\(name)}\\end{preview}\n"
    }
    for (sample, language, theme) in [
      ("neuron", ComputationGraph.Presentation.Language.english, ComputationGraph.Presentation.Theme.auto),
      ("two-samples", .french, .dark), ("mlp", .english, .print), ("minibatch", .french, .auto),
    ] {
      let figures = try FigureSet(Project.graph(sample), options: FigureOptions(language: language))
      for stage in figures.stages { try add(figures.figure(stage), theme) }
    }
    let figures = try FigureSet(Project.graph(program: Self.hostile))
    for stage in figures.stages { try add(figures.figure(stage), .light) }
    _ = try folder.write(
      """
      \\documentclass{article}\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}\\usepackage{lmodern}
      \\usepackage{tikz,amsmath}\\usepackage[active,pdftex,tightpage]{preview}\\setlength\\PreviewBorder{0pt}
      \\begin{document}
      \(pages)\\end{document}
      """, to: "page.tex")
    let tex = try #require(Project.tool("pdflatex"))
    let result = try ProcessResult(tex, ["-halt-on-error", "-interaction=nonstopmode", "page.tex"], in: folder.url)
    #expect(result.status == 0, "\(result.text.suffix(600))")
    let log = try String(decoding: Data(contentsOf: folder.file("page.log")), as: UTF8.self)
    #expect(!log.contains("Missing character"))
    let info = try #require(Project.tool("pdfinfo"))
    let told = try ProcessResult(info, ["-f", "1", "-l", "\(sizes.count)", "page.pdf"], in: folder.url).text
    let read = told.matches(of: /Page +[0-9]+ size: +([0-9.]+) x ([0-9.]+)/)
      .map { (Double($0.1) ?? 0, Double($0.2) ?? 0) }
    #expect(read.count == sizes.count)
    for (size, page) in zip(sizes, read) {
      #expect(abs(size.0 - page.0) < 0.5 && abs(size.1 - page.1) < 0.5, "\(size) \(page)")
    }
  }

  /// Without a package besides TikZ, without fonts, and in slides.
  @Test(
    .enabled(if: Project.tool("pdflatex") != nil, "pdflatex is not installed"),
    arguments: [
      ("\\documentclass[multi=tikzpicture]{standalone}\\usepackage{tikz}", false),
      ("\\documentclass{beamer}\\usepackage{tikz}", true),
    ])
  func `every sample is set in a plain document, where signs are commands, and on slides`(
    preamble: String, isDeck: Bool
  ) throws {
    let folder = try TemporaryFolder()
    var pages = ""
    let samples = isDeck ? ["neuron", "two-samples", "mlp", "softmax"] : Project.samples
    for sample in samples {
      let figures = try FigureSet(Project.graph(sample), options: FigureOptions(language: .french))
      let stage = figures.stages.contains(.backward) ? Stage.backward : .forward
      _ = try folder.write(figures.figure(stage).tikz(), to: "\(sample).tex")
      let input = "\\input{\(sample)}"
      pages +=
        isDeck ? "\\begin{frame}\\resizebox{!}{0.5\\textheight}{\(input)}\\end{frame}\n" : "\(input)\n"
    }
    _ = try folder.write(
      "\(preamble)\n\\begin{document}\n\(isDeck ? "" : TeXSigns.active)\n\(pages)\\end{document}\n", to: "page.tex")
    let tex = try #require(Project.tool("pdflatex"))
    let result = try ProcessResult(tex, ["-halt-on-error", "-interaction=nonstopmode", "page.tex"], in: folder.url)
    #expect(result.status == 0, "\(result.text.suffix(600))")
    let log = try String(decoding: Data(contentsOf: folder.file("page.log")), as: UTF8.self)
    #expect(!log.contains("Missing character"))
    #expect(log.contains("\(samples.count) pages"))
  }

  /// Each letter and sign outside ASCII that figures and plots write, as it is in a formula and among words.
  @Test(.enabled(if: Project.tool("pdflatex") != nil, "pdflatex is not installed"))
  func `every sign of a figure has its command`() throws {
    let signs = "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΦΨΩ∂−·…×→≈Σ←⊗⊙′–’√‖⚠÷≥≤∞≠∇•±°∝⌊⌋⌈⌉éèàêîùôçâûÈÀŷ\u{A0}\u{202F}"
    var pages = ""
    for sign in signs {
      let texts = [
        [TeXLine.Run("a\(sign)")], [TeXLine.Run("a \(sign) b")], [TeXLine.Run("the word \(sign) 2")],
        [TeXLine.Run("\(sign)", isVariable: true), TeXLine.Run("\(sign)", place: .below)],
        [TeXLine.Run("x", isVariable: true), TeXLine.Run("\(sign)", place: .above)],
      ]
      for text in texts {
        let line = TeXLine.content(text)
        // A sign that no font has would be left out.
        #expect(line.unicodeScalars.allSatisfy { $0.isASCII || $0.properties.isAlphabetic }, "\(sign): \(line)")
        pages += "\\mbox{\(line)}\n"
      }
    }
    let folder = try TemporaryFolder()
    _ = try folder.write(
      "\\documentclass{article}\\usepackage{amsmath}\\begin{document}\n\(pages)\\end{document}\n", to: "page.tex")
    let tex = try #require(Project.tool("pdflatex"))
    let result = try ProcessResult(tex, ["-halt-on-error", "-interaction=nonstopmode", "page.tex"], in: folder.url)
    #expect(result.status == 0, "\(result.text.suffix(600))")
    let log = try String(decoding: Data(contentsOf: folder.file("page.log")), as: UTF8.self)
    #expect(!log.contains("Missing character"))
  }
}
