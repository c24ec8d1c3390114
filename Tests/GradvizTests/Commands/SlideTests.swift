import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

/// Figures for slides and papers: with trained parameters, without some of their parts, and as the pages of a PDF.
@Suite("Slides")
struct SlideTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func gradviz(_ arguments: String...) throws -> ProcessResult {
    try ProcessResult(Project.gradviz, arguments, in: folder.url)
  }

  private func text(_ path: String) throws -> String { try String(contentsOf: folder.file(path), encoding: .utf8) }

  // MARK: Trained parameters

  private static func program(_ w: String, _ b: String) -> String {
    """
    title "Trained"
    input x = [[0, -2], [0.5, -1], [-1, 1]]
    target y = [-1, -1, 1]
    param w = \(w)
    param b = \(b)
    predict ŷ = tanh(x @ w + b)
    loss L = sum((ŷ - y)**2)
    rate 0.1
    steps 7
    """
  }

  @Test func `a program draws with loaded parameters as with these in its text`() throws {
    _ = try folder.write(Self.program("[4, 2]", "3"), to: "net.grad")
    #expect(try gradviz("train", "net.grad", "--save", "trained.json", "-q").status == 0)
    let saved = try TrainedParameters.decodeJSON(Data(contentsOf: folder.file("trained.json")))
    let numbers = saved.parameters.map(\.values)
    #expect(numbers.map(\.count) == [2, 1] && numbers[1] != [3])
    _ = try folder.write(Self.program("[\(numbers[0][0]), \(numbers[0][1])]", "\(numbers[1][0])"), to: "same.grad")
    for more in [[], ["-T", "json"], ["-T", "html"], ["--stage", "derivative", "--of", "b"], ["--stage", "shares"]] {
      let loaded = try ProcessResult(
        Project.gradviz, ["draw", "net.grad", "--load", "trained.json", "-o", "loaded/"] + more, in: folder.url)
      let written = try ProcessResult(Project.gradviz, ["draw", "same.grad", "-o", "written/"] + more, in: folder.url)
      #expect(loaded.status == 0 && written.status == 0, "\(more): \(loaded.errors) \(written.errors)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("written").path).sorted()
    #expect(names.count == 9, "\(names)")
    let loadedNames = try FileManager.default.contentsOfDirectory(atPath: folder.file("loaded").path).sorted()
    #expect(loadedNames == names)
    for name in names {
      let (loaded, written) = (try text("loaded/\(name)"), try text("written/\(name)"))
      #expect(loaded == written, "\(name)")
    }
    // The program's own numbers are others.
    #expect(try gradviz("draw", "net.grad", "-o", "own/").status == 0)
    let (own, loaded) = (try text("own/forward.svg"), try text("loaded/forward.svg"))
    #expect(own != loaded)
  }

  @Test func `a warning is about the loaded numbers, not about the program's own`() throws {
    _ = try folder.write("param w = -1\nloss L = log(w)\nrate 0.1\n", to: "net.grad")
    func saved(_ number: Int) -> String {
      #"{"version": 1, "parameters": [{"name": "w", "shape": [], "values": [\#(number)]}]}"#
    }
    _ = try folder.write(saved(2), to: "good.json")
    _ = try folder.write(saved(-3), to: "bad.json")
    #expect(try gradviz("draw", "net.grad", "-o", "own/", "-q").errors.contains("warning"))
    #expect(try gradviz("draw", "net.grad", "--load", "good.json", "-o", "a/", "-q").errors.isEmpty)
    #expect(try gradviz("draw", "net.grad", "--load", "bad.json", "-o", "b/", "-q").errors.contains("NaN"))
  }

  @Test(arguments: [
    ("{\"version\": 1, \"parameters\": [{\"name\": \"v\", \"shape\": [], \"values\": [1]}]}", "have no `w`"),
    (
      "{\"version\": 1, \"parameters\": [{\"name\": \"w\", \"shape\": [2], \"values\": [1, 2]}]}",
      "that of the program"
    ),
    ("{\"version\": 2, \"parameters\": []}", "unsupported version"), ("[1]", "these are not saved parameters"),
    ("", "gradviz train FILE --save"), ("{\"version\": 1,", "saved.json:1:"),
  ])
  func `wrong parameters are refused as by train`(_ json: String, _ message: String) throws {
    _ = try folder.write("param w = 1\nloss L = w * w\nrate 0.1\nsteps 2\n", to: "net.grad")
    _ = try folder.write(json, to: "saved.json")
    let drawn = try gradviz("draw", "net.grad", "--load", "saved.json")
    let trained = try gradviz("train", "net.grad", "--load", "saved.json")
    #expect(drawn.status == 1 && drawn.errors.contains(message), "\(drawn.errors)")
    #expect(drawn.errors == trained.errors && trained.status == 1)
    let plotted = try gradviz("draw", "net.grad", "--load", "saved.json", "--stage", "derivative", "--of", "w")
    #expect(plotted.errors == drawn.errors)
    #expect(!FileManager.default.fileExists(atPath: folder.file("Output").path))
  }

  @Test func `a graph has numbers of its own, and standard input is read once`() throws {
    _ = try folder.write("param w = 1\nloss L = w * w\n", to: "net.grad")
    #expect(try gradviz("draw", "net.grad", "-T", "json", "-o", "net.json").status == 0)
    let graph = try gradviz("draw", "net.json", "--load", "x.json")
    #expect(graph.status == 1 && graph.errors.hasPrefix("net.json: error: a graph has its own numbers"))
    #expect(try gradviz("draw", "-", "--load", "-").status == 2)
    #expect(try gradviz("draw", "net.grad", "--load", "none.json").errors.hasPrefix("none.json: error: no such file"))
  }

  // MARK: Parts

  @Test func `what is hidden is named once, with commas or repeated, and in capitals`() throws {
    _ = try folder.write("param w = 1\nloss L = w * w\nrate 0.1\n", to: "net.grad")
    #expect(try gradviz("draw", "net.grad", "-o", "a/", "--hide", "title,panel, Legend").status == 0)
    #expect(
      try gradviz("draw", "net.grad", "-o", "b/", "--hide", "panel", "--hide", "legend", "--hide=title").status == 0)
    for stage in ["forward", "loss", "backward", "update", "overview"] {
      let (one, other) = (try text("a/\(stage).svg"), try text("b/\(stage).svg"))
      #expect(one == other, "\(stage)")
    }
    let wrong = try gradviz("draw", "net.grad", "--hide", "title,head")
    #expect(wrong.status == 2)
    #expect(wrong.errors == "gradviz: error: `--hide` takes title, panel, legend or order, not `head`\n")
  }

  // MARK: Pages

  private static let chain = """
    param a = 0.5
    b = tanh(a)
    c = b * 2
    d = c + 1
    e = d * d
    f = e - 1
    g = f / 2
    h = sin(g)
    i = h * 3
    j = i + 2
    loss L = j**2
    rate 0.1
    """

  @Test func `a PDF of the steps has a page for each, all of one size`() throws {
    _ = try folder.write(Self.chain, to: "net.grad")
    #expect(try gradviz("draw", "net.grad", "--stage", "backward", "--steps", "-o", "backward.pdf").status == 0)
    #expect(try gradviz("draw", "net.grad", "--steps", "-T", "pdf", "-o", "deck/").status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("deck").path).sorted()
    #expect(names == ["backward.pdf", "forward.pdf", "loss.pdf", "overview.pdf", "update.pdf"])
    let (deck, alone) = (
      try Data(contentsOf: folder.file("deck/backward.pdf")), try Data(contentsOf: folder.file("backward.pdf"))
    )
    #expect(deck == alone)
    let steps = try FigureSet(Project.graph(program: Self.chain)).stepCount
    #expect(steps == 11)
    let file = String(decoding: try Data(contentsOf: folder.file("backward.pdf")), as: UTF8.self)
    let boxes = file.matches(of: /MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]/).map { [String($0.1), String($0.2)] }
    #expect(boxes.count == steps && Set(boxes).count == 1, "\(boxes)")
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/pdfinfo"), "pdfinfo is not installed"))
  func `each page of the steps shows the gradients of one more`() throws {
    _ = try folder.write(Self.chain, to: "net.grad")
    #expect(try gradviz("draw", "net.grad", "--stage", "backward", "--steps", "-o", "backward.pdf").status == 0)
    let steps = 11
    let told = try ProcessResult("/usr/bin/pdfinfo", ["backward.pdf"], in: folder.url)
    #expect(told.status == 0 && told.errors.isEmpty && told.text.contains(/Pages: +11\n/), "\(told.text)")
    var counts: [Int] = []
    for page in 1...steps {
      let words = try ProcessResult(
        "/usr/bin/pdftotext", ["-f", "\(page)", "-l", "\(page)", "backward.pdf", "-"], in: folder.url)
      #expect(words.text.contains("step \(page) of \(steps)"), "\(words.text)")
      counts.append(words.text.matches(of: /\[[−0-9.]+\]/).count)
    }
    #expect(counts.first == 1 && zip(counts, counts.dropFirst()).allSatisfy { $0 < $1 }, "\(counts)")
  }

  @Test func `pictures of the steps for LaTeX are of one size, with more in each`() throws {
    _ = try folder.write(Self.chain, to: "net.grad")
    #expect(
      try gradviz("draw", "net.grad", "--stage", "backward", "--steps", "-T", "tikz", "-o", "frames/").status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("frames").path).sorted()
    #expect(names.count == 12 && names[0] == "backward-01.tex" && names[11] == "backward.tex", "\(names)")
    var boxes = Set<String>()
    var counts: [Int] = []
    for name in names {
      let file = try text("frames/\(name)")
      boxes.insert(String(try #require(file.firstMatch(of: /as bounding box\] (.*);/)).1))
      counts.append(file.matches(of: /\{\\bfseries\\boldmath \$\[/).count)
    }
    #expect(boxes.count == 1, "\(boxes)")
    let steps = counts.prefix(11)
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 }, "\(counts)")
  }

  @Test func `the names of frames have the order of the steps`() throws {
    _ = try folder.write(Self.chain, to: "net.grad")
    #expect(try gradviz("draw", "net.grad", "--stage", "backward", "--steps", "-o", "frames/").status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("frames").path).sorted()
    #expect(
      names == (1...11).map { "backward-" + ($0 < 10 ? "0" : "") + "\($0).svg" } + ["backward.svg"], "\(names)")
    var boxes: Set<String> = []
    for (number, name) in names.enumerated() {
      let figure = try text("frames/\(name)")
      if number < 11 { #expect(figure.contains("step \(number + 1) of 11"), "\(name)") }
      boxes.insert(String(try #require(figure.firstMatch(of: /viewBox="[^"]*"/)).output))
    }
    #expect(boxes.count == 1, "\(boxes)")
    _ = try folder.write("param a = 2\nloss L = a * a\n", to: "short.grad")
    #expect(try gradviz("draw", "short.grad", "--stage", "backward", "--steps", "-o", "short/").status == 0)
    #expect(FileManager.default.fileExists(atPath: folder.file("short/backward-2.svg").path))
    for name in ["anim.jpg", "anim.png"] {
      let refused = try gradviz("draw", "net.grad", "--stage", "backward", "--steps", "-o", name)
      #expect(refused.status == 2, "\(refused.errors)")
    }
  }
}
