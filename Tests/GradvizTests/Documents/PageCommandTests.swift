import Foundation
import GradvizTestSupport
import Testing

/// The commands of the documentation's pages, run as they stand and in their order.
@Suite("Commands of pages")
struct PageCommandTests {
  private static let catalog = Project.folder.appending(path: "Sources/GradvizKit/GradvizKit.docc")

  /// What is not run here, and why.
  private static let elsewhere: [(start: String, reason: String)] = [
    ("make", "builds the package: `.ci/run`, and InstallTests for what `make install` runs"),
    ("swift package --allow", "a plugin of another package: Tests/Examples/check_lesson.sh"),
    ("quarto render", "another program, which may not be here"),
    ("gradviz serve", "goes on until it is interrupted: ServeTests"),
    ("gradviz mdbook", "the synopsis; what it reads is mdBook's: MarkdownBookTests"),
  ]

  /// Every page and tutorial by its place in the catalog.
  static let pages: [String] = {
    let names = try? FileManager.default.subpathsOfDirectory(atPath: catalog.path)
    return (names ?? []).filter { $0.hasSuffix(".md") || $0.hasSuffix(".tutorial") }.sorted()
  }()

  /// The command lines of a page: those of `sh` blocks, and elsewhere lines and words in backquotes that begin with the
  /// program's name, a synopsis left out.
  static func commands(of page: String) throws -> [String] {
    let text = try String(contentsOf: catalog.appending(path: page), encoding: .utf8)
    if page.hasSuffix(".tutorial") {
      return text.matches(of: /`(gradviz [a-z]+ [^`]+)`/).map { String($0.output.1) }
    }
    var commands: [String] = []
    var fence: Substring?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        fence = fence == nil ? line : nil
      } else if fence == "```sh" || line.hasPrefix("    ") || fence == "```" {
        let command = String(line.trimmingPrefix { $0 == " " })
        let isOurs = command.hasPrefix("gradviz ") && !command.contains(/[A-Z]{4}|\[-|…/)
        if isOurs || fence == "```sh" { commands.append(command) }
      }
    }
    return commands
  }

  /// The files that pages speak of.
  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let training = try String(contentsOf: catalog.appending(path: "Reference/Training.md"), encoding: .utf8)
    let block = try #require(training.components(separatedBy: "```grad\n").dropFirst().first)
    // Its last line chooses the figure of the page.
    let program = block.components(separatedBy: "```")[0].replacing("stage update\n", with: "")
    for name in ["net.grad", "reseau.grad"] { _ = try folder.write(program, to: name) }
    for document in try documents() where document.contains("\\begin{grad}") {
      _ = try folder.write(document, to: "paper.tex")
    }
    for name in ["first", "premier"] {
      let program = try String(contentsOf: catalog.appending(path: "Resources/\(name)-4.grad"), encoding: .utf8)
      _ = try folder.write(program, to: "\(name).grad")
    }
    for place in ["docs", "Sources/MyLibrary/MyLibrary.docc"] {
      try FileManager.default.createDirectory(at: folder.file(place), withIntermediateDirectories: true)
      _ = try folder.write("# Page\n\n```grad\nparam a = 2\nloss L = a * a\n```\n", to: "\(place)/Page.md")
    }
    for name in ["page.qmd", "page.md"] {
      _ = try folder.write("# Page\n\n```{.grad}\nparam a = 2\nloss L = a * a\n```\n", to: name)
    }
    let files = FileManager.default
    try files.copyItem(
      at: Project.folder.appending(path: "Samples/python/gpt.json"), to: folder.file("step.json"))
    try files.createSymbolicLink(
      at: folder.file("Samples"), withDestinationURL: Project.folder.appending(path: "Samples"))
    return folder
  }

  /// The LaTeX documents of the page about them.
  private static func documents() throws -> [String] {
    let page = try String(contentsOf: catalog.appending(path: "Reference/SlidesAndPapers.md"), encoding: .utf8)
    return page.components(separatedBy: "```tex\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
  }

  @Test(arguments: pages)
  func `every command of a page does what it says`(_ page: String) throws {
    guard let folder = try Self.run(page) else { return }
    for (name, files) in Self.written where page.hasSuffix(name) {
      for file in files { #expect(FileManager.default.fileExists(atPath: folder.file(file).path), "\(page): \(file)") }
    }
  }

  private static let latex = "/usr/bin/pdflatex"
  private static let hasBeamer: Bool = {
    guard FileManager.default.isExecutableFile(atPath: latex) else { return false }
    return (try? ProcessResult("/usr/bin/env", ["kpsewhich", "beamer.cls"], in: Project.folder))?.status == 0
  }()

  /// There is a slide for each page of the figure.
  @Test(.enabled(if: hasBeamer, "LaTeX's beamer is not installed"), arguments: try pagesWithSlides())
  func `the slides of a page are typeset`(_ page: String) throws {
    let folder = try #require(try Self.run(page))
    let block = try #require(try Self.slides(page))
    let isWhole = block.contains("\\documentclass")
    let head = "\\documentclass{beamer}\\usepackage{pgffor}\\usepackage[utf8]{inputenc}\\begin{document}\n"
    _ = try folder.write(isWhole ? block : head + block + "\\end{document}\n", to: "slides.tex")
    let result = try ProcessResult(Self.latex, ["-interaction=nonstopmode", "slides.tex"], in: folder.url)
    // The steps of the program in Training.md.
    #expect(result.status == 0 && result.text.contains("(6 pages, "), "\(page): \(result.text.suffix(600))")
  }

  /// The first LaTeX of a page.
  private static func slides(_ page: String) throws -> String? {
    let text = try String(contentsOf: catalog.appending(path: page), encoding: .utf8)
    return text.components(separatedBy: "```tex\n").dropFirst().first?.components(separatedBy: "```")[0]
  }

  private static func pagesWithSlides() throws -> [String] { try pages.filter { try slides($0) != nil } }

  /// Runs a page's commands, and returns the folder with what they wrote; nil if it has none.
  private static func run(_ page: String) throws -> TemporaryFolder? {
    let commands = try Self.commands(of: page).filter { command in
      !Self.elsewhere.contains { command == $0.start || command.hasPrefix($0.start + " ") }
    }
    guard !commands.isEmpty else { return nil }
    let folder = try Self.folder()
    for command in commands {
      #expect(command.hasPrefix("gradviz "), "\(page): neither run nor known: \(command)")
      let result = try ProcessResult(
        "/bin/sh", ["-c", "\(Project.gradviz)\(command.dropFirst("gradviz".count)) > /dev/null"], in: folder.url)
      #expect(result.status == 0, "\(page): \(command): \(result.errors)")
      // What follows -o is there afterwards.
      let words = command.split(separator: " ")
      if let place = words.firstIndex(of: "-o"), words.indices.contains(place + 1) {
        #expect(FileManager.default.fileExists(atPath: folder.file(String(words[place + 1])).path), "\(command)")
      }
    }
    return folder
  }

  /// What pages say is written.
  private static let written = [
    ("/Training.md", ["history.csv", "descent.svg", "parameters.svg"].map { "Output/net/\($0)" } + ["trained.json"]),
    (
      "/Entrainement.md", ["history.csv", "descent.svg", "parameters.svg"].map { "Output/net/\($0)" } + ["appris.json"]
    ),
    ("/Installation.md", ["forward", "loss", "backward", "update", "overview"].map { "Output/net/\($0).svg" }),
    ("/Exercices.md", ["sheet.svg", "solution.svg", "answers.csv"].map { "Output/net/\($0)" }),
    ("/Installing.md", ["forward", "loss", "backward", "update", "overview"].map { "Output/net/\($0).svg" }),
    ("/SlidesAndPapers.md", ["slides/backward.pdf"]), ("/DiaposEtArticles.md", ["diapos/backward.pdf"]),
    ("/TheExplorer.md", ["Output/net/explorer.html"]), ("/LExplorateur.md", ["Output/reseau/explorer.html"]),
  ]

  @Test func `commands are found in all kinds of pages`() throws {
    let counts = try Dictionary(uniqueKeysWithValues: Self.pages.map { ($0, try Self.commands(of: $0).count) })
    for (page, count) in [
      ("Reference/Installing.md", 6), ("Reference/Training.md", 7), ("Reference/SlidesAndPapers.md", 20),
      ("Reference/Exercises.md", 9),
      ("French/Reference/Installation.md", 6), ("French/Reference/Exercices.md", 9),
      ("French/Reference/Entrainement.md", 7), ("French/Reference/DiaposEtArticles.md", 20),
      ("French/Reference/FiguresDansLesPages.md", 5), ("French/Reference/PasDepuisPython.md", 2),
      ("Reference/FiguresInPages.md", 5), ("Learn/TheExplorer.md", 2), ("Reference/StepsFromPython.md", 2),
      ("Samples/Training/SampleXor.md", 2), ("Tutorials/DrawYourFirstGradient.tutorial", 4),
      ("French/Samples/Training/ExempleXor.md", 2), ("Tutorials/DessinezVotrePremierGradient.tutorial", 4),
    ] { #expect(counts[page] == count, "\(page): \(counts[page] ?? 0)") }
    for start in ["Samples/", "French/Samples/"] {
      let pages = counts.keys.filter {
        $0.hasPrefix(start) && !["Samples/Samples.md", "French/Samples/Exemples.md"].contains($0)
      }
      #expect(pages.count >= 28 && pages.allSatisfy { counts[$0] ?? 0 > 0 }, "\(start)")
    }
  }

  @Test(.enabled(if: Project.tool("pdflatex") != nil, "there is no LaTeX here"))
  func `LaTeX sets the documents of the page beside what its commands write`() throws {
    let tex = try #require(Project.tool("pdflatex"))
    let folder = try Self.folder()
    for command in try Self.commands(of: "Reference/SlidesAndPapers.md") {
      let result = try ProcessResult(
        "/bin/sh", ["-c", "\(Project.gradviz)\(command.dropFirst("gradviz".count)) > /dev/null"], in: folder.url)
      #expect(result.status == 0, "\(command): \(result.errors)")
    }
    let documents = try Self.documents() + [String(contentsOf: folder.file("paper.tex"), encoding: .utf8)]
    #expect(documents.count == 4)
    for (number, document) in documents.enumerated() {
      _ = try folder.write(document, to: "document-\(number).tex")
      let result = try ProcessResult(
        tex, ["-halt-on-error", "-interaction=nonstopmode", "document-\(number).tex"], in: folder.url)
      #expect(result.status == 0, "\(result.text.suffix(600))")
    }
  }
}
